import type { FieldSet, RawJob } from '../../adapters/kubernetes/job/raw-job.ts';
import type { CarbonAwareJob } from '../../api/v1alpha1/carbon-aware-job.generated.ts';
import type { ComputeSite, ComputeSiteStatus } from '../../api/v1alpha1/compute-site.generated.ts';
import type { Condition } from '../../api/v1alpha1/conditions.ts';
import { CARBON_AWARE_JOBS, COMPUTE_SITES } from '../../api/v1alpha1/kinds.ts';
import { NODES, type RawNode } from '../../controllers/inventory/node-facts.ts';
import { PODS, type RawPod } from '../../controllers/inventory/pod-facts.ts';
import type { RawContainer } from '../../controllers/pod-spec/devices-held.ts';
import type { KubernetesObject, ObjectMeta } from '../../ports/kubernetes-api.ts';
import type { NodeSelectorTerm } from '../../ports/node-selection.ts';
import type { Shape, SomeShape } from './shape.ts';
import { needed } from './shape.ts';

/** What is read by a parser of its own, which says itself what is wrong, or not at all. */
const ELSEWHERE = 'anything';
const TEXTS = { '*': 'text' } as const;

const METADATA: Shape<ObjectMeta> = {
  ...{ name: needed('text'), namespace: 'text', uid: 'text', resourceVersion: 'text', generation: 'number' },
  ...{ creationTimestamp: 'text', deletionTimestamp: 'text' },
  ...{ labels: TEXTS, annotations: TEXTS, finalizers: ['text'] },
  ownerReferences: [
    {
      ...{ apiVersion: needed('text'), kind: needed('text'), name: needed('text'), uid: 'text' },
      ...{ controller: 'boolean', blockOwnerDeletion: 'boolean' },
    },
  ],
};

const OBJECT: Shape<KubernetesObject> = { apiVersion: 'text', kind: 'text', metadata: METADATA };

const CONDITION: Shape<Condition> = {
  ...{ type: 'text', status: 'text', reason: 'text', message: 'text' },
  ...{ observedGeneration: 'number', lastTransitionTime: 'text' },
};

export const SITE_STATUS: Shape<ComputeSiteStatus> = {
  ...{ observedGeneration: 'number', zone: 'text', conditions: [CONDITION], nodes: 'number' },
  ...{ forecasts: ELSEWHERE, electricityPrice: ELSEWHERE, electricityPrices: ELSEWHERE },
  ...{ intensity: ELSEWHERE, forecastUntil: ELSEWHERE, devices: ELSEWHERE },
  accelerators: [
    {
      ...{ product: needed('text'), resource: needed('text'), maxCapacity: 'number' },
      ...{ capacity: needed('number'), allocated: needed('number'), pricePerHour: 'text' },
      ...{ utilisation: 'number', watts: 'number', measuredPower: { busyWatts: 'number', idleWatts: 'number' } },
    },
  ],
};

const COMPUTE_SITE: Shape<ComputeSite> = { ...OBJECT, spec: ELSEWHERE, status: SITE_STATUS };

const WINDOWS = [{ start: 'text', end: 'text' }] as const;

const CARBON_AWARE_JOB: Shape<CarbonAwareJob> = {
  ...{ ...OBJECT, spec: ELSEWHERE },
  status: {
    ...{ observedGeneration: 'number', phase: 'text', policy: 'text', conditions: [CONDITION] },
    plan: {
      ...{ site: 'text', accelerator: 'text', starts: 'text', windows: WINDOWS },
      moves: [{ site: needed('text'), accelerator: 'text', windows: needed(WINDOWS) }],
      baseline: {
        ...{ site: 'text', accelerator: 'text', acceleratorWatts: 'number' },
        ...{ energyKWh: 'text', carbonGrams: 'text', cost: 'text' },
        ...{ currency: 'text', finish: 'text', signal: 'text', scope: 'text', rung: 'text' },
      },
      promised: { gramsPerKWh: 'text', signal: 'text', scope: 'text', rung: 'text' },
      ...{ saves: 'text', signal: 'text', scope: 'text', dataSource: 'text', deadline: 'text' },
      ...{ reason: 'text', message: 'text', expected: ELSEWHERE, length: ELSEWHERE },
    },
    alternatives: ELSEWHERE,
    attempts: [
      {
        ...{ number: needed('number'), site: needed('text'), accelerator: 'text', job: 'text', jobUID: 'text' },
        ...{
          startedAt: needed('text'),
          endedAt: 'text',
          slowdownPercent: 'text',
          runSeconds: 'number',
          reason: 'text',
        },
      },
    ],
    completedWork: 'number',
  },
};

const CONTAINER: Shape<RawContainer> = {
  restartPolicy: 'text',
  resources: { requests: { '*': 'amount' }, limits: { '*': 'amount' } },
};

const RUN = { startedAt: 'text' } as const;

const POD: Shape<RawPod> = {
  ...OBJECT,
  spec: {
    ...{ nodeName: 'text', nodeSelector: TEXTS, affinity: ELSEWHERE },
    ...{ containers: [CONTAINER], initContainers: [CONTAINER] },
  },
  status: {
    ...{ phase: 'text', startTime: 'text' },
    conditions: [{ type: 'text', status: 'text', reason: 'text', message: 'text', lastTransitionTime: 'text' }],
    containerStatuses: [{ state: { running: RUN, terminated: RUN }, lastState: { running: RUN, terminated: RUN } }],
  },
};

const NODE: Shape<RawNode> = {
  ...OBJECT,
  spec: { unschedulable: 'boolean', taints: [{ key: needed('text'), effect: 'text' }] },
  status: { allocatable: { '*': 'amount' }, conditions: [{ type: 'text', status: 'text' }] },
};

const REQUIREMENT = { key: 'text', operator: 'text', values: ['text'] } as const;
const TERM: Shape<NodeSelectorTerm> = { matchExpressions: [REQUIREMENT], matchFields: [REQUIREMENT] };

const FIELD_SET: Shape<FieldSet> = {
  get '*'() {
    return FIELD_SET;
  },
};

const JOB: Shape<RawJob> = {
  ...OBJECT,
  metadata: { ...METADATA, managedFields: [{ manager: 'text', subresource: 'text', fieldsV1: FIELD_SET }] },
  spec: {
    suspend: 'boolean',
    template: {
      spec: {
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [TERM] },
            preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 'number', preference: TERM }],
          },
        },
      },
    },
  },
  status: {
    ...{ active: 'number', terminating: 'number', startTime: 'text', completionTime: 'text' },
    conditions: [{ type: 'text', status: 'text', reason: 'text', message: 'text', lastTransitionTime: 'text' }],
  },
};

const OF_KINDS: ReadonlyMap<string, SomeShape> = new Map<string, SomeShape>([
  [COMPUTE_SITES.kind, COMPUTE_SITE],
  [CARBON_AWARE_JOBS.kind, CARBON_AWARE_JOB],
  [PODS.kind, POD],
  [NODES.kind, NODE],
  ['Job', JOB],
]);

/** What is read of the objects of a kind; of those that are known by their metadata alone, that. */
export function shapeOf(kind: string): SomeShape {
  return OF_KINDS.get(kind) ?? OBJECT;
}
