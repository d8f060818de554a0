import type { Column, FiguresPanel, OverTimePanel, Panel, TablePanel } from './dashboard.ts';

type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/** The reader chooses it. */
export const DATASOURCE: JsonObject = { type: 'prometheus', uid: '${datasource}' };
/** Not below the interval of scrapes, so that a rate has samples to be made of. */
const LEAST_STEP = '1m';

/** A panel without its place and its number. */
export function panelJson(panel: Panel): JsonObject {
  const { kind, title, description } = panel;
  const common = { type: kind, title, description, datasource: DATASOURCE };
  if (panel.kind === 'table') return { ...common, ...tableJson(panel) };
  return { ...common, ...(panel.kind === 'timeseries' ? overTimeJson(panel) : figuresJson(panel)) };
}

const refIdOf = (index: number): string => String.fromCharCode('A'.charCodeAt(0) + index);

function targetsJson({ queries }: FiguresPanel | OverTimePanel, isInstant: boolean): readonly JsonObject[] {
  return queries.map(({ expr, legend }, index) => ({
    refId: refIdOf(index),
    datasource: DATASOURCE,
    editorMode: 'code',
    expr,
    legendFormat: legend,
    instant: isInstant,
    range: !isInstant,
    ...(!isInstant && { interval: LEAST_STEP }),
  }));
}

function figuresJson(panel: FiguresPanel): JsonObject {
  const { kind, unit, badFrom, words } = panel;
  const reduceOptions = { calcs: ['lastNotNull'], fields: '', values: false };
  const steps = [{ color: 'text', value: null }, ...(badFrom === undefined ? [] : [{ color: 'red', value: badFrom }])];
  const mappings: Json =
    words === undefined
      ? []
      : [
          {
            type: 'value',
            options: {
              0: { text: words[0], color: 'orange', index: 0 },
              1: { text: words[1], color: 'green', index: 1 },
            },
          },
        ];
  return {
    targets: targetsJson(panel, true),
    fieldConfig: {
      defaults: {
        unit,
        ...(kind === 'bargauge' && { min: 0 }),
        color: { mode: 'thresholds' },
        thresholds: { mode: 'absolute', steps },
        mappings,
        noValue: 'unknown',
      },
      overrides: [],
    },
    options:
      kind === 'stat'
        ? {
            reduceOptions,
            colorMode: 'value',
            graphMode: 'none',
            justifyMode: 'auto',
            orientation: 'auto',
            textMode: 'value_and_name',
          }
        : { reduceOptions, displayMode: 'basic', orientation: 'horizontal', valueMode: 'text', showUnfilled: true },
  };
}

function overTimeJson(panel: OverTimePanel): JsonObject {
  const { unit, stacked = false, max } = panel;
  return {
    targets: targetsJson(panel, false),
    fieldConfig: {
      defaults: {
        unit,
        min: 0,
        ...(max !== undefined && { max }),
        color: { mode: 'palette-classic-by-name' },
        custom: {
          drawStyle: 'line',
          lineInterpolation: 'stepAfter',
          lineWidth: 1,
          fillOpacity: stacked ? 40 : 0,
          showPoints: 'never',
          // What nobody knows is a gap.
          spanNulls: false,
          stacking: { mode: stacked ? 'normal' : 'none', group: 'A' },
        },
      },
      overrides: [],
    },
    options: {
      legend: { showLegend: true, displayMode: 'table', placement: 'right', calcs: ['lastNotNull', 'max'] },
      tooltip: { mode: 'multi', sort: 'desc' },
    },
  };
}

type Figure = Extract<Column, { readonly expr: string }>;

function tableJson({ columns, sortedBy }: TablePanel): JsonObject {
  const figures = columns.filter((column): column is Figure => 'expr' in column);
  // Grafana names them so, and a single one without its letter.
  const fieldOf = (figure: Figure): string =>
    figures.length === 1 ? 'Value' : `Value #${refIdOf(figures.indexOf(figure))}`;
  const named = columns.flatMap((column) => {
    if ('hidden' in column) return [];
    return [{ ...column, field: 'label' in column ? column.label : fieldOf(column) }];
  });
  const hidden = figures.filter((figure) => 'hidden' in figure).map(fieldOf);
  const excluded = Object.fromEntries(['Time', ...hidden].map((field) => [field, true]));
  return {
    targets: figures.map((figure, index) => ({
      refId: refIdOf(index),
      datasource: DATASOURCE,
      editorMode: 'code',
      expr: figure.expr,
      format: 'table',
      instant: true,
      range: false,
    })),
    transformations: [
      { id: 'merge', options: {} },
      {
        id: 'organize',
        options: {
          excludeByName: excluded,
          indexByName: Object.fromEntries(named.map(({ field }, index) => [field, index])),
          renameByName: Object.fromEntries(named.map(({ field, title }) => [field, title])),
        },
      },
    ],
    fieldConfig: {
      defaults: { custom: { align: 'auto', filterable: true } },
      overrides: named.flatMap((column) =>
        'unit' in column
          ? [{ matcher: { id: 'byName', options: column.title }, properties: [{ id: 'unit', value: column.unit }] }]
          : [],
      ),
    },
    options: {
      showHeader: true,
      cellHeight: 'sm',
      ...(sortedBy !== undefined && { sortBy: [{ displayName: sortedBy, desc: true }] }),
    },
  };
}
