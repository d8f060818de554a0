import type { CarbonAwareJob } from '../../../operator/api/v1alpha1/carbon-aware-job.generated.ts';
import { formatDuration, parseDuration } from '../../../operator/domain/duration.ts';
import { SECOND_MS, type DurationMs } from '../../../operator/domain/units.ts';
import { DEMO_LABEL, DEMO_TAINT, DEMO_VALUE } from '../cluster/labels.ts';

/** What a pod takes to begin and the Job controller to see its end; the rest of the expected duration is work. */
const START_UP_MS: DurationMs = SECOND_MS;

/** Annotation of a pod: how long it runs. See hack/controlplane/fake-nodes/stages.yaml. */
const RUN_FOR = 'sunward.dev/run-for';

type Fields = Readonly<Record<string, unknown>>;

/** How the work of a job is cut into pods. */
export interface Shape {
  readonly completions: number;
  /** Pods at once. */
  readonly parallelism: number;
  /** How long each pod works. */
  readonly podRun: DurationMs;
  readonly gpusAPod: number;
}

/** From a job whose times are those of the demo's day. */
export function shapeOf(job: CarbonAwareJob): Shape {
  const spec = fields(job.spec.template.spec);
  const completions = Number(spec['completions'] ?? 1);
  const parallelism = Number(spec['parallelism'] ?? 1);
  const length = parseDuration(job.spec.expectedDuration ?? '');
  if (!length.ok) throw new Error(`job ${job.metadata.name}: ${length.message}`);
  const waves = Math.ceil(completions / parallelism);
  const podRun = Math.max(SECOND_MS, Math.round(length.value / waves) - START_UP_MS);
  return { completions, parallelism, podRun, gpusAPod: gpusOf(fields(fields(spec['template'])['spec'])) };
}

/**
 * A job as its user writes it, fit for nodes that are not real: it says how long its pods pretend to work, and that they go to
 * the demo's nodes and to no others.
 */
export function dressed(job: CarbonAwareJob): CarbonAwareJob {
  const { template } = job.spec;
  const spec = fields(template.spec);
  const pod = fields(spec['template']);
  const podMetadata = fields(pod['metadata']);
  const podSpec = fields(pod['spec']);
  const label = { [DEMO_LABEL]: DEMO_VALUE };
  const toleration = { key: DEMO_TAINT.key, operator: 'Equal', value: DEMO_TAINT.value, effect: DEMO_TAINT.effect };
  const dressedPod = {
    ...pod,
    metadata: {
      ...podMetadata,
      labels: { ...fields(podMetadata['labels']), ...label },
      annotations: { ...fields(podMetadata['annotations']), [RUN_FOR]: formatDuration(shapeOf(job).podRun) },
    },
    spec: {
      ...podSpec,
      nodeSelector: { ...fields(podSpec['nodeSelector']), ...label },
      tolerations: [...((podSpec['tolerations'] ?? []) as readonly unknown[]), toleration],
    },
  };
  const metadata = { ...template.metadata, labels: { ...fields(template.metadata?.['labels']), ...label } };
  return {
    ...job,
    spec: { ...job.spec, template: { ...template, metadata, spec: { ...spec, template: dressedPod } } },
  };
}

function gpusOf(podSpec: Fields): number {
  const containers = (podSpec['containers'] ?? []) as readonly Fields[];
  return containers.reduce((sum, container) => {
    const limits = fields(fields(container['resources'])['limits']);
    return sum + Number(limits['nvidia.com/gpu'] ?? 0);
  }, 0);
}

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}
