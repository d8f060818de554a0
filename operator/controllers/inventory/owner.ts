import type { ObjectMeta } from '../../ports/kubernetes-api.ts';

/** By what it is told who answers for pods. */
export interface OwnerSources {
  readonly namespaces: { get(name: string): Pick<ObjectMeta, 'labels'> | undefined };
  /** Labels that name who answers for a workload, best first. */
  readonly ownerLabels: readonly string[];
}

/** Who answers for pods: whom a label of theirs names, else one of their namespace, else it is the namespace. */
export function ownerOf(
  { namespace, owner }: { readonly namespace: string; readonly owner: string | undefined },
  { namespaces, ownerLabels }: OwnerSources,
): string {
  return owner ?? firstLabel(namespaces.get(namespace)?.labels, ownerLabels) ?? namespace;
}

/** What the first of the names that is among the labels says, and is not empty. */
export function firstLabel(labels: ObjectMeta['labels'], names: readonly string[]): string | undefined {
  return names.map((name) => labels?.[name]).find((value) => value !== undefined && value !== '');
}
