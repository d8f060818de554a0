import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { DeviceUsage, PodName } from '../../domain/usage/device-usage.ts';
import type { UsageGrid } from '../../domain/usage/usage-grid.ts';
import { MINUTE_MS } from '../../domain/units.ts';
import type { UsageAnswer, UsageGap } from '../../ports/metrics-source.ts';
import { SourceError, type SourceErrorCode } from '../../ports/source-error.ts';
import { UsageHistory } from './usage-history.ts';

const T0 = Date.UTC(2026, 10, 23, 8);
const minutes = (count: number) => T0 + count * MINUTE_MS;

const HOLDER = { namespace: 'research', name: 'p' };

interface Settings {
  readonly lookBack?: () => number;
  readonly holds?: (pod: PodName) => boolean;
}

const history = ({ lookBack = () => 10 * MINUTE_MS, holds = () => true }: Settings = {}) =>
  new UsageHistory({ step: MINUTE_MS, lookBack, holds });

/** Asks until there is nothing to ask; what was asked for, and what is known then. */
function look(one: UsageHistory, now: number, answered: (grid: UsageGrid) => UsageAnswer = (grid) => answer(grid)) {
  const asked: UsageGrid[] = [];
  for (let grid = one.wanted(now); grid !== undefined; grid = one.wanted(now)) {
    asked.push(grid);
    if (!one.add(answered(grid), now)) break;
  }
  return {
    asked,
    columns: asked.map(({ columns }) => columns),
    devices: one.at(now)?.devices ?? [],
    grid: one.at(now)?.grid,
  };
}

/** A device that does in each column what the column's time says: minute 3 of the day makes 0.03. */
function answer(grid: UsageGrid, overrides: Partial<DeviceUsage> = {}): UsageAnswer {
  const figures = Array.from({ length: grid.columns }, (_, k) => (grid.startsAt - T0) / MINUTE_MS + k);
  const device: DeviceUsage = {
    gpu: 'a',
    instance: undefined,
    node: 'n',
    pod: HOLDER,
    active: figures.map((figure) => figure / 100),
    power: figures,
    ...overrides,
  };
  return { grid, devices: [device], pods: [], nodes: [], gaps: [], isWhole: true };
}

const gap = (code: SourceErrorCode, figure: UsageGap['figure'] = 'Activity'): UsageGap => ({
  figure,
  error: new SourceError(code, code),
});

/** What a source says when a store of it is away, or what it says with every answer. */
const inPart = (grid: UsageGrid, overrides: Partial<DeviceUsage> = {}): UsageAnswer => ({
  ...answer(grid, overrides),
  isWhole: false,
});

const silence = (grid: UsageGrid, ...gaps: readonly UsageGap[]): UsageAnswer => ({
  grid,
  devices: [],
  pods: [],
  nodes: [],
  gaps,
  isWhole: true,
});

describe('the history of usage', () => {
  test('asks for all that it looks back on at first, and then for what is new and what may have come late', () => {
    const one = history();
    expect(look(one, minutes(30)).asked).toEqual([{ startsAt: minutes(20), step: MINUTE_MS, columns: 10 }]);
    expect(look(one, minutes(31) + 5_000).asked).toEqual([{ startsAt: minutes(28), step: MINUTE_MS, columns: 3 }]);
    expect(one.wanted(minutes(31) + 50_000)).toBeUndefined();
  });

  test('asks for much in parts, the newest first', () => {
    const one = history({ lookBack: () => 270 * MINUTE_MS });
    const { asked, devices } = look(one, minutes(500));
    expect(asked.map(({ startsAt, columns }) => [startsAt, columns])).toEqual([
      [minutes(380), 120],
      [minutes(260), 120],
      [minutes(230), 30],
    ]);
    expect(devices[0]?.power).toEqual(Array.from({ length: 270 }, (_, k) => 230 + k));
  });

  test('keeps the parts that were answered where a later one fails, and goes on with that', () => {
    const one = history({ lookBack: () => 270 * MINUTE_MS });
    let count = 0;
    const failing = (grid: UsageGrid) => ((count += 1) === 2 ? silence(grid, gap('Unavailable')) : answer(grid));
    expect(look(one, minutes(500), failing).columns).toEqual([120, 120]);
    const { columns, devices } = look(one, minutes(501));
    expect(columns).toEqual([3, 120, 29]);
    expect(devices[0]?.power[0]).toBe(231);
  });

  test('moves on with time and keeps what it has', () => {
    const one = history();
    look(one, minutes(30));
    const { devices, grid } = look(one, minutes(33));
    expect(grid).toEqual({ startsAt: minutes(23), step: MINUTE_MS, columns: 10 });
    expect(devices.map(({ power }) => power)).toEqual([[23, 24, 25, 26, 27, 28, 29, 30, 31, 32]]);
    expect(devices[0]?.active[9]).toBe(0.32);
  });

  test('asks for everything that it missed in an outage, which is unknown until then', () => {
    const one = history();
    look(one, minutes(30));
    const { devices } = look(one, minutes(34), (grid) => silence(grid, gap('Unavailable')));
    expect(devices[0]?.active.slice(-4)).toEqual([NaN, NaN, NaN, NaN]);
    expect(devices[0]?.active[5]).toBe(0.29);
    const after = look(one, minutes(35));
    expect(after.asked).toEqual([{ startsAt: minutes(28), step: MINUTE_MS, columns: 7 }]);
    expect(after.devices[0]?.power).toEqual([25, 26, 27, 28, 29, 30, 31, 32, 33, 34]);
  });

  test('asks for an outage that was longer than a part in parts', () => {
    const one = history({ lookBack: () => 270 * MINUTE_MS });
    look(one, minutes(500));
    const { columns, devices } = look(one, minutes(700));
    expect(columns).toEqual([120, 120, 30]);
    expect(devices[0]?.power).toEqual(Array.from({ length: 270 }, (_, k) => 430 + k));
  });

  test.each([[gap('NoData')], [gap('Malformed')], [gap('Unavailable', 'HostPower')]])(
    'takes %j for an answer',
    (one) => {
      const kept = history();
      const told = (grid: UsageGrid): UsageAnswer => ({ ...answer(grid), gaps: [one] });
      look(kept, minutes(30), told);
      expect(look(kept, minutes(31), told).columns).toEqual([3]);
    },
  );

  test('asks again for what was answered by nothing but refusals, as by a gateway while Prometheus restarts', () => {
    const one = history();
    look(one, minutes(30));
    for (const minute of [31, 32, 38]) {
      look(one, minutes(minute), (grid) => silence(grid, gap('Malformed'), gap('Malformed', 'Power')));
    }
    expect(look(one, minutes(39)).columns).toEqual([10]);
  });

  test('asks again for what was answered in part, and not for ever', () => {
    const one = history();
    const { devices } = look(one, minutes(30), inPart);
    expect(devices[0]?.power).toHaveLength(10);
    expect(look(one, minutes(31)).columns).toEqual([10]);
    const always = history();
    const asked = [30, 31, 32, 33, 34, 35, 36, 37].map((minute) => look(always, minutes(minute), inPart).columns);
    expect(asked).toEqual([[10], [10], [10], [10], [10], [10], [3], [3]]);
  });

  test('keeps a figure that a later answer lacks', () => {
    const one = history();
    look(one, minutes(30));
    const { devices } = look(one, minutes(31), (grid) => silence(grid));
    expect(devices[0]?.power).toEqual([21, 22, 23, 24, 25, 26, 27, 28, 29, NaN]);
  });

  test('forgets a device that nothing has been heard of for so long', () => {
    const one = history();
    look(one, minutes(30), (grid) => answer(grid, { gpu: 'gone' }));
    expect(look(one, minutes(40)).devices.map(({ gpu }) => gpu)).toEqual(['a']);
  });

  test('is of the same device where its node comes to be called otherwise', () => {
    const one = history();
    look(one, minutes(30), (grid) => answer(grid, { node: 'n.example.com' }));
    expect(look(one, minutes(33)).devices.map(({ node }) => node)).toEqual(['n']);
  });

  test('has one row for all pods that have come and gone on a device, and one for that which is there', () => {
    const one = history({ lookBack: () => 60 * MINUTE_MS, holds: ({ name }) => name === 'p59' });
    const podAt = (now: number) => ({ namespace: 'research', name: `p${String(now - 1)}` });
    for (let now = 1; now <= 60; now++) look(one, minutes(now), (grid) => answer(grid, { pod: podAt(now) }));
    const { devices } = look(one, minutes(66), (grid) => answer(grid, { pod: { namespace: 'research', name: 'p59' } }));
    expect(devices.map(({ pod }) => pod?.name)).toEqual([undefined, 'p59']);
    expect(new Set(devices.map(({ gpu }) => gpu)).size).toBe(1);
  });

  test('asks for all of it again where more is looked back on than before', () => {
    let lookBack = 10 * MINUTE_MS;
    const one = history({ lookBack: () => lookBack });
    look(one, minutes(30));
    lookBack = 15 * MINUTE_MS;
    const { columns, devices } = look(one, minutes(31));
    expect(columns).toEqual([3, 4]);
    expect(devices[0]?.power.slice(0, 5)).toEqual([16, 17, 18, 19, 20]);
    expect(look(one, minutes(32)).columns).toEqual([3]);
  });

  test('begins anew where the clock was set back', () => {
    const one = history();
    look(one, minutes(300));
    const { asked, devices } = look(one, minutes(30));
    expect(asked).toEqual([{ startsAt: minutes(20), step: MINUTE_MS, columns: 10 }]);
    expect(devices.map(({ power }) => power[0])).toEqual([20]);
  });
});

describe('what passes for an answer of the history of usage', () => {
  const LOOK_BACK = { lookBack: () => 270 * MINUTE_MS };
  const silentInPart = (grid: UsageGrid): UsageAnswer => ({ ...silence(grid, gap('NoData')), isWhole: false });
  const nothing = (grid: UsageGrid): UsageAnswer => silence(grid, gap('NoData'), gap('NoData', 'Power'));

  /** What one that starts now makes of a source that tells all. */
  const restarted = (now: number) => look(history(LOOK_BACK), now).devices;

  /** What was asked for from one minute to another, a turn each. */
  function turns(one: UsageHistory, [first, last]: readonly [number, number], answered = answer) {
    return Array.from({ length: last - first + 1 }, (_, k) => look(one, minutes(first + k), answered).columns);
  }

  const down = (grid: UsageGrid): UsageAnswer => ({ ...silence(grid, gap('Unavailable')), isWhole: false });
  const other = (grid: UsageGrid): UsageAnswer => inPart(grid, { gpu: 'b' });
  /** One for each turn: it is down after the first question. */
  const breaking = () => {
    let asked = 0;
    return (grid: UsageGrid) => ((asked += 1) > 1 ? down(grid) : answer(grid));
  };
  const inEachTurn = (answered: (grid: UsageGrid) => UsageAnswer) => () => answered;

  test.each([
    ['warnings and no series', silentInPart, 5],
    ['warnings and no series, for longer than it is asked again', silentInPart, 40],
    ['warnings and a part of the devices', (grid: UsageGrid) => inPart(grid, { gpu: 'b' }), 5],
    ['warnings and a part of the devices, for long', (grid: UsageGrid) => inPart(grid, { gpu: 'b' }), 40],
    ['nothing, and no word about it', nothing, 5],
    ['nothing, and no word about it, for long', nothing, 40],
    ['nothing, for longer than a part of the look-back', nothing, 150],
  ])('is %s: once all is told it knows what one knows that has started anew', (_, answered, count) => {
    const one = history(LOOK_BACK);
    look(one, minutes(500));
    turns(one, [501, 500 + count], answered);
    const now = minutes(501 + count);
    const known = look(one, now).devices.filter(({ gpu }) => gpu === 'a');
    expect(known).toEqual(restarted(now));
    expect(turns(one, [502 + count, 503 + count])).toEqual([[3], [3]]);
  });

  test.each([
    ['with warnings', silentInPart, 3],
    ['with warnings, for long', silentInPart, 40],
    ['without a word', nothing, 3],
    ['without a word, for long', nothing, 40],
  ])('is nothing at the start, %s: it asks for all of it once something is told', (_, answered, count) => {
    const one = history(LOOK_BACK);
    turns(one, [500, 499 + count], answered);
    const now = minutes(500 + count);
    expect(look(one, now).devices).toEqual(restarted(now));
    expect(turns(one, [501 + count, 502 + count])).toEqual([[3], [3]]);
  });

  test('is in part for ever: it is used, and asked for again so often and no more', () => {
    const one = history(LOOK_BACK);
    const asked = turns(one, [500, 508], inPart);
    expect(asked).toEqual([[120], [120], [120], [120], [120], [120, 120, 30], [3], [3], [3]]);
    expect(look(one, minutes(509), inPart).devices).toEqual(restarted(minutes(509)));
  });

  test('is in part for ever, and nothing for a while: what was missed meanwhile is known as well', () => {
    const one = history(LOOK_BACK);
    turns(one, [500, 508], inPart);
    turns(one, [509, 530], silentInPart);
    expect(turns(one, [531, 533], inPart)).toEqual([[6, 25], [3], [3]]);
    expect(look(one, minutes(534), inPart).devices).toEqual(restarted(minutes(534)));
  });

  test('is nothing at the start, and then a part for long: once all is told it is all asked for', () => {
    const one = history(LOOK_BACK);
    turns(one, [500, 500], nothing);
    turns(one, [501, 509], (grid) => inPart(grid, { gpu: 'b' }));
    const known = look(one, minutes(510)).devices.filter(({ gpu }) => gpu === 'a');
    expect(known).toEqual(restarted(minutes(510)));
  });

  test('is in part for ever of what is long ago: the newest is told as ever, and the rest asked for so often', () => {
    const one = history(LOOK_BACK);
    const old = (grid: UsageGrid) => (grid.startsAt < minutes(380) ? inPart(grid) : answer(grid));
    const asked = turns(one, [500, 507], old);
    expect(asked[1]).toEqual([3, 120]);
    expect(asked.slice(6)).toEqual([[3], [3]]);
  });

  test('is nothing for ever, for the exporter is gone: no question is as long as hours', () => {
    const one = history(LOOK_BACK);
    look(one, minutes(500));
    const asked = turns(one, [501, 520], nothing);
    expect(asked.slice(0, 6)).toEqual([[3], [3], [3], [4], [5], [6]]);
    expect(new Set(asked.slice(6).flat())).toEqual(new Set([6]));
    const never = turns(history(LOOK_BACK), [500, 503], nothing);
    expect(never).toEqual([[120, 120, 30], [6], [6], [6]]);
  });

  test('is the whole again for one question alone: what is to be asked for once more is not forgotten', () => {
    const one = history(LOOK_BACK);
    look(one, minutes(500));
    turns(one, [501, 506], silentInPart);
    turns(one, [507, 507], breaking());
    turns(one, [508, 512], silentInPart);
    expect(look(one, minutes(513)).devices).toEqual(restarted(minutes(513)));
  });

  test('comes late, by some columns or by one more or less: nothing is left out, and no question is long', () => {
    const one = history(LOOK_BACK);
    look(one, minutes(500));
    for (let now = 501; now <= 560; now += 1) {
      const told = minutes(now - [4, 6, 7, 5, 9][now % 5]!);
      const { columns } = look(one, minutes(now), (grid) => {
        const { devices, ...rest } = answer(grid);
        const cut = (values: readonly number[]) =>
          values.map((value, k) => (grid.startsAt + k * MINUTE_MS < told ? value : NaN));
        return { ...rest, devices: devices.map((device) => ({ ...device, active: cut(device.active) })) };
      });
      expect(columns.reduce((sum, count) => sum + count)).toBeLessThan(25);
    }
    expect(one.at(minutes(560))?.devices[0]?.active.slice(0, -9)).toEqual(
      restarted(minutes(560))[0]?.active.slice(0, -9),
    );
  });

  const whatever = [answer, silentInPart, other, down].map(inEachTurn);

  test.each([
    ['without a word', [...whatever, inEachTurn(nothing)]],
    // An exporter that was not there long ago is no fault: what is nothing there is believed.
    ['within a turn', [...whatever, breaking]],
  ])(
    'may come and go %s: questions end, and once all is told it knows what one knows that has started anew',
    (_, ways) => {
      const stretch = fc.tuple(fc.constantFrom(...ways), fc.integer({ min: 1, max: 12 }));
      fc.assert(
        fc.property(fc.array(stretch, { minLength: 1, maxLength: 8 }), (stretches) => {
          const one = history(LOOK_BACK);
          let now = 500;
          for (const [way, count] of stretches) {
            for (const end = now + count; now < end; now += 1) {
              expect(look(one, minutes(now), way()).asked.length).toBeLessThan(6);
            }
          }
          const known = look(one, minutes(now)).devices.filter(({ gpu }) => gpu === 'a');
          expect(known).toEqual(restarted(minutes(now)));
        }),
        { numRuns: 40 },
      );
    },
  );
});
