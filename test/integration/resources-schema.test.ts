import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { ApiRequestError } from '../../hack/controlplane/client/api-client.ts';
import { startControlPlane, type ControlPlane } from '../../hack/controlplane/control-plane.ts';
import { installResources } from '../../hack/resources/install.ts';

const START_TIMEOUT_MS = 120_000;
const API = '/apis/sunward.dev/v1alpha1';
const DRY_RUN = '?dryRun=All&fieldValidation=Strict';

type Spec = Readonly<Record<string, unknown>>;

// A busy machine may take seconds for what takes tenths of one alone.
jest.setTimeout(60_000);

let plane: ControlPlane;

beforeAll(async () => {
  plane = await startControlPlane({ components: [] });
  await installResources(plane.clusters[0]);
}, START_TIMEOUT_MS);

afterAll(() => plane.stop());

const template = { spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'b' }] } } } };

const job = (spec: Spec = {}, name = 'train') => ({
  path: `${API}/namespaces/default/carbonawarejobs`,
  body: {
    apiVersion: 'sunward.dev/v1alpha1',
    kind: 'CarbonAwareJob',
    metadata: { name },
    spec: { template, expectedDuration: '6h', ...spec },
  },
});

const site = (spec: Spec = {}, name = 'stockholm') => ({
  path: `${API}/computesites`,
  body: {
    apiVersion: 'sunward.dev/v1alpha1',
    kind: 'ComputeSite',
    metadata: { name },
    spec: { region: 'eu-north-1', cluster: { local: {} }, ...spec },
  },
});

const policy = (spec: Spec = {}) => ({
  path: `${API}/carbonpolicies`,
  body: {
    apiVersion: 'sunward.dev/v1alpha1',
    kind: 'CarbonPolicy',
    metadata: { name: 'everyone' },
    spec: { namespaceSelector: {}, ...spec },
  },
});

const staged = { name: 'weights', sites: ['frankfurt'], access: 'Stage', size: '140Gi' };
const reads = { bytesPerSecond: '5G', readers: 64, outstandingBytes: '64Mi' };
const streamed = { name: 'corpus', sites: ['frankfurt', 'oslo'], access: 'Stream', size: '2Ti', ...reads };
const link = { to: 'tokyo', bitsPerSecond: '100G', roundTripTime: '250ms' };

type Candidate = ReturnType<typeof job> | ReturnType<typeof site> | ReturnType<typeof policy>;

/** The object as it would be stored. */
async function accept<T = { spec: Spec }>({ path, body }: Candidate): Promise<T> {
  return plane.clusters[0].request<T>(path + DRY_RUN, { method: 'POST', body });
}

/** What the API server says against the object, without the value that it repeats. */
async function refusal(candidate: Candidate): Promise<string> {
  try {
    await accept(candidate);
  } catch (error) {
    if (error instanceof ApiRequestError)
      return error.message.replaceAll(/Invalid value: "[^"]*": /g, 'Invalid value: ');
    throw error;
  }
  throw new Error(`the API server accepted ${JSON.stringify(candidate.body.spec)}`);
}

describe('the API server accepts', () => {
  test('the smallest job, and fills in no more than suspend', async () => {
    const { spec } = await accept(job());
    expect(spec).toEqual({ template, expectedDuration: '6h', suspend: false });
  });

  test('a job that may be paused, and fills in the limits of pausing', async () => {
    const { spec } = await accept(job({ interruptible: {} }));
    expect(spec['interruptible']).toEqual({
      minimumRun: '30m',
      restartOverhead: '5m',
      moveOverhead: '0s',
      maxPauses: 4,
    });
  });

  test('an accelerator without a speed, and fills in 1', async () => {
    const { spec } = await accept(job({ accelerators: [{ product: 'NVIDIA-L4' }] }));
    expect(spec['accelerators']).toEqual([{ product: 'NVIDIA-L4', speed: '1' }]);
  });

  test('whatever the template holds, and keeps all of it', async () => {
    const full = {
      metadata: { labels: { a: 'b' } },
      spec: { ...template.spec, podReplacementPolicy: 'Failed', x: [1] },
    };
    const { spec } = await accept(job({ template: full }));
    expect(spec['template']).toEqual(full);
  });

  test('the smallest site, and fills in a PUE', async () => {
    const { spec } = await accept(site());
    expect(spec).toEqual({ region: 'eu-north-1', cluster: { local: {} }, pue: '1.2' });
  });

  test('a site with accelerators, power and prices, and fills in the rest of each', async () => {
    const { spec } = await accept(
      site({ accelerators: [{ product: 'NVIDIA-L4', maxCapacity: 8 }], power: {}, prices: {} }),
    );
    expect(spec).toMatchObject({
      accelerators: [{ product: 'NVIDIA-L4', maxCapacity: 8, resource: 'nvidia.com/gpu', provisioningTime: '10m' }],
      power: { idleNodesStayOn: false },
      prices: { currency: 'EUR' },
    });
  });

  test('the smallest policy, and fills in signal, withoutData and weight', async () => {
    const { spec } = await accept(policy());
    expect(spec).toEqual({ namespaceSelector: {}, signal: 'Average', withoutData: 'Run', weight: 1 });
  });

  test('what counts as idle and as underused, and fills in the rest of each', async () => {
    const { spec } = await accept(policy({ idle: { action: 'Pause' }, underused: {} }));
    expect(spec).toMatchObject({
      idle: { utilisationBelowPercent: 5, for: '30m', action: 'Pause' },
      underused: { utilisationBelowPercent: 30, for: '2h' },
    });
  });

  test('a share of idle just below that of underused', async () => {
    await accept(policy({ idle: { utilisationBelowPercent: 29 } }));
    await accept(policy({ underused: { utilisationBelowPercent: 6 } }));
    await accept(policy({ idle: { utilisationBelowPercent: 50 }, underused: { utilisationBelowPercent: 51 } }));
  });

  test('data that are copied and data that are read, and fills in nothing', async () => {
    const data = [staged, streamed];
    const { spec } = await accept(job({ data, placement: { maxSlowdownPercent: 0 } }));
    expect(spec).toMatchObject({ data, placement: { maxSlowdownPercent: 0 } });
  });

  test('links and storage, and fills in nothing', async () => {
    const reach = { links: [{ ...link, pricePerGiB: '0.02' }], storage: { bytesPerSecond: '20G' } };
    expect((await accept(site(reach))).spec).toMatchObject(reach);
  });

  test.each(['1', '2Ti', '0.5T', '5000000000', '1.5Pi'])('the size %s', async (size) => {
    await accept(job({ data: [{ ...staged, size }] }));
  });

  test('a job that does not say how long it takes', async () => {
    await accept(job({ expectedDuration: undefined }));
  });

  test.each(['45s', '500ms', '1h30m', '1h2m3s4ms', '99999h'])('the duration %s', async (expectedDuration) => {
    await accept(job({ expectedDuration }));
  });

  test.each(['DE', 'SE-SE3', 'US-CAL-CISO', 'AU-NSW', 'IN-NO'])('the zone %s', async (zone) => {
    await accept(site({ zone }));
  });
});

const BELOW_IDLE =
  'underused.utilisationBelowPercent (30 where it is not set) must be above idle.utilisationBelowPercent (5 where it is not set); raise it, or lower that of idle';
const DURATION = 'must be a length of time above 0s; write it like';
const product = 'NVIDIA-L4';
const prices = { carbonPerTonne: '100', delayPerAcceleratorHour: '0.05' };
const custom = (own: Spec): Spec => ({ objective: 'Custom', prices: { ...prices, ...own } });
const selector = (requirement: Spec): Spec => ({ namespaceSelector: { matchExpressions: [requirement] } });

describe('the API server refuses a job', () => {
  test.each<[string, Spec, string]>([
    ['without a template', { template: undefined }, 'spec.template: Required value'],
    [
      'whose template is a pod template',
      { template: { spec: { containers: [] } } },
      'spec.template: Invalid value: template must be a batch/v1 JobTemplateSpec; put the pods, with their containers, under template.spec.template',
    ],
    [
      'whose template has no spec',
      { template: {} },
      'put the pods, with their containers, under template.spec.template',
    ],
    [
      'with both completeBy and maxDelay',
      { completeBy: '2099-01-01T00:00:00Z', maxDelay: '2h' },
      'spec.maxDelay: Forbidden: completeBy and maxDelay are two ways to set one deadline; remove one of them',
    ],
    [
      'that takes words',
      { expectedDuration: '6 hours' },
      `spec.expectedDuration: Invalid value: expectedDuration ${DURATION}`,
    ],
    [
      'that takes no time',
      { expectedDuration: '0h0m' },
      `spec.expectedDuration: Invalid value: expectedDuration ${DURATION}`,
    ],
    [
      'that takes an empty text',
      { expectedDuration: '' },
      `spec.expectedDuration: Invalid value: expectedDuration ${DURATION}`,
    ],
    ['that takes negative time', { expectedDuration: '-6h' }, `expectedDuration ${DURATION}`],
    ['that takes days', { expectedDuration: '2d' }, `expectedDuration ${DURATION}`],
    ['with a delay of 0', { maxDelay: '0s' }, `spec.maxDelay: Invalid value: maxDelay ${DURATION} 12h`],
    [
      'with a deadline without a time zone',
      { completeBy: '2099-01-01T00:00:00' },
      'spec.completeBy in body must be of type date-time',
    ],
    [
      'with no minimum run',
      { interruptible: { minimumRun: '0m' } },
      `spec.interruptible.minimumRun: Invalid value: minimumRun ${DURATION} 30m`,
    ],
    [
      'with a restart overhead in words',
      { interruptible: { restartOverhead: 'none' } },
      'spec.interruptible.restartOverhead: Invalid value: restartOverhead must be a length of time; write it like 5m',
    ],
    [
      'with a move that takes no length of time',
      { interruptible: { moveOverhead: 'none' } },
      'spec.interruptible.moveOverhead: Invalid value: moveOverhead must be a length of time; write it like 10m',
    ],
    [
      'that is never paused',
      { interruptible: { maxPauses: 0 } },
      'spec.interruptible.maxPauses in body should be greater than or equal to 1',
    ],
    [
      'with 51 pauses',
      { interruptible: { maxPauses: 51 } },
      'spec.interruptible.maxPauses in body should be less than or equal to 50',
    ],
    [
      'with an unknown preset',
      { objective: 'Green' },
      'spec.objective: Unsupported value: "Green": supported values: "Carbon", "Balanced", "Cost", "Speed", "Custom"',
    ],
    [
      'with objective Custom and no prices',
      { objective: 'Custom' },
      'spec: Required value: prices is required where objective is Custom; add prices, or set objective to Carbon, Balanced, Cost or Speed',
    ],
    [
      'with prices and another objective',
      { objective: 'Carbon', prices },
      'spec.prices: Forbidden: prices acts only where objective is Custom; set objective to Custom, or remove prices',
    ],
    ['with prices and no objective', { prices }, 'spec.prices: Forbidden: prices acts only where objective is Custom'],
    [
      'with a negative carbon price',
      custom({ carbonPerTonne: '-1' }),
      'spec.prices.carbonPerTonne: Invalid value: carbonPerTonne must be a decimal number of 0 or more; write it like "100"',
    ],
    [
      'with a delay price in words',
      custom({ delayPerAcceleratorHour: 'cheap' }),
      'spec.prices.delayPerAcceleratorHour: Invalid value: delayPerAcceleratorHour must be a decimal number of 0 or more; write it like "0.05"',
    ],
    [
      'with half of its prices',
      { objective: 'Custom', prices: { carbonPerTonne: '1' } },
      'spec.prices.delayPerAcceleratorHour: Required value',
    ],
    [
      'with a price that is no text',
      custom({ carbonPerTonne: 100 }),
      'spec.prices.carbonPerTonne in body must be of type string',
    ],
    [
      'with a site both allowed and denied',
      { placement: { sites: { allow: ['a', 'b'], deny: ['b'] } } },
      'spec.placement.sites.deny: Invalid value: a site is in both allow and deny; remove it from one of them',
    ],
    [
      'with a site allowed twice',
      { placement: { sites: { allow: ['a', 'a'] } } },
      'spec.placement.sites.allow[1]: Duplicate value: "a"',
    ],
    [
      'that may run nowhere',
      { placement: { sites: { allow: [] } } },
      'spec.placement.sites.allow: Invalid value: allow must name at least one site; add one, or remove allow to allow every site',
    ],
    [
      'with a speed of 0',
      { accelerators: [{ product, speed: '0.0' }] },
      'spec.accelerators[0].speed: Invalid value: speed must be a decimal number above 0; write it like "0.45" or "1"',
    ],
    [
      'with a negative speed',
      { accelerators: [{ product, speed: '-1' }] },
      'spec.accelerators[0].speed: Invalid value: speed must be a decimal number above 0',
    ],
    ['with a speed but no product', { accelerators: [{ speed: '1' }] }, 'spec.accelerators[0].product: Required value'],
    [
      'with a product twice',
      { accelerators: [{ product }, { product }] },
      'spec.accelerators[1]: Duplicate value: {"product":"NVIDIA-L4"}',
    ],
    ['with a negative slowdown', { placement: { maxSlowdownPercent: -1 } }, 'should be greater than or equal to 0'],
    [
      'with data that lie nowhere',
      { data: [{ ...staged, sites: [] }] },
      'spec.data[0].sites: Invalid value: sites must name at least one site that holds a copy; add one',
    ],
    ['with a data set twice', { data: [staged, staged] }, 'spec.data[1]: Duplicate value: {"name":"weights"}'],
    [
      'with data in an unknown way',
      { data: [{ ...staged, access: 'Mount' }] },
      'spec.data[0].access: Unsupported value: "Mount": supported values: "Stage", "Stream"',
    ],
    [
      'that copies data of unknown size',
      { data: [{ ...staged, size: undefined }] },
      'spec.data[0]: Required value: size is required where access is Stage; add it, or set access to Stream',
    ],
    [
      'that reads data nobody knows how',
      { data: [{ ...streamed, outstandingBytes: undefined }] },
      'spec.data[0]: Required value: access Stream needs bytesPerSecond, readers and outstandingBytes; add them, or set access to Stage',
    ],
    [
      'that copies data with readers',
      { data: [{ ...staged, readers: 8 }] },
      'spec.data[0]: Forbidden: access Stage has no use for bytesPerSecond, readers or outstandingBytes; remove them, or set access to Stream',
    ],
    [
      'with a size in words',
      { data: [{ ...staged, size: '2 TB' }] },
      'spec.data[0].size: Invalid value: size must be a quantity above 0; write it like 2Ti or 500G',
    ],
    ['with no size', { data: [{ ...staged, size: '0.0Ti' }] }, 'size must be a quantity above 0; write it like 2Ti'],
    [
      'with a rate below nothing',
      { data: [{ ...streamed, bytesPerSecond: '-5G' }] },
      'spec.data[0].bytesPerSecond: Invalid value: bytesPerSecond must be a quantity above 0; write it like 5G',
    ],
    [
      'with no readers',
      { data: [{ ...streamed, readers: 0 }] },
      'spec.data[0].readers in body should be greater than or equal to 1',
    ],
    ['with a field that does not exist', { deadline: '6h' }, 'unknown field "spec.deadline"'],
  ])('%s', async (_what, spec, words) => {
    expect(await refusal(job(spec))).toContain(words);
  });

  test('whose name is too long for a Job', async () => {
    expect(await refusal(job({}, 'a'.repeat(64)))).toContain(
      'metadata.name must have at most 63 characters, because the Job gets the same name; choose a shorter one',
    );
  });
});

describe('the API server refuses a site', () => {
  test.each<[string, Spec, string]>([
    ['without a region', { region: undefined }, 'spec.region: Required value'],
    [
      'with a region that no label can have',
      { region: 'eu north' },
      'spec.region: Invalid value: region must be a label value',
    ],
    ['with an empty region', { region: '' }, 'spec.region: Invalid value: region must be a label value'],
    [
      'with a zone in small letters',
      { zone: 'se-se3' },
      'spec.zone: Invalid value: zone must be a grid zone in capitals; write it like DE',
    ],
    ['without a cluster', { cluster: undefined }, 'spec.cluster: Required value'],
    [
      'of no kind',
      { cluster: {} },
      'spec.cluster: Invalid value: cluster must name one kind; add local for nodes of this cluster, or inventory for a site on paper',
    ],
    [
      'of two kinds',
      { cluster: { local: {}, inventory: {} } },
      'spec.cluster: Invalid value: cluster names two kinds, local and inventory; remove one of them',
    ],
    [
      'with a PUE below 1',
      { pue: '0.99' },
      'spec.pue: Invalid value: pue must be a decimal number of 1 or more; write it like "1.1"',
    ],
    ['with a PUE in words', { pue: 'good' }, 'spec.pue: Invalid value: pue must be a decimal number of 1 or more'],
    [
      'with a negative size',
      { accelerators: [{ product, maxCapacity: -1 }] },
      'spec.accelerators[0].maxCapacity in body should be greater than or equal to 0',
    ],
    [
      'with an accelerator of no size',
      { accelerators: [{ product }] },
      'spec.accelerators[0].maxCapacity: Required value',
    ],
    [
      'with a resource that has no domain',
      { accelerators: [{ product, maxCapacity: 1, resource: 'gpu' }] },
      'spec.accelerators[0].resource: Invalid value: resource must be an extended resource with its domain; write it like nvidia.com/gpu',
    ],
    [
      'that provisions in words',
      { accelerators: [{ product, maxCapacity: 1, provisioningTime: 'soon' }] },
      'spec.accelerators[0].provisioningTime: Invalid value: provisioningTime must be a length of time; write it like 10m',
    ],
    [
      'with a product twice',
      {
        accelerators: [
          { product, maxCapacity: 1 },
          { product, maxCapacity: 2 },
        ],
      },
      'spec.accelerators[1]: Duplicate value',
    ],
    ['with two links to one site', { links: [link, link] }, 'spec.links[1]: Duplicate value: {"to":"tokyo"}'],
    [
      'with a link of no width',
      { links: [{ ...link, bitsPerSecond: '0G' }] },
      'spec.links[0].bitsPerSecond: Invalid value: bitsPerSecond must be a quantity above 0; write it like 100G or 400M',
    ],
    [
      'with a link of unknown length',
      { links: [{ ...link, roundTripTime: undefined }] },
      'spec.links[0].roundTripTime: Required value',
    ],
    [
      'with a round trip in words',
      { links: [{ ...link, roundTripTime: 'far' }] },
      'spec.links[0].roundTripTime: Invalid value: roundTripTime must be a length of time; write it like 30ms or 0s',
    ],
    [
      'with a link that pays',
      { links: [{ ...link, pricePerGiB: '-1' }] },
      'spec.links[0].pricePerGiB: Invalid value: pricePerGiB must be a decimal number of 0 or more; write it like "0.02"',
    ],
    [
      'with storage that gives nothing',
      { storage: { bytesPerSecond: '0' } },
      'spec.storage.bytesPerSecond: Invalid value: bytesPerSecond must be a quantity above 0; write it like 20G or 500M',
    ],
    [
      'with a currency sign',
      { prices: { currency: '€' } },
      'spec.prices.currency: Invalid value: currency must be three capital letters of ISO 4217',
    ],
    [
      'with negative electricity',
      { prices: { electricityPerKWh: '-0.05' } },
      'spec.prices.electricityPerKWh: Invalid value: electricityPerKWh must be a decimal number of 0 or more; write it like "0.09"',
    ],
    [
      'with a negative price',
      { prices: { accelerators: [{ product, perHour: '-2' }] } },
      'spec.prices.accelerators[0].perHour: Invalid value: perHour must be a decimal number of 0 or more; write it like "2.10"',
    ],
  ])('%s', async (_what, spec, words) => {
    expect(await refusal(site(spec))).toContain(words);
  });

  test('with a link to itself', async () => {
    expect(await refusal(site({ links: [{ ...link, to: 'stockholm' }] }))).toContain(
      'spec.links: Invalid value: links has one from the site to itself; name another site in to, or remove it',
    );
  });

  test('whose name is too long for lists of sites', async () => {
    expect(await refusal(site({}, 'a'.repeat(64)))).toContain('metadata.name must have at most 63 characters');
  });
});

describe('the API server refuses a policy', () => {
  test.each<[string, Spec, string]>([
    [
      'without a selector, which would select by accident',
      { namespaceSelector: undefined },
      'spec.namespaceSelector: Required value',
    ],
    [
      'whose selector asks In of nothing',
      selector({ key: 'team', operator: 'In' }),
      'spec.namespaceSelector.matchExpressions[0]: Required value: values must have at least one value where operator is In or NotIn; add one',
    ],
    [
      'whose selector asks Exists of a value',
      selector({ key: 'team', operator: 'Exists', values: ['a'] }),
      'spec.namespaceSelector.matchExpressions[0].values: Forbidden: values must be empty where operator is Exists or DoesNotExist; remove values',
    ],
    ['whose selector compares', selector({ key: 'a', operator: 'Gt', values: ['1'] }), 'Unsupported value: "Gt"'],
    ['with an unknown preset', { objective: 'Green' }, 'spec.objective: Unsupported value: "Green"'],
    [
      'with objective Custom and no prices',
      { objective: 'Custom' },
      'spec: Required value: prices is required where objective is Custom',
    ],
    ['with prices and no objective', { prices }, 'spec.prices: Forbidden: prices acts only where objective is Custom'],
    [
      'with a negative carbon price',
      custom({ carbonPerTonne: '-1' }),
      'carbonPerTonne must be a decimal number of 0 or more',
    ],
    [
      'with a negative delay price',
      custom({ delayPerAcceleratorHour: '-1' }),
      'delayPerAcceleratorHour must be a decimal number of 0 or more',
    ],
    [
      'with an unknown signal',
      { signal: 'Total' },
      'spec.signal: Unsupported value: "Total": supported values: "Average", "Marginal"',
    ],
    [
      'with an unknown withoutData',
      { withoutData: 'Wait' },
      'spec.withoutData: Unsupported value: "Wait": supported values: "Run", "Hold"',
    ],
    ['with a weight of 0', { weight: 0 }, 'spec.weight in body should be greater than or equal to 1'],
    ['with half a weight', { weight: 1.5 }, 'spec.weight in body must be of type int32'],
    [
      'with a default delay of 0',
      { defaults: { maxDelay: '0s' } },
      `spec.defaults.maxDelay: Invalid value: maxDelay ${DURATION} 12h`,
    ],
    [
      'with a longest delay in words',
      { limits: { maxDelay: 'a day' } },
      `spec.limits.maxDelay: Invalid value: maxDelay ${DURATION} 48h`,
    ],
    [
      'whose default is beyond its limit',
      { defaults: { maxDelay: '3h' }, limits: { maxDelay: '2h' } },
      'spec.defaults.maxDelay: Invalid value: defaults.maxDelay is longer than limits.maxDelay; shorten it, or raise the limit',
    ],
    [
      'that allows no site',
      { limits: { sites: { allow: [] } } },
      'spec.limits.sites.allow: Invalid value: allow must name at least one site; add one, or remove allow to allow every site',
    ],
    [
      'that calls what works always idle',
      { idle: { utilisationBelowPercent: 51 }, underused: { utilisationBelowPercent: 90 } },
      'spec.idle.utilisationBelowPercent in body should be less than or equal to 50',
    ],
    [
      'by which nothing is ever idle',
      { idle: { utilisationBelowPercent: 0 } },
      'spec.idle.utilisationBelowPercent in body should be greater than or equal to 1',
    ],
    [
      'by which everything is underused',
      { underused: { utilisationBelowPercent: 100 } },
      'spec.underused.utilisationBelowPercent in body should be less than or equal to 99',
    ],
    [
      'whose idle share is not below the default of underused',
      { idle: { utilisationBelowPercent: 30 } },
      `spec.underused: Invalid value: ${BELOW_IDLE}`,
    ],
    [
      'whose underused share is not above the default of idle',
      { underused: { utilisationBelowPercent: 5 } },
      `spec.underused: Invalid value: ${BELOW_IDLE}`,
    ],
    [
      'whose underused share is not above its idle share',
      { idle: { utilisationBelowPercent: 40 }, underused: { utilisationBelowPercent: 40 } },
      `spec.underused: Invalid value: ${BELOW_IDLE}`,
    ],
    [
      'that calls idle what has just stopped',
      { idle: { for: '0s' } },
      'spec.idle.for: Invalid value: for must be a length of time above 0s; write it like 30m',
    ],
    [
      'that calls idle what nobody looks back on',
      { idle: { for: '23h1s' } },
      'spec.idle.for: Invalid value: for must be at most 23h; the operator looks back no further than a day',
    ],
    ['that calls underused what nobody looks back on', { underused: { for: '48h' } }, 'for must be at most 23h'],
    [
      'that calls underused what has just begun',
      { underused: { for: '0s' } },
      'spec.underused.for: Invalid value: for must be a length of time above 0s; write it like 2h',
    ],
    [
      'with an unknown action',
      { idle: { action: 'Delete' } },
      'spec.idle.action: Unsupported value: "Delete": supported values: "Alert", "Pause"',
    ],
  ])('%s', async (_what, spec, words) => {
    expect(await refusal(policy(spec))).toContain(words);
  });
});

describe('the template of a job', () => {
  const path = (name: string) => `${API}/namespaces/default/carbonawarejobs/${name}`;
  const patch = (name: string, body: object, subresource = '') =>
    plane.clusters[0].request(path(name) + subresource, {
      method: 'PATCH',
      contentType: 'application/merge-patch+json',
      body,
    });
  const withImage = (image: string) => ({
    spec: { template: { spec: { template: { spec: { containers: [{ name: 'a', image }] } } } } },
  });
  const accepted = (status: 'True' | 'False') => ({
    status: {
      conditions: [
        { type: 'Accepted', status, reason: 'Accepted', message: '', lastTransitionTime: '2026-11-22T08:00:00Z' },
      ],
    },
  });

  async function stored(name: string, status?: 'True' | 'False'): Promise<void> {
    const { body } = job({}, name);
    await plane.clusters[0].request(`${API}/namespaces/default/carbonawarejobs`, { method: 'POST', body });
    if (status !== undefined) await patch(name, accepted(status), '/status');
  }

  test("can't change once the job is accepted", async () => {
    await stored('accepted', 'True');
    await expect(patch('accepted', withImage('other'))).rejects.toThrow(
      "spec.template: Forbidden: template can't be changed once the job is accepted; create a CarbonAwareJob with another name",
    );
    await expect(patch('accepted', { spec: { template: { metadata: { labels: { a: 'b' } } } } })).rejects.toThrow(
      "template can't be changed once the job is accepted",
    );
  });

  test('stays as it is while the rest of an accepted job changes', async () => {
    await stored('changes', 'True');
    await patch('changes', { spec: { suspend: true, expectedDuration: '7h' }, metadata: { labels: { a: 'b' } } });
    await patch('changes', accepted('False'), '/status');
  });

  test.each([undefined, 'False'] as const)('may change while Accepted is %s', async (status) => {
    const name = `not-accepted-${String(status).toLowerCase()}`;
    await stored(name, status);
    await patch(name, withImage('other'));
  });
});
