import { USAGE_FIGURES } from '../../../domain/usage/device-usage.ts';
import { gridEnd, type UsageGrid } from '../../../domain/usage/usage-grid.ts';
import type { Watts } from '../../../domain/units.ts';
import type { MetricsSource, UsageAnswer, UsageGap } from '../../../ports/metrics-source.ts';
import type { PrometheusQuery, PrometheusSeries } from '../../../ports/prometheus-query.ts';
import type { SourceError } from '../../../ports/source-error.ts';
import { askColumns, firstKnown, lastColumns, type Row } from './columns.ts';
import { devicesOf } from './devices.ts';
import { FIGURES } from './figures.ts';
import { problemOf } from './gaps.ts';
import {
  DEFAULT_LABELS,
  deviceIn,
  deviceLabels,
  nodeIn,
  podOnNodeIn,
  podOnNodeLabels,
  type Named,
  type UsageLabels,
} from './labels.ts';
import { DEFAULT_QUERIES, promqlOf, type UsageQueries } from './queries.ts';

export interface PrometheusMetricsOptions {
  readonly prometheus: PrometheusQuery;
  /** Those that are absent are the default ones. */
  readonly labels?: Partial<UsageLabels>;
  /** PromQL of series as they are: they are aggregated by the labels here. A list that is absent is the default one. */
  readonly queries?: Partial<Record<keyof UsageQueries, readonly string[]>>;
  /** Only series that fulfil these label matchers count, in queries that say `{matchers}`, as the default ones do. */
  readonly matchers?: readonly string[];
}

/** Power of hosts is that of now: whoever has not been told of for longer is not known. */
const HOST_COLUMNS = 3;

/**
 * What NVIDIA's DCGM exporter and Kepler measure, by way of the Prometheus that scrapes them. It needs no clock: a column is
 * asked for at its end.
 */
export class PrometheusMetricsSource implements MetricsSource {
  readonly name = 'prometheus';
  readonly #prometheus: PrometheusQuery;
  readonly #labels: UsageLabels;
  readonly #queries: UsageQueries;
  readonly #matchers: readonly string[];

  constructor({ prometheus, labels = {}, queries = {}, matchers = [] }: PrometheusMetricsOptions) {
    this.#prometheus = prometheus;
    this.#labels = { ...DEFAULT_LABELS, ...labels };
    this.#queries = { ...DEFAULT_QUERIES, ...asQueries(queries) };
    this.#matchers = matchers;
  }

  /** All at once. Each query ends by itself: whoever gives the way to Prometheus limits the time of a request. */
  async usage(grid: UsageGrid, abort: AbortSignal): Promise<UsageAnswer> {
    abort.throwIfAborted();
    const names = this.#labels;
    const now = lastColumns(grid, HOST_COLUMNS);
    const [byDevice, byPod, byNode] = [deviceLabels(names), podOnNodeLabels(names), names.node];
    const [activity, power, pods, nodes] = await Promise.all([
      this.#ask('activity', { grid, labels: byDevice, read: (labels) => deviceIn(labels, names) }, abort),
      this.#ask('power', { grid, labels: byDevice, read: (labels) => deviceIn(labels, names) }, abort),
      this.#ask('podPower', { grid: now, labels: byPod, read: (labels) => podOnNodeIn(labels, names) }, abort),
      this.#ask('nodePower', { grid: now, labels: byNode, read: (labels) => nodeIn(labels, names) }, abort),
    ]);
    return {
      grid,
      devices: devicesOf(activity.rows, power.rows, grid.columns),
      pods: lastOf(pods.rows).map(([pod, watts]) => ({ ...pod, power: watts })),
      nodes: lastOf(nodes.rows).map(([node, watts]) => ({ node, power: watts })),
      gaps: gapsOf([activity, power, pods, nodes]),
      isWhole: activity.isWhole && power.isWhole,
    };
  }

  async #ask<T>(list: keyof UsageQueries, { grid, labels, read }: Series<T>, abort: AbortSignal): Promise<Found<T>> {
    const queries = this.#queries[list];
    const { figureOf, most } = FIGURES[list];
    const terms = { step: grid.step, matchers: this.#matchers };
    const promqls = queries.map((query) => promqlOf(query, { figure: list, labels, ...terms }));
    const asked = await askColumns(this.#prometheus, { promqls, read, figureOf, most }, grid, abort);
    const around = { prometheus: this.#prometheus, labels: this.#labels, at: gridEnd(grid), terms };
    const isWhole = asked.every(({ error, inPart }) => error === undefined && inPart === undefined);
    return {
      list,
      isWhole,
      rows: firstKnown(asked),
      problem: await problemOf({ list, queries, asked }, around, abort),
    };
  }
}

/** Which series are asked for. */
interface Series<T> {
  readonly grid: UsageGrid;
  readonly labels: readonly string[];
  readonly read: (labels: PrometheusSeries['labels']) => Named<T> | undefined;
}

interface Found<T> {
  readonly list: keyof UsageQueries;
  readonly rows: ReadonlyMap<string, Row<T>>;
  readonly problem: SourceError | undefined;
  readonly isWhole: boolean;
}

function asQueries(queries: Partial<Record<keyof UsageQueries, readonly string[]>>): Partial<UsageQueries> {
  return Object.fromEntries(
    Object.entries(queries).map(([list, texts]) => [list, texts.map((promql) => ({ promql }))] as const),
  );
}

/** By key; what no column of is known is left out. */
function lastOf<T>(rows: ReadonlyMap<string, Row<T>>): readonly (readonly [T, Watts])[] {
  return [...rows.keys()].sort().flatMap((key) => {
    const row = rows.get(key);
    const last = row?.values.findLast((watts) => !Number.isNaN(watts));
    return row === undefined || last === undefined ? [] : [[row.of, last as Watts] as const];
  });
}

/** One for each figure: a fault comes before what is simply not there, as Kepler's pods where its nodes can't be told. */
function gapsOf(found: readonly Found<unknown>[]): readonly UsageGap[] {
  return USAGE_FIGURES.flatMap((figure) => {
    const errors = found.flatMap(({ list, problem }) =>
      FIGURES[list].figure === figure && problem !== undefined ? [problem] : [],
    );
    const error = errors.find(({ code }) => code !== 'NoData') ?? errors[0];
    return error === undefined ? [] : [{ figure, error }];
  });
}
