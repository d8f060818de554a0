import { describe, expect, test } from '@jest/globals';
import type { DeviceUsage } from '../../domain/usage/device-usage.ts';
import type { UsageGrid } from '../../domain/usage/usage-grid.ts';
import { MINUTE_MS } from '../../domain/units.ts';
import type { UsageAnswer, UsageGap } from '../../ports/metrics-source.ts';
import { SourceError, type SourceErrorCode } from '../../ports/source-error.ts';
import { UsageHistory } from './usage-history.ts';

const T0 = Date.UTC(2026, 10, 23, 8);
const minutes = (count: number) => T0 + count * MINUTE_MS;

const history = (lookBack = () => 10 * MINUTE_MS) => new UsageHistory({ step: MINUTE_MS, lookBack });

/** A device that does in each column what the column's time says: minute 3 of the day makes 0.03. */
function answer(
  grid: UsageGrid,
  { gpu = 'a', gaps = [] }: { gpu?: string; gaps?: readonly UsageGap[] } = {},
): UsageAnswer {
  const figures = Array.from({ length: grid.columns }, (_, k) => (grid.startsAt - T0) / MINUTE_MS + k);
  const device: DeviceUsage = {
    gpu,
    instance: undefined,
    node: 'n',
    pod: { namespace: 'research', name: 'p' },
    active: figures.map((figure) => figure / 100),
    power: figures,
  };
  return { grid, devices: [device], pods: [], nodes: [], gaps };
}

const gap = (code: SourceErrorCode, figure: UsageGap['figure'] = 'Activity'): UsageGap => ({
  figure,
  error: new SourceError(code, code),
});

const silence = (grid: UsageGrid, ...gaps: readonly UsageGap[]): UsageAnswer => ({
  grid,
  devices: [],
  pods: [],
  nodes: [],
  gaps,
});

describe('the history of usage', () => {
  test('asks for all that it looks back on at first, and then for what is new and what may have come late', () => {
    const one = history();
    const first = one.wanted(minutes(30));
    expect(first).toEqual({ startsAt: minutes(20), step: MINUTE_MS, columns: 10 });
    one.add(answer(first), minutes(30));
    expect(one.wanted(minutes(31) + 5_000)).toEqual({ startsAt: minutes(28), step: MINUTE_MS, columns: 3 });
  });

  test('moves on with time and keeps what it has', () => {
    const one = history();
    one.add(answer(one.wanted(minutes(30))), minutes(30));
    const { devices, grid } = one.add(answer(one.wanted(minutes(33))), minutes(33));
    expect(grid).toEqual({ startsAt: minutes(23), step: MINUTE_MS, columns: 10 });
    expect(devices.map(({ power }) => power)).toEqual([[23, 24, 25, 26, 27, 28, 29, 30, 31, 32]]);
    expect(devices[0]?.active[9]).toBe(0.32);
  });

  test('asks for everything that it missed in an outage, which is unknown until then', () => {
    const one = history();
    one.add(answer(one.wanted(minutes(30))), minutes(30));
    const { devices } = one.add(silence(one.wanted(minutes(34)), gap('Unavailable')), minutes(34));
    expect(devices[0]?.active.slice(-4)).toEqual([NaN, NaN, NaN, NaN]);
    expect(devices[0]?.active[5]).toBe(0.29);
    const wanted = one.wanted(minutes(35));
    expect(wanted).toEqual({ startsAt: minutes(28), step: MINUTE_MS, columns: 7 });
    expect(one.add(answer(wanted), minutes(35)).devices[0]?.power).toEqual([25, 26, 27, 28, 29, 30, 31, 32, 33, 34]);
  });

  test.each([[gap('NoData')], [gap('Unavailable', 'HostPower')]])('takes %j for an answer', (one) => {
    const kept = history();
    kept.add(silence(kept.wanted(minutes(30)), one), minutes(30));
    expect(kept.wanted(minutes(31)).columns).toBe(3);
  });

  test('keeps a figure that a later answer lacks', () => {
    const one = history();
    one.add(answer(one.wanted(minutes(30))), minutes(30));
    const { devices } = one.add(silence(one.wanted(minutes(31))), minutes(31));
    expect(devices[0]?.power).toEqual([21, 22, 23, 24, 25, 26, 27, 28, 29, NaN]);
  });

  test('forgets a device that nothing has been heard of for so long', () => {
    const one = history();
    one.add(answer(one.wanted(minutes(30)), { gpu: 'gone' }), minutes(30));
    const { devices } = one.add(answer(one.wanted(minutes(40))), minutes(40));
    expect(devices.map(({ gpu }) => gpu)).toEqual(['a']);
  });

  test('asks for all of it again where more is looked back on than before', () => {
    let lookBack = 10 * MINUTE_MS;
    const one = history(() => lookBack);
    one.add(answer(one.wanted(minutes(30))), minutes(30));
    lookBack = 15 * MINUTE_MS;
    const wanted = one.wanted(minutes(31));
    expect(wanted).toEqual({ startsAt: minutes(16), step: MINUTE_MS, columns: 15 });
    expect(one.add(answer(wanted), minutes(31)).devices[0]?.power.slice(0, 2)).toEqual([16, 17]);
    expect(one.wanted(minutes(32)).columns).toBe(3);
  });

  test('begins anew where the clock was set back', () => {
    const one = history();
    one.add(answer(one.wanted(minutes(300))), minutes(300));
    const wanted = one.wanted(minutes(30));
    expect(wanted).toEqual({ startsAt: minutes(20), step: MINUTE_MS, columns: 10 });
    expect(one.add(answer(wanted), minutes(30)).devices.map(({ power }) => power[0])).toEqual([20]);
  });
});
