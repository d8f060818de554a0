import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  ACROSS_A_CONTINENT_MS,
  aLink,
  GIBIBYTE,
  GIGABIT,
  GIGABYTE,
  MEBIBYTE,
  stagedData,
  streamedData,
  TEBIBYTE,
} from '../../test/builders/data.ts';
import { aPlannableJob, aPool, aSite, aSnapshot, atHour, H100, hours, MIDNIGHT } from '../../test/builders/planning.ts';
import { PRESETS } from '../api/v1alpha1/objectives.ts';
import type { Decision } from '../domain/decision.ts';
import type { JobData, PlannableJob } from '../domain/job.ts';
import type { AcceleratorPool, Link, Site } from '../domain/site.ts';
import { HOUR_MS, SECOND_MS } from '../domain/units.ts';
import { plan } from './plan.ts';

const day = (figure: number): readonly number[] => Array.from({ length: 72 }, () => figure);
const GPUS = 64;
const DIRTY = 400;
const CLEAN = 100;
/** One hour's energy of all GPUs at the meter: the pools of the builders draw 1 kW a device. */
const KILOWATTS = GPUS;
/** 5 GB/s at 0.001 kWh a gigabyte. */
const NETWORK_KILOWATTS = 18;

interface Stage {
  readonly data: readonly JobData[];
  readonly link?: Partial<Link>;
  readonly job?: Partial<PlannableJob>;
  readonly pool?: Partial<AcceleratorPool>;
  readonly home?: Partial<Site>;
}

/** A job of two hours on 64 GPUs that lives beside its data on dirty power, and a clean site 3,000 km away. */
function decisionOf({ data, link = {}, job = {}, pool = {}, home = {} }: Stage): Decision {
  const pools = [aPool({ capacity: GPUS })];
  const sites = [
    aSite('away', day(CLEAN), { pools: [aPool({ capacity: GPUS, ...pool })], links: [aLink('home', link)] }),
    aSite('home', day(DIRTY), { pools, ...home }),
  ];
  const planned = aPlannableJob({ devices: GPUS, home: 'home', data, ...job });
  const tuning = { ...aSnapshot().tuning, indifferenceShare: 0, maxAlternatives: 9 };
  const decision = plan(aSnapshot({ sites, jobs: [planned], tuning })).decisions.get(planned.key);
  if (decision === undefined) throw new Error('the job has no decision');
  return decision;
}

const siteOf = (stage: Stage): string | undefined => decisionOf(stage).chosen?.site;
const refusalAt = ({ alternatives }: Decision, site: string) =>
  alternatives.find((alternative) => alternative.site === site && alternative.expected === undefined);

describe('a training job 3,000 km from its data, with clean power there', () => {
  const allowsOnePercent = { maxSlowdownShare: 0.01 };

  test('moves over 100 Gbit/s with enough reads under way, slowed by less than 1 %', () => {
    const { chosen, baseline } = decisionOf({ data: [streamedData()], job: allowsOnePercent });
    expect(chosen).toMatchObject({ site: 'away', windows: [{ startsAt: MIDNIGHT, endsAt: atHour(2) }] });
    expect(chosen?.slowdown ?? 0).toBeLessThan(0.01);
    expect(baseline?.carbon?.grams).toBeCloseTo(2 * KILOWATTS * DIRTY, 6);
    expect(chosen?.expected.energy).toBeCloseTo(2 * (KILOWATTS + NETWORK_KILOWATTS), 9);
    expect(chosen?.expected.carbon?.grams).toBeCloseTo(2 * (KILOWATTS + NETWORK_KILOWATTS) * CLEAN, 6);
  });

  test('stays over 10 Gbit/s, and says by how much that is too narrow', () => {
    const decision = decisionOf({
      data: [streamedData()],
      link: { bitsPerSecond: 10 * GIGABIT },
      job: allowsOnePercent,
    });
    expect(decision.chosen?.site).toBe('home');
    expect(refusalAt(decision, 'away')).toMatchObject({
      reason: 'SlowdownExceeded',
      message:
        'reads 5.0 GB/s, the link to home carries 1.3 GB/s: 4.0 times as long, spec.placement.maxSlowdownPercent allows 1 %',
    });
  });

  test('stays with 8 outstanding reads of 1 MiB, and says what would help', () => {
    const data = [streamedData({ readers: 8, outstandingBytes: MEBIBYTE })];
    const decision = decisionOf({ data, job: allowsOnePercent });
    expect(decision.chosen?.site).toBe('home');
    expect(refusalAt(decision, 'away')?.message).toBe(
      'reads 5.0 GB/s, 8 readers with 1.0 MiB under way get 279.6 MB/s over the 30 ms to home: 17.9 times as long, ' +
        'spec.placement.maxSlowdownPercent allows 1 %; with more readers or outstandingBytes in spec.data it would carry more',
    );
  });

  const least = (5 * GIGABYTE) / 1.01;

  test.each([
    ['the bandwidth', (carried: number) => ({ data: [streamedData()], link: { bitsPerSecond: 8 * carried } })],
    [
      'the reads under way',
      (carried: number) => ({
        data: [streamedData({ readers: 1, outstandingBytes: (carried * ACROSS_A_CONTINENT_MS) / SECOND_MS })],
      }),
    ],
    [
      'the round trip',
      (carried: number) => ({
        data: [streamedData({ readers: 4, outstandingBytes: 64 * MEBIBYTE })],
        link: { roundTripTime: ((4 * 64 * MEBIBYTE) / carried) * SECOND_MS },
      }),
    ],
    ['the storage', (carried: number) => ({ data: [streamedData()], link: { storageBytesPerSecond: carried } })],
  ])('moves where %s carries enough for a slowdown of 1 %%, and stays just below', (_what, carrying) => {
    expect(siteOf({ ...carrying(least * 1.0005), job: allowsOnePercent })).toBe('away');
    expect(siteOf({ ...carrying(least), job: allowsOnePercent })).toBe('away');
    expect(siteOf({ ...carrying(least * 0.9995), job: allowsOnePercent })).toBe('home');
  });

  test('without a limit moves as long as that is cleaner, the longer run and the network counted', () => {
    // Grams are alike where CLEAN x (KILOWATTS x times + NETWORK_KILOWATTS) = DIRTY x KILOWATTS.
    const times = ((DIRTY / CLEAN) * KILOWATTS - NETWORK_KILOWATTS) / KILOWATTS;
    const over = (gigabits: number) => siteOf({ data: [streamedData()], link: { bitsPerSecond: gigabits * GIGABIT } });
    expect(over((40 / times) * 1.005)).toBe('away');
    expect(over((40 / times) * 0.995)).toBe('home');
  });

  test('never moves where the longer run would miss the deadline', () => {
    const job = { deadline: atHour(3) };
    const over = (gigabits: number) =>
      siteOf({ data: [streamedData()], link: { bitsPerSecond: gigabits * GIGABIT }, job });
    expect(over((40 / 1.5) * 1.001)).toBe('away');
    expect(over((40 / 1.5) * 0.999)).toBe('home');
  });
});

describe('the distance of its data', () => {
  test('limits the faster accelerator first, because it reads faster', () => {
    const pools = [aPool({ capacity: GPUS }), aPool({ product: 'B200', capacity: GPUS })];
    const accelerators = [
      { product: H100, speed: 1 },
      { product: 'B200', speed: 2.5 },
    ];
    const sites = [aSite('away', day(CLEAN), { pools, links: [aLink('home')] })];
    const job = aPlannableJob({ devices: GPUS, data: [streamedData({ bytesPerSecond: 10 * GIGABYTE })], accelerators });
    const { alternatives, chosen } =
      plan(aSnapshot({ sites, jobs: [{ ...job, maxSlowdownShare: 0.01 }] })).decisions.get(job.key) ?? {};
    expect(chosen).toMatchObject({ site: 'away', product: H100 });
    expect(alternatives).toContainEqual(
      expect.objectContaining({
        product: 'B200',
        reason: 'SlowdownExceeded',
        message: expect.stringContaining('2.0 times'),
      }),
    );
  });

  test('is told with the plan, where it costs time', () => {
    const { chosen, message } = decisionOf({ data: [streamedData()], link: { bitsPerSecond: 20 * GIGABIT } });
    expect(chosen).toMatchObject({ site: 'away', slowdown: 1, windows: [{ endsAt: atHour(4) }] });
    expect(message).toContain('; reads 5.0 GB/s, the link to home carries 2.5 GB/s: 2.0 times as long');
  });

  test('costs egress for what is read, and for what is copied', () => {
    const link = { pricePerGibibyte: 0.02 };
    const streamed = decisionOf({ data: [streamedData()], link }).chosen?.expected.money;
    expect(streamed).toBeCloseTo(((5e9 * 7_200) / GIBIBYTE) * 0.02, 6);
    expect(decisionOf({ data: [stagedData(TEBIBYTE)], link }).chosen?.expected.money).toBeCloseTo(20.48, 6);
  });

  test('keeps a job that counts money where reading is free', () => {
    const job = { objective: PRESETS.Cost };
    const at = (pricePerGibibyte: number) =>
      siteOf({ data: [streamedData()], link: { pricePerGibibyte }, job, home: { electricityPricePerKilowattHour: 1 } });
    // Two hours at home cost 128 EUR; away, 33,528 GiB come over.
    expect([at(0.0038), at(0.0039)]).toEqual(['away', 'home']);
  });

  test('takes a site out that no link brings them to', () => {
    const decision = decisionOf({ data: [streamedData({}, { sites: ['vault', 'home'] })], link: { to: 'elsewhere' } });
    expect(decision.chosen?.site).toBe('home');
    expect(refusalAt(decision, 'away')).toMatchObject({
      reason: 'DataOutOfReach',
      message:
        'no link brings data set corpus from vault or home to away: add one to spec.links of away, or name a copy in spec.data',
    });
  });

  test('counts for the start at once at home, where home is away from them', () => {
    const decision = decisionOf({
      data: [streamedData({}, { sites: ['vault'] })],
      link: { to: 'vault' },
      home: { links: [aLink('vault', { bitsPerSecond: 20 * GIGABIT })] },
    });
    expect(decision.baseline).toMatchObject({ site: 'home', finishesAt: atHour(4) });
    expect(decision.baseline?.energy).toBeCloseTo(4 * KILOWATTS + 2 * NETWORK_KILOWATTS, 9);
  });

  test('makes the place beside them home, where none is named', () => {
    const decision = decisionOf({ data: [streamedData()], job: { home: undefined }, pool: { capacity: 4 * GPUS } });
    expect(decision.baseline?.site).toBe('home');
  });
});

describe('data that are copied before the job starts', () => {
  /** 12.5 GB/s for half an hour. */
  const HALF_AN_HOUR = 12.5e9 * 1_800;

  test('take their time on devices that are held and idle', () => {
    const { chosen, message } = decisionOf({ data: [stagedData(HALF_AN_HOUR)] });
    expect(chosen).toMatchObject({ site: 'away', windows: [{ startsAt: MIDNIGHT, endsAt: atHour(2.5) }] });
    const idle = 0.1 * KILOWATTS * 0.5;
    expect(chosen?.expected.energy).toBeCloseTo(2 * KILOWATTS + idle + HALF_AN_HOUR / 1e12, 9);
    expect(message).toContain('; first 20.5 TiB of data come over, in 30 min');
  });

  test('are copied in clean hours as well, where that is worth more than the work is', () => {
    // At once, the copy is clean and the work 100 g/kWh; eight hours later the work is a little cleaner, and the copy is not.
    const dirty = (slots: number) => Array.from({ length: slots }, () => 800);
    const figures = [...day(10).slice(0, 6), 100, 100, ...dirty(6), 90, 90, ...dirty(24)];
    const pools = [aPool({ capacity: GPUS })];
    const sites = [aSite('home', figures, { pools, links: [aLink('vault')] })];
    const job = aPlannableJob({ devices: GPUS, data: [stagedData(12 * HALF_AN_HOUR, { sites: ['vault'] })] });
    const { chosen } = plan(aSnapshot({ sites, jobs: [job] })).decisions.get(job.key) ?? {};
    expect(chosen?.expected).toMatchObject({ startsAt: MIDNIGHT, finishesAt: atHour(8) });
    const copying = 6 * (0.1 * KILOWATTS + 45) * 10;
    expect(chosen?.expected.carbon?.grams).toBeCloseTo(copying + 2 * KILOWATTS * 100, 6);
  });

  test('come after the nodes that are provisioned', () => {
    const { chosen } = decisionOf({
      data: [stagedData(HALF_AN_HOUR)],
      pool: { capacity: 0, maxCapacity: GPUS, provisioning: hours(1) },
    });
    expect(chosen).toMatchObject({ site: 'away', windows: [{ startsAt: MIDNIGHT, endsAt: atHour(3.5) }] });
  });

  test('need no provisioned devices: a full site is full for them too', () => {
    const full = { pool: { capacity: GPUS, heldByOthers: 1, maxCapacity: GPUS } };
    expect(siteOf({ data: [stagedData(HALF_AN_HOUR)], ...full })).toBe('home');
  });

  test('keep the job at home where they would make it late', () => {
    const job = { deadline: atHour(2.25) };
    expect(siteOf({ data: [stagedData(HALF_AN_HOUR)], job })).toBe('home');
    expect(siteOf({ data: [stagedData(HALF_AN_HOUR / 2)], job })).toBe('away');
  });

  test('are not copied again for a paused job that ran there', () => {
    const job = {
      phase: 'Paused' as const,
      remainingWork: hours(1),
      interruptible: { minimumRun: hours(1), restartOverhead: 0, maxPauses: 2 },
    };
    const endsAt = (data: JobData) => decisionOf({ data: [data], job }).chosen?.windows[0]?.endsAt;
    expect(endsAt(stagedData(HALF_AN_HOUR, { stagedAt: ['away'] }))).toBe(atHour(1));
    expect(endsAt(stagedData(HALF_AN_HOUR))).toBe(atHour(1.5));
  });

  test('stay in the plan that was promised', () => {
    const data = [stagedData(HALF_AN_HOUR)];
    const first = decisionOf({ data });
    const { site = '', product, windows = [] } = first.chosen ?? {};
    const again = decisionOf({ data, job: { current: { site, product, windows } } });
    expect(again.kept).toBe(true);
    expect(again.chosen).toEqual(first.chosen);
  });
});

test('a job whose data are so far that they make it late everywhere is planned all the same', () => {
  const { chosen, deadlineAtRisk } = decisionOf({
    data: [streamedData({}, { sites: ['vault'] })],
    link: { to: 'vault', bitsPerSecond: GIGABIT },
    job: { deadline: atHour(10) },
    home: { links: [aLink('vault', { bitsPerSecond: 4 * GIGABIT })] },
  });
  expect(deadlineAtRisk).toBe(true);
  expect(chosen?.site).toBe('home');
  expect((chosen?.expected.finishesAt ?? 0) - MIDNIGHT).toBeCloseTo(20 * HOUR_MS, 3);
});

const figures = fc.array(fc.integer({ min: 1, max: 800 }), { minLength: 72, maxLength: 72 });

test('wherever its data lie, a job that counts grams never emits more than started at once at home, nor is it late', () => {
  const cases = fc.record({
    home: figures,
    away: figures,
    hoursOfCopying: fc.double({ min: 0, max: 6, noNaN: true }),
    bytesPerSecond: fc.double({ min: 1e6, max: 3e10, noNaN: true }),
    place: fc.constantFrom('home', 'away', 'vault'),
    slack: fc.integer({ min: 0, max: 6 }),
    interruptible: fc.constantFrom(undefined, { minimumRun: HOUR_MS, restartOverhead: 0, maxPauses: 3 }),
  });
  fc.assert(
    fc.property(cases, ({ home, away, hoursOfCopying, bytesPerSecond, place, slack, interruptible }) => {
      const sets = { sites: [place] };
      const data = [
        stagedData(12.5e9 * 3_600 * hoursOfCopying, sets),
        streamedData({ bytesPerSecond }, { ...sets, name: 'stream' }),
      ];
      const reach = ['home', 'away', 'vault'].map((to) => aLink(to));
      const pools = [aPool({ capacity: GPUS })];
      const sites = [aSite('home', home, { pools, links: reach }), aSite('away', away, { pools, links: reach })];
      const job = aPlannableJob({ devices: GPUS, home: 'home', data, interruptible });
      const alone = (one: PlannableJob) => plan(aSnapshot({ sites, jobs: [one] })).decisions.get(one.key);
      const deadline = alone(job)?.baseline?.finishesAt ?? NaN;
      const { chosen, baseline, deadlineAtRisk } = alone({ ...job, deadline: deadline + slack * HOUR_MS }) ?? {};
      expect(deadlineAtRisk).toBe(false);
      expect(chosen?.expected.carbon?.grams).toBeLessThanOrEqual((baseline?.carbon?.grams ?? NaN) * (1 + 1e-9));
    }),
    { numRuns: 300 },
  );
});

describe('the example of the documentation', () => {
  const page = readFileSync('docs/data-gravity.md', 'utf8');
  const rows: readonly (readonly [gigabits: number, readers: number, mebibytes: number])[] = [
    [100, 64, 64],
    [39.7, 64, 64],
    [39.5, 64, 64],
    [10, 64, 64],
    [100, 8, 1],
  ];

  test.each(rows)('holds for %d Gbit/s with %d x %d MiB under way', (gigabits, readers, mebibytes) => {
    const data = [streamedData({ readers, outstandingBytes: mebibytes * MEBIBYTE })];
    const stage = { data, link: { bitsPerSecond: gigabits * GIGABIT } };
    const { chosen, alternatives, baseline } = decisionOf({ ...stage, job: { deadline: atHour(48) } });
    const away = [chosen, ...alternatives].find((option) => option?.site === 'away')?.expected;
    const carried = Math.min(gigabits / 8, (readers * mebibytes * MEBIBYTE) / 0.03 / GIGABYTE);
    const cells = [
      `${String(gigabits)} Gbit/s`,
      `${String(readers)} x ${String(mebibytes)} MiB`,
      `${carried.toFixed(1)} GB/s`,
      `${(((away?.finishesAt ?? NaN) - MIDNIGHT) / HOUR_MS).toFixed(1)} h`,
      `${((away?.carbon?.grams ?? NaN) / 1_000).toFixed(1)} kg`,
      siteOf({ ...stage, job: { maxSlowdownShare: 0.01 } }) === 'away' ? 'yes' : 'no',
    ];
    expect(page.replaceAll(/ +/g, ' ')).toContain(`| ${cells.join(' | ')} |`);
    expect(page.replaceAll(/ +/g, ' ')).toContain(
      `| 2.0 h | ${((baseline?.carbon?.grams ?? NaN) / 1_000).toFixed(1)} kg |`,
    );
  });
});
