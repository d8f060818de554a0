import type { Manifest } from '../../controlplane/control-plane.ts';

/** On everything that the demo makes, so that it is found again and removed. On its nodes also as taint and annotation. */
export const DEMO_LABEL = 'sunward.dev/demo';
export const DEMO_VALUE = 'true';
export const DEMO_SELECTOR = `${DEMO_LABEL}=${DEMO_VALUE}`;

/** No one else's pod tolerates it. */
export const DEMO_TAINT = { key: DEMO_LABEL, value: DEMO_VALUE, effect: 'NoSchedule' } as const;

export interface LabelledManifest extends Manifest {
  readonly metadata: Manifest['metadata'] & { readonly labels?: Readonly<Record<string, string>> };
}

export function labelled<T extends LabelledManifest>(manifest: T): T {
  const labels = { ...manifest.metadata.labels, [DEMO_LABEL]: DEMO_VALUE };
  return { ...manifest, metadata: { ...manifest.metadata, labels } };
}
