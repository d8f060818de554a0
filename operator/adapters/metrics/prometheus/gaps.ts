import type { EpochMs } from '../../../domain/units.ts';
import type { PrometheusQuery } from '../../../ports/prometheus-query.ts';
import { SourceError } from '../../../ports/source-error.ts';
import type { Asked } from './columns.ts';
import { FIGURES, type Figure } from './figures.ts';
import type { UsageLabels } from './labels.ts';
import { rawPromql, type QueryTerms, type UsageQueries, type UsageQuery } from './queries.ts';

/** What was asked for, best first, and what came of each. */
export interface Answers {
  readonly list: keyof UsageQueries;
  readonly queries: readonly UsageQuery[];
  readonly asked: readonly Asked<unknown>[];
}

export interface Around {
  readonly prometheus: PrometheusQuery;
  readonly labels: UsageLabels;
  readonly at: EpochMs;
  readonly terms: QueryTerms;
}

/**
 * Why there is no figure; `undefined` where one of its queries was answered to the end, and has some, by itself. A fault of
 * the way comes first, then labels, then values, and then that there is nothing.
 */
export async function problemOf(
  answers: Answers,
  around: Around,
  abort: AbortSignal,
): Promise<SourceError | undefined> {
  const { list, queries, asked } = answers;
  const failed = asked.find(({ error }) => error !== undefined);
  const isAnswered = ({ error, known, relies }: Asked<unknown>): boolean =>
    error === undefined && known > 0 && (failed === undefined || !relies);
  if (asked.some(isAnswered)) return undefined;
  if (failed !== undefined) return failed.error;
  const unnamed = queries.find((_, index) => (asked[index]?.unnamed ?? 0) > 0);
  if (unnamed !== undefined) return unnamedProblem(FIGURES[list], unnamed, around, abort);
  const impossible = asked.find((one) => one.impossible !== undefined)?.impossible;
  if (impossible !== undefined) return impossibleProblem(FIGURES[list], impossible);
  const inPart = asked.find((one) => one.inPart !== undefined)?.inPart;
  return inPart === undefined
    ? nothingProblem(FIGURES[list], queries, around.terms)
    : nothingInPartProblem(FIGURES[list], inPart);
}

async function unnamedProblem(
  { words, labels: setting }: Figure,
  query: UsageQuery,
  around: Around,
  abort: AbortSignal,
): Promise<SourceError> {
  const promql = rawPromql(query, around.terms);
  const found = await labelsOf(promql, around, abort);
  return new SourceError(
    'Malformed',
    `prometheus: the series of ${promql} have none of the labels ${candidates(setting, around.labels)}, so that ${words} can't be told apart; ${found}set usage.prometheus.labels.${setting} to the right one`,
  );
}

function candidates(setting: Figure['labels'], labels: UsageLabels): string {
  if (setting !== 'pods') return labels[setting].join(', ');
  return labels.pods.map(({ pod, namespace }) => `${pod} with ${namespace}`).join(', ');
}

/** The query itself keeps no other labels than those that are looked for: one series is asked for as it is. */
async function labelsOf(promql: string, { prometheus, at }: Around, abort: AbortSignal): Promise<string> {
  try {
    const [one] = await prometheus.instant(`topk(1, ${promql})`, at, abort);
    return one === undefined ? '' : `they have ${Object.keys(one.labels).sort().join(', ')}; `;
  } catch {
    // It is only for the message.
    abort.throwIfAborted();
    return '';
  }
}

function impossibleProblem(
  { words }: Figure,
  { example, count }: { readonly example: number; readonly count: number },
): SourceError {
  return new SourceError(
    'NoData',
    `prometheus: all values for ${words} are impossible (${String(count)}, one is ${String(example)}): an exporter writes such for what its devices don't have`,
  );
}

/** Not `Unavailable`, though it may be over soon: Prometheus may say the same for ever, and is asked again so often and no more. */
function nothingInPartProblem({ without, words }: Figure, inPart: string): SourceError {
  return new SourceError(
    'NoData',
    `prometheus has nothing for ${words}, and says that its answer is but a part (${inPart}); ${without}`,
  );
}

function nothingProblem(
  { exporter, without, words }: Figure,
  queries: readonly UsageQuery[],
  terms: QueryTerms,
): SourceError {
  const asked = queries.map((query) => rawPromql(query, terms)).join(' or ');
  return new SourceError(
    'NoData',
    `prometheus has nothing for ${words}; is ${exporter} scraped? Its series are found by: ${asked}; ${without}`,
  );
}
