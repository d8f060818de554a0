import { describe, expect, test } from '@jest/globals';
import { HOUR_MS, MINUTE_MS } from '../../../domain/units.ts';
import { describeProblems, type Problem } from './field-reader.ts';
import { PRESETS } from '../objectives.ts';
import { parseCarbonAwareJob } from './carbon-aware-job.ts';

const template = { spec: { template: { spec: { containers: [{ name: 'train', image: 'trainer' }] } } } };

const parse = (spec: object) => parseCarbonAwareJob({ spec: { template, expectedDuration: '6h', ...spec } });

const stream = { bytesPerSecond: '5G', readers: 64, outstandingBytes: '64Mi' };
const staged = { name: 'weights', sites: ['a'], access: 'Stage', size: '2Ti' };

function problemsOf(spec: object): readonly Problem[] {
  const reading = parse(spec);
  if (reading.ok) throw new Error('no problem was found');
  return reading.problems;
}

describe('a CarbonAwareJob', () => {
  test('with the fields that it must have is read, and what it leaves open stays open', () => {
    expect(parse({})).toEqual({
      ok: true,
      value: {
        template,
        expectedDuration: 6 * HOUR_MS,
        completeBy: undefined,
        maxDelay: undefined,
        interruptible: undefined,
        objective: undefined,
        home: undefined,
        sitesAllowed: undefined,
        sitesDenied: [],
        maxSlowdownShare: undefined,
        data: [],
        accelerators: [],
        suspend: false,
      },
    });
  });

  test('with every field is read into numbers', () => {
    const reading = parse({
      completeBy: '2026-11-23T08:00:00Z',
      interruptible: { minimumRun: '1h', restartOverhead: '0s', moveOverhead: '10m', maxPauses: 2 },
      objective: 'Custom',
      prices: { carbonPerTonne: '62.5', delayPerAcceleratorHour: '0.05' },
      placement: {
        home: 'frankfurt',
        sites: { allow: ['frankfurt', 'stockholm'], deny: ['warsaw'] },
        maxSlowdownPercent: 1,
      },
      data: [
        { name: 'weights', size: '2Ti', sites: ['frankfurt'], access: 'Stage' },
        { name: 'corpus', sites: ['a', 'b'], access: 'Stream', ...stream },
      ],
      accelerators: [{ product: 'NVIDIA-H100-80GB-HBM3' }, { product: 'NVIDIA-L4', speed: '0.2' }],
      suspend: true,
    });
    expect(reading).toEqual({
      ok: true,
      value: {
        template,
        expectedDuration: 6 * HOUR_MS,
        completeBy: Date.UTC(2026, 10, 23, 8),
        maxDelay: undefined,
        interruptible: { minimumRun: HOUR_MS, restartOverhead: 0, moveOverhead: 10 * MINUTE_MS, maxPauses: 2 },
        objective: { lexicographic: false, carbonPricePerTonne: 62.5, delayPricePerAcceleratorHour: 0.05 },
        home: 'frankfurt',
        sitesAllowed: ['frankfurt', 'stockholm'],
        sitesDenied: ['warsaw'],
        maxSlowdownShare: 0.01,
        data: [
          { name: 'weights', bytes: 2 ** 41, sites: ['frankfurt'], stagedAt: [], access: 'Stage', stream: undefined },
          {
            ...{ name: 'corpus', bytes: 0, sites: ['a', 'b'], stagedAt: [], access: 'Stream' },
            stream: { bytesPerSecond: 5e9, readers: 64, outstandingBytes: 2 ** 26 },
          },
        ],
        accelerators: [
          { product: 'NVIDIA-H100-80GB-HBM3', speed: 1 },
          { product: 'NVIDIA-L4', speed: 0.2 },
        ],
        suspend: true,
      },
    });
  });

  test('that may be paused and was stored before the schema had defaults gets them here', () => {
    const reading = parse({ interruptible: {} });
    expect(reading.ok && reading.value.interruptible).toEqual({
      minimumRun: 30 * MINUTE_MS,
      restartOverhead: 5 * MINUTE_MS,
      moveOverhead: 0,
      maxPauses: 4,
    });
  });

  test.each(['Carbon', 'Balanced', 'Cost', 'Speed'] as const)('with objective %s gets its prices', (objective) => {
    const reading = parse({ objective });
    expect(reading.ok && reading.value.objective).toEqual(PRESETS[objective]);
  });

  test('need not say how long it takes', () => {
    expect(parse({ expectedDuration: undefined })).toMatchObject({ ok: true, value: { expectedDuration: undefined } });
  });

  test.each<[string, object, string, string]>([
    ['no length at all', { expectedDuration: '0s' }, 'spec.expectedDuration', 'must be longer than 0s'],
    [
      'a length in words',
      { expectedDuration: '6 hours' },
      'spec.expectedDuration',
      '"6 hours" is not a length of time; write it like 6h, 1h30m or 45s',
    ],
    ['a number as length', { expectedDuration: 6 }, 'spec.expectedDuration', 'is not a text; put it in quotes'],
    ['no template', { template: null }, 'spec.template', 'is missing; write a batch/v1 JobTemplateSpec'],
    [
      'a template without pods',
      { template: { spec: {} } },
      'spec.template.spec.template',
      'is missing; put the pods, with their containers, there',
    ],
    [
      'a deadline without a time zone',
      { completeBy: '2026-11-23T08:00:00' },
      'spec.completeBy',
      '"2026-11-23T08:00:00" is not a time with a time zone; write it like 2026-11-23T08:00:00Z',
    ],
    [
      'two deadlines',
      { completeBy: '2026-11-23T08:00:00Z', maxDelay: '2h' },
      'spec.maxDelay',
      'is a second deadline beside completeBy; remove one of them',
    ],
    [
      'too many pauses',
      { interruptible: { maxPauses: 51 } },
      'spec.interruptible.maxPauses',
      'is not a whole number from 1 to 50',
    ],
    [
      'no minimum run',
      { interruptible: { minimumRun: '0m' } },
      'spec.interruptible.minimumRun',
      'must be longer than 0s',
    ],
    ['text for a group', { interruptible: 'yes' }, 'spec.interruptible', 'is not an object; write fields below it'],
    [
      'a preset that is unknown',
      { objective: 'Green' },
      'spec.objective',
      'is unknown; write Carbon, Balanced, Cost, Speed or Custom',
    ],
    [
      'Custom without prices',
      { objective: 'Custom' },
      'spec.prices',
      'is missing; add prices, or set objective to Carbon, Balanced, Cost or Speed',
    ],
    [
      'prices without Custom',
      { prices: { carbonPerTonne: '1', delayPerAcceleratorHour: '1' } },
      'spec.prices',
      'acts only where objective is Custom; set objective to Custom, or remove prices',
    ],
    [
      'a negative price',
      { objective: 'Custom', prices: { carbonPerTonne: '-1', delayPerAcceleratorHour: '1' } },
      'spec.prices.carbonPerTonne',
      '"-1" is not a decimal number of 0 or more; write it like 0.09 or 100',
    ],
    [
      'a list that allows nothing',
      { placement: { sites: { allow: [] } } },
      'spec.placement.sites.allow',
      'names no site; add one, or remove allow to allow every site',
    ],
    [
      'a site both allowed and denied',
      { placement: { sites: { allow: ['a', 'b'], deny: ['b'] } } },
      'spec.placement.sites.deny',
      'has b in common with allow; remove it from one of them',
    ],
    [
      'sites that are no list',
      { placement: { sites: { deny: 'b' } } },
      'spec.placement.sites.deny',
      'is not a list; write its members below it, each after a dash',
    ],
    [
      'a slowdown below nothing',
      { placement: { maxSlowdownPercent: -1 } },
      'spec.placement.maxSlowdownPercent',
      'is not a whole number from 0 to 10000',
    ],
    [
      'data without their size',
      { data: [{ ...staged, size: undefined }] },
      'spec.data[0].size',
      'is missing; write it like 2Ti, or set access to Stream',
    ],
    ['data of no size', { data: [{ ...staged, size: '0' }] }, 'spec.data[0].size', 'must be above 0'],
    [
      'data in words',
      { data: [{ ...staged, size: 'large' }] },
      'spec.data[0].size',
      '"large" is not a quantity; write it like 2, 500m or 64Mi',
    ],
    [
      'data that lie nowhere',
      { data: [{ ...staged, sites: [] }] },
      'spec.data[0].sites',
      'names no site; add one that holds a copy',
    ],
    [
      'data that are read in an unknown way',
      { data: [{ ...staged, access: 'Mount' }] },
      'spec.data[0].access',
      'is unknown; write Stage or Stream',
    ],
    [
      'a stream that does not say how it reads',
      { data: [{ name: 'corpus', sites: ['a'], access: 'Stream', ...stream, readers: undefined }] },
      'spec.data[0].readers',
      'is missing; write how many read at once, or set access to Stage',
    ],
    [
      'copied data with readers',
      { data: [{ ...staged, readers: 8 }] },
      'spec.data[0].readers',
      'acts only where access is Stream; remove it, or set access to Stream',
    ],
    [
      'a speed of 0',
      { accelerators: [{ product: 'L4', speed: '0' }] },
      'spec.accelerators[0].speed',
      'must be above 0',
    ],
    [
      'an accelerator without its product',
      { accelerators: [{ speed: '1' }] },
      'spec.accelerators[0].product',
      'is missing; write the label nvidia.com/gpu.product of its nodes',
    ],
    [
      'a word for a switch',
      { suspend: 'yes' },
      'spec.suspend',
      'is neither true nor false; write one of them, without quotes',
    ],
  ])('with %s is refused by field and remedy', (_what, spec, field, message) => {
    expect(problemsOf(spec).map((problem) => [problem.field, problem.message])).toEqual([[field, message]]);
  });

  test('with several problems names them all, in one sentence for a condition', () => {
    const problems = problemsOf({ expectedDuration: '6', objective: 'Green' });
    expect(describeProblems(problems)).toBe(
      'spec.expectedDuration: "6" is not a length of time; write it like 6h, 1h30m or 45s; ' +
        'spec.objective: is unknown; write Carbon, Balanced, Cost, Speed or Custom',
    );
  });

  test.each([undefined, null, 'text', 7, []])('whose spec is %j is refused, not a crash', (spec) => {
    expect(parseCarbonAwareJob({ spec })).toMatchObject({ ok: false });
  });

  test('whose spec is a text is complained about once, not once a field', () => {
    const reading = parseCarbonAwareJob({ spec: 'text' });
    expect(!reading.ok && reading.problems.filter(({ field }) => field === 'spec')).toHaveLength(1);
  });
});
