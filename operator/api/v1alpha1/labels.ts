/** On a Job: the name of the CarbonAwareJob that it carries out. */
export const CARBON_AWARE_JOB_LABEL = 'sunward.dev/carbon-aware-job';

/** On a CarbonAwareJob, set by its user: jobs with the same value are alike, and how long they take is learnt from one another. */
export const WORKLOAD_LABEL = 'sunward.dev/workload';

/** On a pod or a namespace: when its devices are needed, such as `Mon-Fri 08:00-18:00 Europe/Berlin`. */
export const ACTIVE_HOURS_ANNOTATION = 'sunward.dev/active-hours';

/** Field manager of what the operator owns on a Job: suspend, node affinity, labels. */
export const FIELD_MANAGER = 'sunward';
/** Field manager of every status, apart from that of the Job so that neither apply drops the other's fields. */
export const STATUS_FIELD_MANAGER = 'sunward-status';

/** `reportingController` of events. */
export const REPORTING_CONTROLLER = 'sunward.dev/operator';

/** Where the operator runs unless it is told otherwise. */
export const OPERATOR_NAMESPACE = 'sunward-system';
/** ConfigMaps in its namespace: what it has learnt of forecasts, and what it has asked of providers. */
export const MEMORY_CONFIG_MAP = 'sunward-carbon-memory';
export const BUDGETS_CONFIG_MAP = 'sunward-request-budgets';
/** Name of the operator's ServiceAccount, and of the Lease that its leader holds. */
export const OPERATOR_NAME = 'sunward';

/** Label of nodes that a ComputeSite is found by. */
export const REGION_LABEL = 'topology.kubernetes.io/region';
/** A template with this label is Kueue's to suspend. */
export const KUEUE_QUEUE_LABEL = 'kueue.x-k8s.io/queue-name';
