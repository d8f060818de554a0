const GROUP = 'sunward.dev';
const VERSION = 'v1alpha1';
export const API_VERSION = `${GROUP}/${VERSION}` as const;

export const CARBON_AWARE_JOBS = {
  group: GROUP,
  version: VERSION,
  plural: 'carbonawarejobs',
  kind: 'CarbonAwareJob',
  namespaced: true,
} as const;

export const COMPUTE_SITES = {
  group: GROUP,
  version: VERSION,
  plural: 'computesites',
  kind: 'ComputeSite',
  namespaced: false,
} as const;

export const CARBON_POLICIES = {
  group: GROUP,
  version: VERSION,
  plural: 'carbonpolicies',
  kind: 'CarbonPolicy',
  namespaced: false,
} as const;
