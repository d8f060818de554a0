import { BUILT_IN_POLICY } from '../../api/v1alpha1/defaults.ts';
import type { EffectivePolicy } from '../../api/v1alpha1/effective-policy.ts';
import { matchesAll } from './label-selector.ts';
import type { NamespaceFacts, PolicyRecord } from './policy-record.ts';
import { firstSelecting, inOrderOfPrecedence } from './resolve-policy.ts';

/** The namespaces that one policy selects. */
export interface Dominion {
  /** Those that it governs, sorted. */
  readonly governs: readonly string[];
  /** Those that another policy governs, with its name; sorted by namespace. */
  readonly overruled: readonly { readonly namespace: string; readonly by: string }[];
}

/** Which policy governs which namespace. */
export interface Governance {
  /** What holds in a namespace; the built-in defaults for one that is not known. */
  policyOf(namespace: string): EffectivePolicy;
  /** `undefined` for a policy that can't be read. */
  dominionOf(policy: string): Dominion | undefined;
  /** Everything that holds somewhere, the built-in defaults included. */
  readonly policies: readonly EffectivePolicy[];
}

export function governanceOf(namespaces: readonly NamespaceFacts[], policies: readonly PolicyRecord[]): Governance {
  const ordered = inOrderOfPrecedence(policies);
  const byNamespace = new Map<string, EffectivePolicy>();
  const dominions = new Map<string, { governs: string[]; overruled: { namespace: string; by: string }[] }>();
  for (const { record } of ordered) dominions.set(record.name, { governs: [], overruled: [] });
  for (const { name: namespace, labels } of [...namespaces].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const winner = firstSelecting(labels, ordered);
    if (winner === undefined) continue;
    byNamespace.set(namespace, winner.effective);
    for (const { record, spec } of ordered) {
      const dominion = dominions.get(record.name);
      if (record === winner.record) dominion?.governs.push(namespace);
      else if (matchesAll(spec.namespaceRequirements, labels)) {
        dominion?.overruled.push({ namespace, by: winner.record.name });
      }
    }
  }
  return {
    policyOf: (namespace) => byNamespace.get(namespace) ?? BUILT_IN_POLICY,
    dominionOf: (policy) => dominions.get(policy),
    policies: [BUILT_IN_POLICY, ...ordered.map(({ effective }) => effective)],
  };
}

/** Works it out anew only when one of the lists is another: lists of a store stay the same until something changes. */
export function rememberedGovernance(
  namespaces: () => readonly NamespaceFacts[],
  policies: () => readonly PolicyRecord[],
): () => Governance {
  let last:
    { namespaces: readonly NamespaceFacts[]; policies: readonly PolicyRecord[]; result: Governance } | undefined;
  return () => {
    const now = { namespaces: namespaces(), policies: policies() };
    if (last?.namespaces === now.namespaces && last.policies === now.policies) return last.result;
    last = { ...now, result: governanceOf(now.namespaces, now.policies) };
    return last.result;
  };
}
