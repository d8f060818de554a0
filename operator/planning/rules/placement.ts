import type { SiteRule } from './rule.ts';

/** The job's own `placement.sites`. */
export const jobAllowsSite: SiteRule = ({ placementRules }, site) => {
  if (placementRules.jobDenies.includes(site.name)) {
    return { reason: 'SiteDenied', message: `spec.placement.sites.deny names ${site.name}` };
  }
  if (placementRules.jobAllows !== undefined && !placementRules.jobAllows.includes(site.name)) {
    return { reason: 'SiteNotAllowed', message: `spec.placement.sites.allow does not name ${site.name}` };
  }
  return undefined;
};

/** The policy's `limits.sites`: data residency and other guardrails that a job can't loosen. */
export const policyAllowsSite: SiteRule = ({ placementRules }, site) =>
  placementRules.policyAllows === undefined || placementRules.policyAllows.includes(site.name)
    ? undefined
    : { reason: 'PolicyForbidsSite', message: `the policy's limits.sites.allow does not name ${site.name}` };

/** The template's own node selector and affinity, as far as they speak of regions. */
export const templateAllowsRegion: SiteRule = ({ placementRules }, site) =>
  placementRules.templateRegions === undefined || placementRules.templateRegions.includes(site.region)
    ? undefined
    : { reason: 'TemplateExcludesSite', message: `the template's own node selection leaves out region ${site.region}` };
