import { describe, expect, test } from '@jest/globals';
import { aComputeSite } from '../../../test/builders/cluster.ts';
import { staticOutlooks } from '../../../test/builders/outlooks.ts';
import { atHour, H100, MIDNIGHT, series } from '../../../test/builders/planning.ts';
import type { ComputeSite, ComputeSiteStatus } from '../../api/v1alpha1/compute-site.generated.ts';
import type { Condition } from '../../api/v1alpha1/conditions.ts';
import { parseConfig } from '../../config/parse-config.ts';
import { publishedForecasts } from '../../controllers/computesite/published/forecasts.ts';
import { systemClock } from '../../runtime/clocks.ts';
import type { Block } from '../page/page.ts';
import { sitesKnown } from '../world/sites-known.ts';
import { sites } from './sites.ts';

const NOW = MIDNIGHT;
const CONFIG = parseConfig('', 'a test');

async function answerFor(...found: readonly ComputeSite[]) {
  const options = { config: CONFIG, clock: { ...systemClock, now: () => NOW }, intensityFile: undefined };
  const known = await sitesKnown(found, [], options, new AbortController().signal);
  const { data, page } = sites({ known, now: NOW });
  const [electricity, accelerators] = page.blocks.filter((block) => block.kind === 'table');
  return { data: data as unknown as Data, blocks: page.blocks, electricity, accelerators };
}

interface Data {
  readonly sites: readonly Record<string, unknown>[];
}

const HALF_HELD: ComputeSiteStatus = {
  nodes: 2,
  accelerators: [
    {
      ...{ product: H100, resource: 'nvidia.com/gpu', capacity: 16, allocated: 10, maxCapacity: 16 },
      pricePerHour: '2.10',
    },
  ],
};

function aStatus(figures: readonly number[], scope: 'Lifecycle' | 'Direct' = 'Lifecycle'): ComputeSiteStatus {
  const outlook = { series: series(figures, { scope, source: 'energy-charts' }), rung: 'LiveForecast' } as const;
  return { ...HALF_HELD, forecasts: [...publishedForecasts('DE', staticOutlooks({ DE: { outlook } }), NOW)] };
}

function aCondition(type: string, reason: string, message: string): Condition {
  return { type, status: 'False', reason, message, lastTransitionTime: '2026-06-01T00:00:00Z' };
}

function textsOf(blocks: readonly Block[]): readonly string[] {
  return blocks.flatMap((block) => (block.kind === 'list' ? block.items : []));
}

test('a site tells what its electricity is and will be, and where that is from', async () => {
  const site = aComputeSite('stockholm', {}, { status: aStatus([100, 120, 140, 150, 90, 80, 70, 200]) });
  const { data, electricity } = await answerFor(site);
  expect(electricity?.rows.map(({ cells }) => cells)).toEqual([
    ['stockholm', 'SE-SE3', '100', 'rising', 'Mon 04:00, 80 g', 'live forecast of energy-charts'],
  ]);
  expect(data.sites).toMatchObject([
    {
      ...{ name: 'stockholm', region: 'north', zone: 'SE-SE3', onPaper: false, ready: true, troubles: [] },
      intensity: { gramsPerKWh: 100, trend: 'Rising', signal: 'Average', scope: 'Lifecycle', rung: 'LiveForecast' },
      cleanest: { start: '2026-06-01T04:00:00Z', end: '2026-06-01T07:00:00Z', gramsPerKWh: 80 },
      forecast: { zone: 'SE-SE3', rung: 'LiveForecast' },
      accelerators: [{ accelerator: H100, capacity: 16, allocated: 10, free: 6, pricePerHour: 2.1, currency: 'EUR' }],
    },
  ]);
});

test('what was measured of its devices stands beside what they cost', async () => {
  const [pool] = HALF_HELD.accelerators ?? [];
  if (pool === undefined) throw new Error('no pool');
  const status = { ...HALF_HELD, accelerators: [{ ...pool, utilisation: 37, watts: 7_420 }] };
  const { accelerators, data } = await answerFor(aComputeSite('stockholm', {}, { status }));
  expect(accelerators?.rows[0]?.cells).toEqual(['stockholm', 'north', 'H100', '6', '16', '2.10', '37 %', '7.42']);
  expect(data.sites).toMatchObject([{ accelerators: [{ utilisationPercent: 37, watts: 7_420 }] }]);
});

test('what nobody has measured is neither a column nor a figure', async () => {
  const { accelerators, data } = await answerFor(aComputeSite('stockholm', {}, { status: HALF_HELD }));
  expect(accelerators?.columns.map(({ title }) => title)).toEqual(['Site', 'Region', 'Product', 'Free', 'Of', 'EUR/h']);
  expect(JSON.stringify(data)).not.toMatch(/utilisation|watts/);
});

test('of more than are on its nodes that are held nothing is free', async () => {
  const [pool] = HALF_HELD.accelerators ?? [];
  if (pool === undefined) throw new Error('no pool');
  const status = { ...HALF_HELD, accelerators: [{ ...pool, allocated: 24 }] };
  const { data } = await answerFor(aComputeSite('stockholm', {}, { status }));
  expect(data.sites).toMatchObject([{ accelerators: [{ capacity: 16, allocated: 24, free: 0 }] }]);
});

test('prices of several currencies are each told with theirs', async () => {
  const accelerators = [{ product: H100, maxCapacity: 8 }];
  const priced = (currency: string) => ({ currency, accelerators: [{ product: H100, perHour: '2.00' }] });
  const { accelerators: table } = await answerFor(
    aComputeSite('a', { accelerators, prices: priced('EUR') }),
    aComputeSite('b', { region: 'south', accelerators, prices: priced('USD') }),
  );
  expect(table?.columns.map(({ title }) => title)).toContain('Price/h');
  expect(table?.rows.map(({ cells }) => cells.at(-1))).toEqual(['2.00 EUR', '2.00 USD']);
});

describe('what is wrong', () => {
  test('is why nothing can be planned there, and what the status complains of, each once', async () => {
    const stale = aCondition('CarbonDataFresh', 'TypicalDay', 'no forecast');
    const ready = aCondition('Ready', 'ZoneUnknown', 'as it was');
    const { zone: _, ...spec } = aComputeSite('lost').spec;
    const lost = { ...aComputeSite('lost'), spec: { ...spec, region: 'nowhere' }, status: { conditions: [ready] } };
    const { blocks, data, electricity } = await answerFor(
      aComputeSite('b', { region: 'b' }, { status: { ...HALF_HELD, conditions: [stale] } }),
      aComputeSite('a', { region: 'a' }, { status: { ...HALF_HELD, conditions: [stale] } }),
      lost,
    );
    expect(textsOf(blocks)).toEqual([
      'a, b: no forecast (TypicalDay)',
      'lost: not Ready: the grid zone of region "nowhere" is not known: set spec.zone, e.g. SE-SE3 or DE (ZoneUnknown)',
    ]);
    expect(electricity?.rows.map(({ tone }) => tone)).toEqual([undefined, undefined, 'bad']);
    expect(data.sites.map(({ ready: isReady }) => isReady)).toEqual([true, true, false]);
  });

  test('is told of the site whose region an older one has, and of that nothing', async () => {
    const { accelerators, blocks } = await answerFor(
      aComputeSite('a-second', {}, { metadata: { creationTimestamp: '2026-06-02T00:00:00Z' } }),
      aComputeSite('b-first', {}, { status: HALF_HELD }),
    );
    expect(accelerators?.rows.map(({ cells }) => cells.slice(0, 5))).toEqual([['b-first', 'north', 'H100', '6', '16']]);
    expect(textsOf(blocks).filter((text) => text.includes('not Ready'))).toEqual([
      'a-second: not Ready: region north belongs to the older ComputeSite b-first: delete one of the two, or correct spec.region (RegionTaken)',
    ]);
  });

  test('is told by the operator, which sees the nodes that accept no work', async () => {
    const ready = { ...aCondition('Ready', 'NoNodes', 'none of the 2 nodes accepts work'), observedGeneration: 1 };
    const cordoned = aComputeSite('stockholm', {}, { status: { nodes: 0, conditions: [ready] } });
    const { blocks, data } = await answerFor(cordoned);
    expect(textsOf(blocks)).toEqual(['stockholm: not Ready: none of the 2 nodes accepts work (NoNodes)']);
    expect(data.sites).toMatchObject([
      { ready: false, notReady: { reason: 'NoNodes', message: 'none of the 2 nodes accepts work' }, troubles: [] },
    ]);
  });

  test('is not told in words on an earlier spec', async () => {
    const ready = { ...aCondition('Ready', 'RegionTaken', 'region south belongs to b'), observedGeneration: 1 };
    const moved = { metadata: { generation: 2 }, status: { nodes: 0, conditions: [ready] } };
    const { blocks } = await answerFor(aComputeSite('stockholm', {}, moved));
    expect(textsOf(blocks)).toEqual([
      expect.stringContaining('stockholm: not Ready: no node has the label topology.kubernetes.io/region=north'),
    ]);
  });

  test('is told as far as a condition goes that somebody wrote without message or reason', async () => {
    const { message: _, ...noMessage } = aCondition('CarbonDataFresh', 'TypicalDay', '');
    const { reason: __, ...noReason } = aCondition('PricesFresh', '', 'no prices');
    const bare = { type: 'UsageKnown' };
    const conditions = [noMessage, noReason, bare] as unknown as readonly Condition[];
    const { blocks, data } = await answerFor(aComputeSite('a', {}, { status: { ...HALF_HELD, conditions } }));
    expect(textsOf(blocks)).toEqual([
      'a: CarbonDataFresh is False (TypicalDay)',
      'a: no prices',
      'a: UsageKnown is Unknown',
    ]);
    expect(data.sites).toMatchObject([
      { troubles: [{ reason: 'TypicalDay' }, { message: 'no prices' }, { message: 'UsageKnown is Unknown' }] },
    ]);
  });

  test('of a spec that can’t be read is told with its field', async () => {
    const { blocks } = await answerFor(aComputeSite('odd', { pue: 'low' }));
    expect(textsOf(blocks)[0]).toContain('odd: not Ready: spec.pue');
  });
});

test('figures that count different things share no axis', async () => {
  const { blocks } = await answerFor(
    aComputeSite('a', { region: 'a', zone: 'DE' }, { status: aStatus([100, 100, 100, 100]) }),
    aComputeSite('b', { region: 'b', zone: 'FR' }, { status: aStatus([50, 50, 50, 50], 'Direct') }),
  );
  const timelines = blocks.filter((block) => block.kind === 'timeline');
  expect(timelines.map(({ strips }) => strips.map(({ label }) => label))).toEqual([['a (DE)'], ['b (FR)']]);
  expect(timelines[0]?.span).toEqual({ startsAt: NOW, endsAt: atHour(4) });
});

test('a cluster without sites says so', async () => {
  const { data, electricity } = await answerFor();
  expect(electricity?.ifEmpty).toBe('no ComputeSite');
  expect(data.sites).toEqual([]);
});
