/** What runs beside etcd and the API server. */
export type OptionalComponent = 'kube-controller-manager' | 'kube-scheduler' | 'kwok';

export const ALL_OPTIONAL_COMPONENTS: readonly OptionalComponent[] = [
  'kube-controller-manager',
  'kube-scheduler',
  'kwok',
];

export interface ClusterOptions {
  /** Context name in kubeconfigs; default `cluster-1`, `cluster-2` … */
  readonly name?: string;
  /**
   * Beside etcd and API server; default all. Without the controller manager no service account `default` appears,
   * and admission refuses pods that name no other.
   */
  readonly components?: readonly OptionalComponent[];
  /** Writes one event a request, see {@link Cluster.auditEvents}. Default off. */
  readonly audit?: 'Metadata' | 'Request' | 'RequestResponse';
  /** Behave like an older minor, e.g. `1.35`: API server and controller manager both. */
  readonly emulatedVersion?: string;
  /** For API server, controller manager and scheduler. */
  readonly featureGates?: Readonly<Record<string, boolean>>;
  /** `--runtime-config`, e.g. `{'batch/v1alpha1': true}`. */
  readonly runtimeConfig?: Readonly<Record<string, boolean>>;
  /** Controllers beyond the usual ones, by the names of `--controllers`. */
  readonly controllers?: readonly string[];
  /** Further flags of the API server, for a test that needs one, e.g. `--min-request-timeout=2`. */
  readonly apiServerFlags?: readonly string[];
}
