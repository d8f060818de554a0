import { BUILT_IN_POLICY } from '../../api/v1alpha1/defaults.ts';
import type { EffectivePolicy } from '../../api/v1alpha1/effective-policy.ts';
import type { CarbonPolicySpecParsed } from '../../api/v1alpha1/parse/carbon-policy.ts';
import { matchesAll } from './label-selector.ts';
import type { PolicyRecord } from './policy-record.ts';

/**
 * The policy that governs a namespace with these labels: of those that select it the one whose selector has the most
 * requirements, then the oldest, then the first by name; the built-in defaults where none does. A policy that can't be read
 * governs nothing, and stands in nobody's way.
 */
export function resolvePolicy(
  namespaceLabels: Readonly<Record<string, string>>,
  policies: readonly PolicyRecord[],
): EffectivePolicy {
  return firstSelecting(namespaceLabels, inOrderOfPrecedence(policies))?.effective ?? BUILT_IN_POLICY;
}

/** A policy that can be read, with what it comes to. */
export interface GoverningPolicy {
  readonly record: PolicyRecord;
  readonly spec: CarbonPolicySpecParsed;
  readonly effective: EffectivePolicy;
}

/** The readable ones, those first that win. */
export function inOrderOfPrecedence(policies: readonly PolicyRecord[]): readonly GoverningPolicy[] {
  return policies.flatMap(governing).sort(byPrecedence);
}

export function firstSelecting(
  namespaceLabels: Readonly<Record<string, string>>,
  ordered: readonly GoverningPolicy[],
): GoverningPolicy | undefined {
  return ordered.find(({ spec }) => matchesAll(spec.namespaceRequirements, namespaceLabels));
}

function governing(record: PolicyRecord): readonly GoverningPolicy[] {
  if (!record.spec.ok) return [];
  const spec = record.spec.value;
  return [{ record, spec, effective: effectivePolicy(record.name, spec) }];
}

function effectivePolicy(name: string, spec: CarbonPolicySpecParsed): EffectivePolicy {
  const { signal, withoutData, weight, home, longestDelay, sitesAllowed, usage } = spec;
  const objective = spec.objective ?? BUILT_IN_POLICY.objective;
  const wantedDelay = spec.defaultMaxDelay ?? BUILT_IN_POLICY.defaultMaxDelay;
  const defaultMaxDelay = Math.min(wantedDelay, longestDelay ?? Infinity);
  return { name, objective, signal, withoutData, weight, defaultMaxDelay, home, longestDelay, sitesAllowed, usage };
}

function byPrecedence(a: GoverningPolicy, b: GoverningPolicy): number {
  const bySpecificity = b.spec.namespaceRequirements.length - a.spec.namespaceRequirements.length;
  if (bySpecificity !== 0) return bySpecificity;
  if (a.record.createdAt !== b.record.createdAt) return a.record.createdAt - b.record.createdAt;
  return a.record.name < b.record.name ? -1 : 1;
}
