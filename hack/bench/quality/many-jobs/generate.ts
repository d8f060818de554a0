import { normal, seededRandom, wholeBelow, type Random } from '../../../../operator/domain/random.ts';
import type { Assignment, Instance, InstanceJob, InstanceSite } from './instance.ts';

export interface GeneratorSize {
  readonly jobs: number;
  readonly sites: number;
  readonly slots: number;
  /** Device slots that the jobs need, as a share of all: a little more than this, since devices come whole. */
  readonly load: number;
}

export const FULL_SIZE: GeneratorSize = { jobs: 200, sites: 5, slots: 48, load: 0.86 };

/** What a job asks for before it has a place. */
type Draft = Pick<InstanceJob, 'devices' | 'length' | 'otherWatts'>;

const WIDTHS = [1, 1, 1, 2, 2, 2, 4, 4, 8];
const MEAN_LENGTH = 7;
/** A fifth of the jobs has so few slots to spare, the others anything up to the end. */
const FEW_TO_SPARE = 7;
const FEW_SHARE = 0.2;
/** That a job may run at one more site. */
const ELSEWHERE_SHARE = 0.5;

/**
 * Jobs that fill the sites, and that a schedule is known for which makes none of them late: deadlines are drawn around it, and
 * it is then forgotten. The same seed gives the same instance.
 */
export function generateInstance(seed: number, size: GeneratorSize = FULL_SIZE): Instance {
  const random = seededRandom(seed);
  for (;;) {
    const drafts = Array.from({ length: size.jobs }, () => drawDraft(random, size));
    const deviceSlots = drafts.reduce((sum, { devices, length }) => sum + devices * length, 0);
    const sites = drawSites(random, size, deviceSlots / (size.load * size.slots));
    const jobs = drawJobs(random, drafts, sites, size);
    if (jobs !== undefined) return { slots: size.slots, sites, jobs };
  }
}

/** Widths are powers of two, lengths fall off exponentially, and power beside the devices varies by a factor of twenty. */
function drawDraft(random: Random, { slots }: GeneratorSize): Draft {
  const devices = WIDTHS[wholeBelow(random, WIDTHS.length)] ?? 1;
  const length = Math.min(Math.floor(slots / 2), 2 + Math.floor(-MEAN_LENGTH * Math.log(1 - random())));
  return { devices, length, otherWatts: devices * Math.round(50 + 950 * random() ** 2) };
}

/** From clean to dirty, each with its own sun and weather, none too small for the widest job. */
function drawSites(random: Random, { sites, slots }: GeneratorSize, devices: number): readonly InstanceSite[] {
  const shares = Array.from({ length: sites }, () => 0.6 + 0.8 * random());
  const sum = shares.reduce((total, share) => total + share, 0);
  return shares.map((share, i) => ({
    name: `site-${String(i)}`,
    devices: Math.max(...WIDTHS, Math.floor((devices * share) / sum)),
    wattsPerDevice: Math.round(600 + 300 * random()),
    gramsPerKilowattHour: drawIntensity(random, 2 * slots, 80 + (440 * i) / Math.max(1, sites - 1)),
  }));
}

function drawIntensity(random: Random, slots: number, base: number): readonly number[] {
  const sun = 0.25 + 0.4 * random();
  const noon = 11 + 4 * random();
  let weather = 0;
  return Array.from({ length: slots }, (_, slot) => {
    weather = 0.9 * weather + 0.08 * normal(random);
    const light = Math.max(0, Math.cos(((slot - noon) / 24) * 2 * Math.PI));
    return Math.max(10, Math.round(base * (1 - sun * light + weather)));
  });
}

/** In a random order of arrival. `undefined` where they can't all be placed, largest first. */
function drawJobs(
  random: Random,
  drafts: readonly Draft[],
  sites: readonly InstanceSite[],
  { slots }: GeneratorSize,
): readonly InstanceJob[] | undefined {
  const booked = sites.map(() => new Int32Array(slots));
  const jobs: Omit<InstanceJob, 'name'>[] = [];
  for (const draft of drafts.toSorted((a, b) => b.devices * b.length - a.devices * a.length)) {
    const place = placeFor(random, draft, sites, booked);
    if (place === undefined) return undefined;
    const end = place.start + draft.length;
    const spare = random() < FEW_SHARE ? wholeBelow(random, FEW_TO_SPARE) : wholeBelow(random, slots - end + 1);
    const allowed = sites.map((_, i) => i).filter((i) => i === place.site || random() < ELSEWHERE_SHARE);
    jobs.push({ ...draft, deadline: Math.min(slots, end + spare), sites: shuffled(random, allowed) });
  }
  return shuffled(random, jobs).map((job, i) => ({ ...job, name: `job-${String(i).padStart(3, '0')}` }));
}

/** As early as it fits, at the first of the sites, from a random one on, where it does. */
function placeFor(
  random: Random,
  { devices, length }: Draft,
  sites: readonly InstanceSite[],
  booked: readonly Int32Array[],
): Assignment | undefined {
  const first = wholeBelow(random, sites.length);
  for (let k = 0; k < sites.length; k++) {
    const site = (first + k) % sites.length;
    const there = booked[site] ?? new Int32Array(0);
    const start = firstFit(there, (sites[site]?.devices ?? 0) - devices, length);
    if (start === undefined) continue;
    for (let slot = start; slot < start + length; slot++) there[slot] = (there[slot] ?? 0) + devices;
    return { site, start };
  }
  return undefined;
}

function firstFit(booked: Int32Array, most: number, length: number): number | undefined {
  let free = 0;
  for (let slot = 0; slot < booked.length; slot++) {
    free = (booked[slot] ?? 0) <= most ? free + 1 : 0;
    if (free === length) return slot - length + 1;
  }
  return undefined;
}

/** Fisher and Yates. */
function shuffled<T>(random: Random, items: readonly T[]): readonly T[] {
  const order = [...items];
  for (let i = order.length - 1; i > 0; i--) {
    const [picked] = order.splice(wholeBelow(random, i + 1), 1);
    if (picked !== undefined) order.push(picked);
  }
  return order;
}
