import { lengthOf, type Interval } from '../../operator/domain/interval.ts';
import type { Interruptible, PlannableJob } from '../../operator/domain/job.ts';
import { integralOf } from '../../operator/domain/samples.ts';
import type { AcceleratorPool, Site } from '../../operator/domain/site.ts';
import { HOUR_MS } from '../../operator/domain/units.ts';
import type { PlanningSnapshot } from '../../operator/planning/snapshot.ts';

const MOST_JOBS = 6;
const MOST_SLOTS = 10;

/**
 * The least grams that all jobs of a snapshot together can emit with no deadline missed and no pool overbooked, by trying all
 * there is: every start, and of a job that may pause every way to spend every slot. `Infinity` where some job is late however
 * they are placed. It knows nothing of the planner's own and is there to catch it out.
 *
 * Up to six waiting jobs and ten slots that all begin and end with `now`'s grid, work and overheads in whole slots, devices that
 * are there. Whatever else a snapshot may hold is refused by an exception, since it would be left out in silence.
 */
export function leastGrams(snapshot: PlanningSnapshot, noMoreThan = Infinity): number {
  const world = worldOf(snapshot);
  const jobs = snapshot.jobs.map((job) => ({ devices: job.devices, options: optionsOf(job, world) }));
  const free = Int32Array.from(
    world.places.flatMap(({ pool }) => Array<number>(world.slots.length).fill(pool.capacity - pool.heldByOthers)),
  );
  const { inTurn, rest, worthOfAll } = withPrices(goodEnough(jobs, noMoreThan), free);
  let least = Infinity;
  let limit = noMoreThan;
  const placeFrom = (k: number, priced: number, grams: number): void => {
    const job = inTurn[k];
    if (job === undefined) {
      if (grams <= limit) limit = least = grams;
      return;
    }
    for (const { option, cost } of job.options) {
      if (priced + cost + (rest[k + 1] ?? 0) - worthOfAll > limit + 1e-9 * Math.abs(limit)) return;
      if (option.cells.some((cell) => (free[cell] ?? 0) < job.devices)) continue;
      for (const cell of option.cells) free[cell] = (free[cell] ?? 0) - job.devices;
      placeFrom(k + 1, priced + cost, grams + option.grams);
      for (const cell of option.cells) free[cell] = (free[cell] ?? 0) + job.devices;
    }
  };
  placeFrom(0, 0, 0);
  return least;
}

interface Choices {
  readonly devices: number;
  readonly options: readonly Option[];
}

/** Only the options that can be part of something that emits no more. */
function goodEnough(jobs: readonly Choices[], noMoreThan: number): readonly Choices[] {
  const leastOf = ({ options }: Choices): number => options[0]?.grams ?? Infinity;
  const together = jobs.reduce((sum, job) => sum + leastOf(job), 0);
  return jobs.map(({ devices, options }) => ({
    devices,
    options: options.filter(({ grams }) => together - (options[0]?.grams ?? 0) + grams <= noMoreThan),
  }));
}

const PRICE_ROUNDS = 60;

/**
 * Every option with a price on what it occupies, and the jobs with least choice first. Whatever the prices, the cheapest options
 * less the worth of all devices never come to more than what can be emitted (weak duality): good prices only spare most of the
 * trying.
 */
function withPrices(jobs: readonly Choices[], free: Int32Array) {
  const prices = goodPrices(jobs, free);
  const inTurn = jobs
    .map(({ devices, options }) => ({
      devices,
      options: options
        .map((option) => ({ option, cost: costOf(option, devices, prices) }))
        .sort((a, b) => a.cost - b.cost),
    }))
    .sort((a, b) => a.options.length - b.options.length);
  const rest = new Float64Array(inTurn.length + 1);
  for (let k = inTurn.length - 1; k >= 0; k--) {
    rest[k] = (rest[k + 1] ?? 0) + (inTurn[k]?.options[0]?.cost ?? Infinity);
  }
  return { inTurn, rest, worthOfAll: worthOf(free, prices) };
}

/** Raised where more want a cell than it has devices. */
function goodPrices(jobs: readonly Choices[], free: Int32Array): Float64Array {
  const prices = new Float64Array(free.length);
  let best = prices.slice();
  let bound = -Infinity;
  const stride = jobs.reduce((sum, { options }) => sum + (options[0]?.grams ?? 0), 0) / 10;
  for (let round = 0; round < PRICE_ROUNDS; round++) {
    const excess = Float64Array.from(free, (devices) => -devices);
    let value = -worthOf(free, prices);
    for (const { devices, options } of jobs) {
      const costs = options.map((option) => costOf(option, devices, prices));
      const cheapest = costs.reduce((least, cost, i) => (cost < (costs[least] ?? Infinity) ? i : least), 0);
      value += costs[cheapest] ?? 0;
      for (const cell of options[cheapest]?.cells ?? []) excess[cell] = (excess[cell] ?? 0) + devices;
    }
    if (value > bound) best = prices.slice();
    bound = Math.max(bound, value);
    const square = excess.reduce((sum, x, cell) => (x > 0 || (prices[cell] ?? 0) > 0 ? sum + x * x : sum), 0);
    if (square === 0) break;
    const step = (stride * 0.95 ** round) / square;
    for (const [cell, x] of excess.entries()) prices[cell] = Math.max(0, (prices[cell] ?? 0) + step * x);
  }
  return best;
}

function costOf({ cells, grams }: Option, devices: number, prices: Float64Array): number {
  return cells.reduce((sum, cell) => sum + devices * (prices[cell] ?? 0), grams);
}

function worthOf(free: Int32Array, prices: Float64Array): number {
  return free.reduce((sum, devices, cell) => sum + devices * (prices[cell] ?? 0), 0);
}

interface Place {
  readonly site: Site;
  readonly pool: AcceleratorPool;
}

interface World {
  readonly slots: readonly Interval[];
  readonly places: readonly Place[];
}

/** What a job occupies, as place x slots + slot, and what it emits there. */
interface Option {
  readonly cells: readonly number[];
  readonly grams: number;
}

function worldOf({ now, slot, sites, jobs }: PlanningSnapshot): World {
  const latest = jobs.reduce((last, { deadline }) => Math.max(last, deadline), now);
  const count = Math.floor((latest - now) / slot);
  refuseIf(jobs.length > MOST_JOBS, `more than ${String(MOST_JOBS)} jobs`);
  refuseIf(count > MOST_SLOTS, `more than ${String(MOST_SLOTS)} slots`);
  refuseIf(now % slot !== 0, 'a now between two slots');
  refuseIf(
    sites.some(({ idleNodesStayOn }) => idleNodesStayOn),
    'nodes that stay on',
  );
  const places = sites
    .filter(({ schedulable }) => schedulable)
    .flatMap((site) => site.pools.map((pool) => ({ site, pool })));
  refuseIf(
    places.some(({ pool }) => pool.maxCapacity > pool.capacity),
    'devices that are yet to come',
  );
  const slots = Array.from({ length: count }, (_, k) => ({ startsAt: now + k * slot, endsAt: now + (k + 1) * slot }));
  return { slots, places };
}

/** Every way to carry out a job in time, those that emit least first. Of two that occupy the same only one. */
function optionsOf(job: PlannableJob, world: World): readonly Option[] {
  refuseIf(job.phase !== 'Waiting' || job.devices === 0, 'a job that does not wait for devices');
  refuseIf(job.data.length > 0, 'data');
  const slotMs = lengthOf(world.slots[0] ?? { startsAt: 0, endsAt: HOUR_MS });
  const found = new Map<string, Option>();
  for (const speed of new Set(world.places.map((place) => speedAt(job, place)))) {
    if (speed === undefined) continue;
    const work = inSlots(job.remainingWork / speed, slotMs);
    const places = world.places.flatMap((place, at) =>
      speedAt(job, place) === speed ? [gramsThere(job, place, at, world)] : [],
    );
    for (const cells of waysOf(job, { work, places, slotMs })) {
      const grams = cells.reduce((sum, { grams: one }) => sum + one, 0);
      found.set(cells.map(({ cell }) => cell).join(' '), { cells: cells.map(({ cell }) => cell), grams });
    }
  }
  return [...found.values()].sort((a, b) => a.grams - b.grams);
}

interface Cell {
  readonly cell: number;
  readonly grams: number;
}

/** By slot, as far as the deadline and as the intensity is known; `undefined` where it may not run. */
type CellsOfPlace = readonly (Cell | undefined)[];

function gramsThere(job: PlannableJob, { site, pool }: Place, at: number, { slots }: World): CellsOfPlace {
  const kilowatts = ((job.devices * pool.power.busy + job.otherPower) * site.pue) / 1_000;
  const samples = site.outlooks[job.signal]?.series.samples ?? [];
  return slots.map((slot, k) => {
    const { covered, integral } = integralOf(samples, slot, ({ gramsPerKilowattHour: figure }) => figure);
    if (slot.endsAt > job.deadline || covered < lengthOf(slot)) return undefined;
    return { cell: at * slots.length + k, grams: kilowatts * (integral / HOUR_MS) };
  });
}

interface Ways {
  /** In slots. */
  readonly work: number;
  /** All as fast as each other. */
  readonly places: readonly CellsOfPlace[];
  readonly slotMs: number;
}

function waysOf(job: PlannableJob, ways: Ways): readonly (readonly Cell[])[] {
  const whole = ways.places.flatMap((place) => waysInOnePiece(place, ways.work));
  return job.interruptible === undefined ? whole : [...whole, ...waysInPieces(job.interruptible, ways)];
}

function waysInOnePiece(place: CellsOfPlace, work: number): readonly (readonly Cell[])[] {
  return place.flatMap((_, start) => {
    const cells = place.slice(start, start + work).filter((cell) => cell !== undefined);
    return cells.length === work ? [cells] : [];
  });
}

/** A stretch of running at one place. */
interface Piece {
  readonly place: number;
  readonly length: number;
  /** Its slots in which nothing is gained. */
  readonly overhead: number;
}

/**
 * Every way to spend every slot, idle or at one of the places, that keeps the rules: a piece is longer than what it repeats, and
 * no shorter than the minimum unless the work is done.
 */
function waysInPieces(
  { maxPauses, ...rules }: Interruptible,
  { work, places, slotMs }: Ways,
): readonly (readonly Cell[])[] {
  const minimum = Math.ceil(rules.minimumRun / slotMs);
  const resume = inSlots(rules.restartOverhead, slotMs);
  const move = inSlots(rules.moveOverhead ?? 0, slotMs);
  const count = places[0]?.length ?? 0;
  const found: (readonly Cell[])[] = [];
  const go = (slot: number, cells: readonly Cell[], pieces: readonly Piece[], runs: boolean): void => {
    const last = pieces.at(-1);
    const done = pieces.reduce((sum, { length, overhead }) => sum + Math.max(0, length - overhead), 0);
    if (done === work) found.push(cells);
    if (done === work || slot === count) return;
    const mayStop = last === undefined || (last.length >= minimum && last.length > last.overhead);
    if (!runs || mayStop) go(slot + 1, cells, pieces, false);
    for (const [place, there] of places.entries()) {
      const cell = there[slot];
      if (cell === undefined) continue;
      const goesOn = runs && last?.place === place;
      if (goesOn) go(slot + 1, [...cells, cell], pieces.with(-1, { ...last, length: last.length + 1 }), true);
      else if (mayStop && pieces.length <= maxPauses) {
        const overhead = last === undefined ? 0 : resume + (last.place === place ? 0 : move);
        go(slot + 1, [...cells, cell], [...pieces, { place, length: 1, overhead }], true);
      }
    }
  };
  go(0, [], [], false);
  return found;
}

/** `undefined` where the job can't or may not run there. */
function speedAt(
  { accelerators, devices, placementRules, resource }: PlannableJob,
  { site, pool }: Place,
): number | undefined {
  const { jobAllows, jobDenies, policyAllows, templateProducts, templateRegions } = placementRules;
  const isAllowed =
    (jobAllows?.includes(site.name) ?? true) &&
    !jobDenies.includes(site.name) &&
    (policyAllows?.includes(site.name) ?? true) &&
    (templateRegions?.includes(site.region) ?? true) &&
    (templateProducts?.includes(pool.product) ?? true);
  if (!isAllowed || pool.resource !== resource || pool.capacity - pool.heldByOthers < devices) return undefined;
  return accelerators.length === 0 ? 1 : accelerators.find(({ product }) => product === pool.product)?.speed;
}

function inSlots(length: number, slotMs: number): number {
  const slots = Math.round(length / slotMs);
  refuseIf(Math.abs(length - slots * slotMs) > 1, 'a length that is no whole number of slots');
  return slots;
}

function refuseIf(isSo: boolean, what: string): void {
  if (isSo) throw new Error(`trying everything does not reckon with ${what}`);
}
