import { describe, expect, test } from '@jest/globals';
import { aHolding, HELD_SINCE } from '../../../test/builders/holding.ts';
import type { Holding, SiteUsage } from '../../domain/usage/assessment.ts';
import type { UsageFigure } from '../../domain/usage/device-usage.ts';
import { HOUR_MS, watts } from '../../domain/units.ts';
import type { UsageGap } from '../../ports/metrics-source.ts';
import { SourceError, type SourceErrorCode } from '../../ports/source-error.ts';
import type { Assessed } from './assessed.ts';
import { siteUseOf } from './site-use.ts';

const frankfurt: SiteUsage = {
  site: 'frankfurt',
  product: 'H100',
  capacity: 16,
  usable: 16,
  held: 8,
  active: 0.4,
  rate: { power: watts(4_000), moneyPerHour: 12, gramsPerHour: 1_000 },
  currency: 'EUR',
  measured: { busy: undefined, idle: undefined },
  unplaced: undefined,
};

function assessed(
  holdings: readonly Holding[],
  gaps: readonly UsageGap[] | undefined = [],
  site: Partial<SiteUsage> = {},
): Assessed {
  return {
    assessment: { at: HELD_SINCE + HOUR_MS, holdings, nodes: [], sites: [{ ...frankfurt, ...site }] },
    gaps,
    settledBefore: HELD_SINCE + HOUR_MS / 2,
    currencyOf: () => 'EUR',
  };
}

const gap = (figure: UsageFigure, code: SourceErrorCode = 'Unavailable'): UsageGap => ({
  figure,
  error: new SourceError(code, 'prometheus: no answer within 8 s'),
});

const known = (holdings: readonly Holding[], gaps?: readonly UsageGap[]) =>
  siteUseOf('frankfurt', assessed(holdings, gaps))?.known;

const unknown = aHolding({ active: undefined, idleFor: undefined });

describe('what is known of the use of a site', () => {
  test('is all, where activity and power of everything that is held are measured', () => {
    expect(known([aHolding()], [gap('HostPower', 'NoData')])).toMatchObject({
      status: 'True',
      reason: 'UsageMeasured',
    });
  });

  test('is who holds what, where nobody measures; it says how to change that', () => {
    const use = siteUseOf('frankfurt', { ...assessed([aHolding()]), gaps: undefined });
    expect(use?.known).toMatchObject({ status: 'Unknown', reason: 'UsageNotMeasured' });
    expect(use?.known.message).toContain('configure usage.prometheus');
    expect(use?.products).toEqual([frankfurt]);
  });

  test('is nothing of what they do, where the source fails; it says why', () => {
    expect(known([unknown], [gap('Activity'), gap('Power')])).toEqual({
      status: 'False',
      reason: 'Unavailable',
      message: 'what its accelerators do is not known: prometheus: no answer within 8 s',
    });
  });

  test('is a part, where some devices are not measured; it names a workload and the remedy', () => {
    const statement = known([aHolding(), unknown]);
    expect(statement).toMatchObject({ status: 'False', reason: 'UsagePartial' });
    expect(statement?.message).toMatch(
      /what 8 of the 16 devices .* Job research\/train among them: see that the exporter/,
    );
    expect(known([{ ...unknown, attribution: 'None' }])?.message).toContain('DCGM_EXPORTER_KUBERNETES=true');
  });

  test('is a part, where more devices are said to be a pod’s than it asks for; it names that workload', () => {
    const contested = {
      ...unknown,
      attribution: 'Contested',
      workload: { ...unknown.workload, name: 'other' },
    } as const;
    expect(known([aHolding(), unknown, contested])?.message).toMatch(
      /what 16 of the 24 devices .* Job research\/other among them: series name its pods .* usage\.prometheus\.matchers$/,
    );
  });

  test('is a part, where series call nodes what no node is called; it names one, and the setting', () => {
    const told = (calledAs: string) =>
      siteUseOf('frankfurt', assessed([aHolding()], [], { unplaced: { devices: 4, node: 'gpu-1', calledAs } }))?.known;
    expect(told('exporter-7')).toEqual({
      status: 'False',
      reason: 'UsagePartial',
      message:
        'what free devices do is not known: series of those that pods hold on gpu-1 call the node exporter-7, and 4 that are ' +
        'measured fit no node; say by usage.prometheus.labels.node which label is the name of the node',
    });
    expect(told('')?.message).toContain('hold on gpu-1 do not name the node, and 4');
  });

  test('is not lacking for a pod that has only just come', () => {
    expect(known([{ ...unknown, heldSince: HELD_SINCE + HOUR_MS }])).toMatchObject({ status: 'True' });
  });

  test('is not lacking for what another site does not tell', () => {
    expect(known([{ ...unknown, site: 'paris' }])).toMatchObject({ status: 'True' });
  });

  test.each<[string, readonly Holding[]]>([
    ['no pod holds any', []],
    ['they are held at another site', [{ ...unknown, site: 'paris' }]],
    ['a pod has only just come', [{ ...unknown, heldSince: HELD_SINCE + HOUR_MS }]],
  ])('lacks nothing where no device is measured and %s', (_, holdings) => {
    expect(known(holdings, [gap('Activity', 'NoData'), gap('Power', 'NoData')])).toEqual({
      status: 'True',
      reason: 'UsageMeasured',
      message: 'there is nothing to measure: no pod holds its accelerators, or only since just now',
    });
  });

  test('is nothing where a device is held and none is measured, or the source does not answer', () => {
    expect(known([unknown], [gap('Activity', 'NoData')])).toMatchObject({ status: 'False', reason: 'NoData' });
    expect(known([], [gap('Activity')])).toMatchObject({ status: 'False', reason: 'Unavailable' });
  });

  test('is a part, where power is only reckoned', () => {
    expect(known([aHolding()], [gap('Power')])).toMatchObject({
      status: 'False',
      reason: 'UsagePartial',
      message: expect.stringContaining('reckoned from what they do') as unknown,
    });
  });

  test('is nothing for a site that has no devices', () => {
    expect(siteUseOf('paris', assessed([]))).toBeUndefined();
  });
});
