import type { Signal } from '../../../domain/intensity.ts';
import type { Objective } from '../../../domain/job.ts';
import type { DurationMs } from '../../../domain/units.ts';
import type { UsagePolicy } from '../../../domain/usage/usage-policy.ts';
import { SCHEMA_DEFAULTS } from '../defaults.ts';
import { FieldReader, type Problem, type Reading } from './field-reader.ts';
import { parseObjective } from './objective.ts';

/** One demand on the labels of a namespace. A member of `matchLabels` is `In` with one value. */
export interface LabelRequirement {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  readonly values: readonly string[];
}

/** `spec` of a CarbonPolicy with its texts read. */
export interface CarbonPolicySpecParsed {
  /** All must hold; none: every namespace. The more there are, the more specific the policy is. */
  readonly namespaceRequirements: readonly LabelRequirement[];
  readonly objective: Objective | undefined;
  readonly signal: Signal;
  readonly withoutData: 'Run' | 'Hold';
  /** Share of each of its namespaces where devices are short. */
  readonly weight: number;
  readonly defaultMaxDelay: DurationMs | undefined;
  readonly home: string | undefined;
  readonly longestDelay: DurationMs | undefined;
  readonly sitesAllowed: readonly string[] | undefined;
  readonly usage: UsagePolicy;
}

const MAX_WEIGHT = 1_000;
const PERCENT = 100;
/** `minimum` and `maximum` in the CRD. */
const IDLE_PERCENT = { atLeast: 1, atMost: 50 };
const UNDERUSED_PERCENT = { atLeast: 2, atMost: 99 };

/** Reads the spec of a CarbonPolicy; nothing is trusted, and every problem is named at once. */
export function parseCarbonPolicy(raw: { readonly spec?: unknown }): Reading<CarbonPolicySpecParsed> {
  const problems: Problem[] = [];
  const spec = new FieldReader('spec', raw.spec, problems).required('write which namespaces it is for');
  const allow = spec.field('limits').field('sites').field('allow');
  const sitesAllowed = allow.names();
  if (sitesAllowed?.length === 0) allow.refuse('names no site; add one, or remove allow to allow every site');
  const value = {
    namespaceRequirements: readSelector(spec.field('namespaceSelector')),
    objective: parseObjective(spec),
    signal: spec.field('signal').oneOf(['Average', 'Marginal']) ?? SCHEMA_DEFAULTS.signal,
    withoutData: spec.field('withoutData').oneOf(['Run', 'Hold']) ?? SCHEMA_DEFAULTS.withoutData,
    weight: spec.field('weight').wholeNumber({ atLeast: 1, atMost: MAX_WEIGHT }) ?? SCHEMA_DEFAULTS.weight,
    ...readDelays(spec),
    home: spec.field('defaults').field('home').text(),
    sitesAllowed,
    usage: readUsage(spec),
  };
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value };
}

function readDelays(spec: FieldReader): Pick<CarbonPolicySpecParsed, 'defaultMaxDelay' | 'longestDelay'> {
  const field = spec.field('defaults').field('maxDelay');
  const defaultMaxDelay = field.durationAboveZero();
  const longestDelay = spec.field('limits').field('maxDelay').durationAboveZero();
  if (defaultMaxDelay !== undefined && longestDelay !== undefined && defaultMaxDelay > longestDelay) {
    field.refuse('is longer than limits.maxDelay; shorten it, or raise the limit');
  }
  return { defaultMaxDelay, longestDelay };
}

function readUsage(spec: FieldReader): UsagePolicy {
  const [idle, underused] = [spec.field('idle'), spec.field('underused')];
  const { idle: idleDefaults, underused: underusedDefaults } = SCHEMA_DEFAULTS;
  const percent = underused.field('utilisationBelowPercent');
  const idleBelow =
    idle.field('utilisationBelowPercent').wholeNumber(IDLE_PERCENT) ?? idleDefaults.utilisationBelowPercent;
  const underusedBelow = percent.wholeNumber(UNDERUSED_PERCENT) ?? underusedDefaults.utilisationBelowPercent;
  if (underusedBelow <= idleBelow) {
    const values = `${String(underusedBelow)} is not above the ${String(idleBelow)} of idle.utilisationBelowPercent`;
    percent.refuse(`${values}; raise it, or lower that of idle`);
  }
  return {
    idle: {
      below: idleBelow / PERCENT,
      for: idle.field('for').durationAboveZero() ?? idleDefaults.for,
      action: idle.field('action').oneOf(['Alert', 'Pause']) ?? idleDefaults.action,
    },
    underused: {
      below: underusedBelow / PERCENT,
      for: underused.field('for').durationAboveZero() ?? underusedDefaults.for,
    },
  };
}

function readSelector(selector: FieldReader): readonly LabelRequirement[] {
  selector.required('write {} to select every namespace');
  const labels = selector.field('matchLabels');
  const equalities = labels.keys().flatMap((key): readonly LabelRequirement[] => {
    const value = labels.field(key).text();
    return value === undefined ? [] : [{ key, operator: 'In', values: [value] }];
  });
  return [...equalities, ...selector.field('matchExpressions').items().flatMap(readExpression)];
}

function readExpression(field: FieldReader): readonly LabelRequirement[] {
  const key = field.field('key').required('write the label').text();
  const operator = field
    .field('operator')
    .required('write In, NotIn, Exists or DoesNotExist')
    .oneOf(['In', 'NotIn', 'Exists', 'DoesNotExist']);
  const values = field.field('values').names() ?? [];
  if (key === undefined || operator === undefined) return [];
  const takesValues = operator === 'In' || operator === 'NotIn';
  if (takesValues && values.length === 0) field.field('values').refuse(`is empty; add a value for ${operator}`);
  if (!takesValues && values.length > 0) field.field('values').refuse(`must be empty for ${operator}; remove it`);
  return [{ key, operator, values }];
}
