import type {
  CarbonAwareJob,
  CarbonAwareJobSpec,
  CarbonAwareJobStatus,
} from '../../operator/api/v1alpha1/carbon-aware-job.generated.ts';
import type { Condition } from '../../operator/api/v1alpha1/conditions.ts';
import type { ObjectMeta } from '../../operator/api/v1alpha1/object-meta.ts';
import { formatTime } from '../../operator/api/v1alpha1/timestamps.ts';
import { jobRecordOf, type JobRecord } from '../../operator/controllers/carbonawarejob/job-record.ts';
import { H100, MIDNIGHT } from './planning.ts';

export const JOB_UID = 'aaaaaaaa-0000-4000-8000-000000000001';

type Fields = Readonly<Record<string, unknown>>;

/** Pods of one container that asks for one GPU. */
export function aPodTemplate(podSpec: Fields = {}): Fields {
  const container = {
    name: 'train',
    image: 'registry.example/train:1',
    resources: { limits: { 'nvidia.com/gpu': '1' } },
  };
  return {
    metadata: { labels: { team: 'research' } },
    spec: { restartPolicy: 'Never', containers: [container], ...podSpec },
  };
}

export interface TemplateOverrides {
  readonly metadata?: Fields;
  readonly spec?: Fields;
  readonly podSpec?: Fields;
}

export function aJobTemplate({ metadata, spec, podSpec }: TemplateOverrides = {}): CarbonAwareJobSpec['template'] {
  return { ...(metadata !== undefined && { metadata }), spec: { template: aPodTemplate(podSpec), ...spec } };
}

export interface JobOverrides {
  readonly metadata?: Partial<ObjectMeta>;
  readonly spec?: Partial<CarbonAwareJobSpec>;
  readonly status?: CarbonAwareJobStatus;
}

/** `research/train`: two hours on an H100, created at midnight, to be finished a day later. */
export function aCarbonAwareJob({ metadata, spec, status }: JobOverrides = {}): CarbonAwareJob {
  return {
    apiVersion: 'sunward.dev/v1alpha1',
    kind: 'CarbonAwareJob',
    metadata: {
      name: 'train',
      namespace: 'research',
      uid: JOB_UID,
      resourceVersion: '100',
      generation: 1,
      creationTimestamp: formatTime(MIDNIGHT),
      ...metadata,
    },
    spec: { template: aJobTemplate(), expectedDuration: '2h', accelerators: [{ product: H100, speed: '1' }], ...spec },
    ...(status !== undefined && { status }),
  };
}

export function aJobRecord(overrides: JobOverrides = {}): JobRecord {
  return jobRecordOf(aCarbonAwareJob(overrides));
}

/** A condition that has held since midnight. */
export function aCondition(type: string, overrides: Partial<Condition> = {}): Condition {
  return {
    type,
    status: 'True',
    observedGeneration: 1,
    lastTransitionTime: formatTime(MIDNIGHT),
    reason: type,
    message: '',
    ...overrides,
  };
}
