import type { Holding } from './assessment.ts';

/**
 * What one holding is told from the others by. A workload that was deleted and made anew under its name is the same one here:
 * pods of both may be there for a while.
 */
export function holdingKey({
  workload: { namespace, apiVersion, kind, name },
  site,
  product,
  resource,
}: Pick<Holding, 'workload' | 'site' | 'product' | 'resource'>): string {
  return [namespace, apiVersion, kind, name, site, product, resource].join('\n');
}
