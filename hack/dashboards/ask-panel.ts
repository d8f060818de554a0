import type { Interval } from '../../operator/domain/interval.ts';
import { HOUR_MS, SECOND_MS, type DurationMs, type EpochMs } from '../../operator/domain/units.ts';
import type { PanelFile, TargetFile } from './dashboard-file.ts';
import { mergedTable, type Table } from './merged-table.ts';

/** What Grafana's variables are at a look at the last day with everything chosen. */
const LOOK_BACK: DurationMs = 24 * HOUR_MS;
const VARIABLES: Readonly<Record<string, string>> = {
  $cluster: '.*',
  $site: '.*',
  $__rate_interval: '4m',
  $__range: `${LOOK_BACK / SECOND_MS}s`,
};

/** One figure of a panel, by the name that its legend gives it. */
export interface Figure {
  readonly legend: string;
  readonly value: number;
}

export interface Curve {
  readonly legend: string;
  readonly points: ReadonlyMap<EpochMs, number>;
}

export interface Asked {
  /** Of a Prometheus, without a slash at its end. */
  readonly url: string;
  readonly panel: PanelFile;
  /** Instead of what a look with everything chosen has, e.g. `{ $site: 'north' }`. */
  readonly variables?: Readonly<Record<string, string>>;
}

interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: readonly [number, string];
  readonly values?: readonly (readonly [number, string])[];
}

/**
 * A query as Grafana sends it.
 * @throws Error where there is a variable that nobody fills in
 */
function filledIn(expr: string, variables: Readonly<Record<string, string>> = {}): string {
  return expr.replaceAll(/\$(?:__)?[a-z]\w*/g, (name) => {
    const value = { ...VARIABLES, ...variables }[name];
    if (value === undefined) throw new Error(`nothing is known of the variable ${name} in: ${expr}`);
    return value;
  });
}

/** Figures at one moment: of a stat or a bar gauge. */
export async function askFigures(asked: Asked, at: EpochMs): Promise<readonly Figure[]> {
  const answers = await Promise.all(
    (asked.panel.targets ?? []).map(async (target) => {
      const series = await instant(asked, target, at);
      return series.map(({ metric, value }) => ({ legend: legendOf(target, metric), value: Number(value?.[1]) }));
    }),
  );
  return answers.flat();
}

/** Curves over a span, at every whole step of it. */
export async function askCurves(asked: Asked, span: Interval, step: DurationMs): Promise<readonly Curve[]> {
  const answers = await Promise.all(
    (asked.panel.targets ?? []).map(async (target) => {
      const parameters = { start: seconds(span.startsAt), end: seconds(span.endsAt), step: seconds(step) };
      const series = await query(asked, target, { path: 'query_range', parameters });
      return series.map(({ metric, values = [] }) => ({
        legend: legendOf(target, metric),
        points: new Map(values.map(([at, value]) => [at * SECOND_MS, Number(value)])),
      }));
    }),
  );
  return answers.flat();
}

/** The rows of a table as Grafana joins, sorts and names them. */
export async function askTable(asked: Asked, at: EpochMs): Promise<Table> {
  const { panel } = asked;
  const targets = panel.targets ?? [];
  const frames = await Promise.all(
    targets.map(async (target) => ({ refId: target.refId, series: await instant(asked, target, at) })),
  );
  const rows = frames.map(({ refId, series }) => {
    const field = targets.length === 1 ? 'Value' : `Value #${refId}`;
    return series.map(({ metric, value }) => ({ ...metric, Time: at, [field]: Number(value?.[1]) }));
  });
  return mergedTable(rows, panel);
}

function instant(asked: Asked, target: TargetFile, at: EpochMs): Promise<readonly Series[]> {
  return query(asked, target, { path: 'query', parameters: { time: seconds(at) } });
}

async function query(
  { url, panel, variables }: Asked,
  { expr, refId }: TargetFile,
  { path, parameters }: { readonly path: string; readonly parameters: Readonly<Record<string, string>> },
): Promise<readonly Series[]> {
  const body = new URLSearchParams({ query: filledIn(expr, variables), ...parameters });
  const response = await fetch(`${url}/api/v1/${path}`, { method: 'POST', body });
  const reply = (await response.json()) as { status: string; error?: string; data?: { result: readonly Series[] } };
  if (reply.status !== 'success' || reply.data === undefined) {
    throw new Error(`asking ${refId} of "${panel.title}": ${reply.error ?? response.statusText}`);
  }
  return reply.data.result;
}

function legendOf({ legendFormat = '' }: TargetFile, metric: Series['metric']): string {
  return legendFormat.replaceAll(/\{\{(\w+)\}\}/g, (_, label: string) => metric[label] ?? '');
}

const seconds = (ms: number): string => String(ms / SECOND_MS);
