import type { WasteClass } from '../../../operator/domain/usage/assessment.ts';
import type { OverTheDay } from './scrape.ts';

/** Devices that a workload holds, hour by hour. */
export interface MadeUpWorkload {
  readonly namespace: string;
  readonly kind: string;
  readonly name: string;
  readonly owner: string;
  readonly node: string;
  readonly gpus: number;
  readonly isHeld: OverTheDay<boolean>;
  /** Mean over its devices; `undefined` where the source never tells. */
  readonly active: OverTheDay<number> | undefined;
  readonly waste: OverTheDay<{ readonly class: WasteClass; readonly gpus: number } | undefined>;
  readonly idleSeconds: OverTheDay<number>;
}

export const between =
  (from: number, to: number): OverTheDay<boolean> =>
  (hour) =>
    from <= hour && hour < to;
const always = (): boolean => true;
const never = (): undefined => undefined;
const zero = (): number => 0;

const isPaused = between(10, 14);
const isOutside: OverTheDay<boolean> = (hour) => hour < 8 || hour >= 18;

export const WORKLOADS: readonly MadeUpWorkload[] = [
  // Works, and stands still from 10 to 14; half an hour later that counts as waste.
  {
    namespace: 'research',
    kind: 'PyTorchJob',
    name: 'llama',
    owner: 'team-nlp',
    node: 'n1',
    gpus: 8,
    isHeld: always,
    active: (hour) => (isPaused(hour) ? 0 : 0.8),
    waste: (hour) => (between(10.5, 14)(hour) ? { class: 'Idle', gpus: 8 } : undefined),
    idleSeconds: (hour) => (isPaused(hour) ? (hour - 10) * 3_600 : 0),
  },
  {
    namespace: 'vision',
    kind: 'StatefulSet',
    name: 'notebook',
    owner: 'team-vision',
    node: 'n2',
    gpus: 2,
    isHeld: between(8, 20),
    active: () => 0.1,
    waste: (hour) => (hour >= 9 ? { class: 'Underused', gpus: 1.75 } : undefined),
    idleSeconds: zero,
  },
  // One of its four works.
  {
    namespace: 'batch',
    kind: 'Job',
    name: 'sweep',
    owner: 'team-vision',
    node: 'n3',
    gpus: 4,
    isHeld: between(12, 20),
    active: () => 0.25,
    waste: (hour) => (hour >= 13 ? { class: 'Oversized', gpus: 3 } : undefined),
    idleSeconds: zero,
  },
  {
    namespace: 'web',
    kind: 'Deployment',
    name: 'chat',
    owner: 'web',
    node: 'n3',
    gpus: 2,
    isHeld: always,
    active: () => 0.6,
    waste: never,
    idleSeconds: zero,
  },
  {
    namespace: 'web',
    kind: 'Deployment',
    name: 'preview',
    owner: 'web',
    node: 'n3',
    gpus: 1,
    isHeld: always,
    active: (hour) => (isOutside(hour) ? 0 : 0.5),
    waste: (hour) => (isOutside(hour) ? { class: 'OutsideHours', gpus: 1 } : undefined),
    idleSeconds: (hour) => (isOutside(hour) ? (hour < 8 ? hour : hour - 18) * 3_600 : 0),
  },
  {
    namespace: '(others)',
    kind: '',
    name: '(others)',
    owner: '',
    node: 'n2',
    gpus: 1,
    isHeld: always,
    active: zero,
    waste: () => ({ class: 'Idle', gpus: 0.5 }),
    idleSeconds: () => 21_600,
  },
  // Its exporter is not scraped.
  {
    namespace: 'edge',
    kind: 'DaemonSet',
    name: 'infer',
    owner: 'edge',
    node: 'n4',
    gpus: 2,
    isHeld: always,
    active: undefined,
    waste: never,
    idleSeconds: zero,
  },
];
