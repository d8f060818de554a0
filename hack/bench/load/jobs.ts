import type { CarbonAwareJob, CarbonAwareJobSpec } from '../../../operator/api/v1alpha1/carbon-aware-job.generated.ts';
import { API_VERSION } from '../../../operator/api/v1alpha1/kinds.ts';
import { boundSite } from './sites.ts';

/** A job of the load, and what was drawn for it. */
export interface LoadJob {
  readonly manifest: CarbonAwareJob & { readonly metadata: { readonly namespace: string } };
  readonly devices: number;
  readonly hours: number;
  readonly ownDelay: boolean;
  readonly interruptible: boolean;
  /** May run at {@link boundSite} alone. */
  readonly bound: boolean;
}

const NAMESPACES = 20;
const LONGEST_HOURS = 6;
const OWN_DELAY_SHARE = 0.5;
const INTERRUPTIBLE_SHARE = 0.1;
const BOUND_SHARE = 0.1;
/** Most jobs take one device, some a whole node. */
const DEVICES = [1, 1, 1, 1, 1, 1, 1, 2, 2, 4, 8] as const;

/** The mix as a report says it. */
export const MIX = {
  expectedDuration: `1h to ${LONGEST_HOURS}h, whole hours`,
  devices: '1 (7 of 11 jobs), 2 (2 of 11), 4, 8 (1 of 11 each)',
  maxDelay: `12h on ${100 * OWN_DELAY_SHARE} % of the jobs, 24h by the policy on the others`,
  interruptible: `${100 * INTERRUPTIBLE_SHARE} % of the jobs`,
  boundToOneSite: `${100 * BOUND_SHARE} % of the jobs, ${boundSite}`,
} as const;

export function namespaceNames(): readonly string[] {
  return Array.from({ length: NAMESPACES }, (_, index) => `bench-${String(index).padStart(2, '0')}`);
}

/** The load: the same jobs for the same count, drawn from a fixed seed. */
export function loadJobs(count: number): readonly LoadJob[] {
  const random = seededRandom(20_261_123);
  const namespaces = namespaceNames();
  return Array.from({ length: count }, (_, index) => {
    const drawn = {
      hours: 1 + Math.floor(random() * LONGEST_HOURS),
      devices: DEVICES[Math.floor(random() * DEVICES.length)] ?? 1,
      ownDelay: random() < OWN_DELAY_SHARE,
      interruptible: random() < INTERRUPTIBLE_SHARE,
      bound: random() < BOUND_SHARE,
    };
    const metadata = {
      name: `train-${String(index).padStart(6, '0')}`,
      namespace: namespaces[index % namespaces.length] ?? '',
      labels: { 'app.kubernetes.io/part-of': 'bench' },
    };
    return { ...drawn, manifest: { apiVersion: API_VERSION, kind: 'CarbonAwareJob', metadata, spec: specOf(drawn) } };
  });
}

function specOf({ hours, devices, ownDelay, interruptible, bound }: Omit<LoadJob, 'manifest'>): CarbonAwareJobSpec {
  return {
    expectedDuration: `${hours}h`,
    ...(ownDelay && { maxDelay: '12h' }),
    ...(interruptible && { interruptible: { minimumRun: '30m', restartOverhead: '5m', maxPauses: 2 } }),
    ...(bound && { placement: { sites: { allow: [boundSite] } } }),
    template: templateOf(devices),
  };
}

/** About as long as the template of a real training job. */
function templateOf(devices: number): CarbonAwareJobSpec['template'] {
  return {
    metadata: { labels: { 'app.kubernetes.io/name': 'train', 'app.kubernetes.io/component': 'worker' } },
    spec: {
      backoffLimit: 3,
      template: {
        metadata: { labels: { 'app.kubernetes.io/name': 'train' } },
        spec: {
          restartPolicy: 'Never',
          terminationGracePeriodSeconds: 120,
          containers: [
            {
              name: 'train',
              image: 'registry.example.com/ml/train:1.4.2',
              command: [
                'python',
                '-m',
                'train',
                '--config=/etc/train/config.yaml',
                '--resume-from=/checkpoints/latest',
              ],
              env: [
                { name: 'NCCL_DEBUG', value: 'WARN' },
                { name: 'HF_HOME', value: '/cache/huggingface' },
                { name: 'OMP_NUM_THREADS', value: '8' },
              ],
              resources: { limits: { cpu: '8', memory: '64Gi', 'nvidia.com/gpu': devices } },
              volumeMounts: [{ name: 'scratch', mountPath: '/cache' }],
            },
          ],
          volumes: [{ name: 'scratch', emptyDir: { sizeLimit: '200Gi' } }],
        },
      },
    },
  };
}

/** Mulberry32: small, and the same on every machine. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
