import type { ClusterOptions } from './options.ts';
import type { ClusterPki } from '../certificates/pki.ts';

/** Of service addresses; nothing serves them, but the API server wants a range. */
const SERVICE_RANGE = '10.0.0.0/24';
const POD_RANGE = '10.244.0.0/16';
const TOKEN_ISSUER = 'https://kubernetes.default.svc';

/** Of each controller, and of the scheduler: more than a small machine's API server can answer. */
const REQUESTS_PER_SECOND = 500;

/**
 * What a cluster needs for Jobs to run and for clean-up to happen. Without the node lifecycle controller no node loses
 * the taint `not-ready` that admission gives it; without the service account controllers no pod is admitted; without
 * the aggregation controller the roles `edit` and `view` are empty.
 */
const CONTROLLERS = [
  'clusterrole-aggregation-controller',
  'cronjob-controller',
  'garbage-collector-controller',
  'job-controller',
  'namespace-controller',
  'node-lifecycle-controller',
  'pod-garbage-collector-controller',
  'resourcequota-controller',
  'serviceaccount-controller',
  'serviceaccount-token-controller',
  'taint-eviction-controller',
  'ttl-after-finished-controller',
  'validatingadmissionpolicy-status-controller',
];

/**
 * One member that never talks to a peer: that listener takes any free port and its advertised address is only a name.
 * The clients' port must be a real one, because the JSON gateway dials it.
 */
export function etcdArguments(clientUrl: string, dataDirectory: string): string[] {
  const peer = 'http://127.0.0.1:2380';
  return [
    `--data-dir=${dataDirectory}`,
    `--listen-client-urls=${clientUrl}`,
    `--advertise-client-urls=${clientUrl}`,
    '--listen-peer-urls=http://127.0.0.1:0',
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
    // The data is thrown away with the cluster.
    '--unsafe-no-fsync',
    // The only member elects itself after one election timeout, which is most of its start.
    '--heartbeat-interval=20',
    '--election-timeout=100',
    '--log-level=info',
  ];
}

export interface ApiServerSettings {
  readonly options: ClusterOptions;
  readonly pki: ClusterPki;
  readonly etcdUrl: string;
  readonly port: number;
  /** Present when audit is asked for. */
  readonly audit?: { readonly policyFile: string; readonly logFile: string } | undefined;
}

export function apiServerArguments({ options, pki, etcdUrl, port, audit }: ApiServerSettings): string[] {
  const flags = [
    `--etcd-servers=${etcdUrl}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${port}`,
    // No other host interface is looked for, and loopback is no valid endpoint of the service `kubernetes`.
    '--advertise-address=127.0.0.1',
    '--endpoint-reconciler-type=none',
    `--cert-dir=${pki.files.directory}`,
    `--tls-cert-file=${pki.files.servingCertificate}`,
    `--tls-private-key-file=${pki.files.servingKey}`,
    `--client-ca-file=${pki.files.authorityCertificate}`,
    `--service-account-issuer=${TOKEN_ISSUER}`,
    `--service-account-key-file=${pki.files.tokenVerificationKey}`,
    `--service-account-signing-key-file=${pki.files.tokenSigningKey}`,
    `--service-cluster-ip-range=${SERVICE_RANGE}`,
    '--authorization-mode=RBAC',
    '--allow-privileged=true',
    '--profiling=false',
    ...versionFlags(options),
  ];
  if (options.runtimeConfig !== undefined) flags.push(`--runtime-config=${pairs(options.runtimeConfig)}`);
  if (audit !== undefined) flags.push(`--audit-policy-file=${audit.policyFile}`, `--audit-log-path=${audit.logFile}`);
  return [...flags, ...(options.apiServerFlags ?? [])];
}

export function controllerManagerArguments(options: ClusterOptions, pki: ClusterPki, kubeconfig: string): string[] {
  return [
    `--kubeconfig=${kubeconfig}`,
    '--leader-elect=false',
    // Serves nothing, so it needs no port.
    '--secure-port=0',
    `--controllers=${[...CONTROLLERS, ...(options.controllers ?? [])].join(',')}`,
    // With its own user alone it may not update Jobs.
    '--use-service-account-credentials=true',
    `--service-account-private-key-file=${pki.files.tokenSigningKey}`,
    `--root-ca-file=${pki.files.authorityCertificate}`,
    '--profiling=false',
    // The usual 20 requests a second would make 500 nodes take a minute and be the limit of every benchmark.
    `--kube-api-qps=${REQUESTS_PER_SECOND}`,
    `--kube-api-burst=${2 * REQUESTS_PER_SECOND}`,
    ...versionFlags(options),
  ];
}

/** `emulated-version` of the scheduler follows the gates only, so gates that the older version lacks are not passed. */
export function schedulerArguments(options: ClusterOptions, configFile: string): string[] {
  return [`--config=${configFile}`, '--secure-port=0', ...versionFlags(options)];
}

export function schedulerConfig(kubeconfig: string): object {
  return {
    apiVersion: 'kubescheduler.config.k8s.io/v1',
    kind: 'KubeSchedulerConfiguration',
    clientConnection: { kubeconfig, qps: REQUESTS_PER_SECOND, burst: 2 * REQUESTS_PER_SECOND },
    leaderElection: { leaderElect: false },
    enableProfiling: false,
  };
}

/** `keeps`: annotation of the nodes that are this kwok's; it leaves all others alone. */
export function kwokArguments(kubeconfig: string, stagesFile: string, keeps = 'kwok.x-k8s.io/node=fake'): string[] {
  return [
    `--kubeconfig=${kubeconfig}`,
    `--config=${stagesFile}`,
    '--manage-all-nodes=false',
    `--manage-nodes-with-annotation-selector=${keeps}`,
    `--cidr=${POD_RANGE}`,
    '--node-ip=10.0.0.1',
    '--node-lease-duration-seconds=40',
  ];
}

export function auditPolicy(level: string): object {
  return {
    apiVersion: 'audit.k8s.io/v1',
    kind: 'Policy',
    omitStages: ['RequestReceived'],
    rules: [{ level }],
  };
}

function versionFlags(options: ClusterOptions): string[] {
  const flags: string[] = [];
  if (options.emulatedVersion !== undefined) flags.push(`--emulated-version=kube=${options.emulatedVersion}`);
  if (options.featureGates !== undefined) flags.push(`--feature-gates=${pairs(options.featureGates)}`);
  return flags;
}

function pairs(settings: Readonly<Record<string, boolean>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}`)
    .join(',');
}
