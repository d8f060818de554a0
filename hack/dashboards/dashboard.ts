/** A dashboard as it is thought of; `grafana-json.ts` makes of it what Grafana reads. */
export interface Dashboard {
  /** Also the name of its file, and the end of its address in Grafana. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly variables: readonly LabelVariable[];
  readonly rows: readonly Row[];
}

/** What the reader may narrow everything down by: the values of a label. */
export interface LabelVariable {
  readonly name: string;
  readonly label: string;
  /** A selector of the series that have the label, e.g. `sunward_jobs`. */
  readonly series: string;
}

export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

/** Ids of Grafana's own units; `si:g/h` is scaled to kg/h, and `suffix:` is written as it is. */
export type Unit =
  'short' | 'percentunit' | 'watt' | 's' | 'none' | 'massg' | 'si:g/h' | 'suffix:g/kWh' | 'suffix:per hour';

interface AnyPanel {
  readonly title: string;
  /** What the reader should know who sees it for the first time. */
  readonly description: string;
  /** Of 24 columns. */
  readonly width: number;
}

export interface Query {
  /** PromQL with Grafana's variables. */
  readonly expr: string;
  /** Name of each series, with its labels in double braces. */
  readonly legend: string;
}

/** What holds at the end of the time that is shown, one figure a series. */
export interface FiguresPanel extends AnyPanel {
  readonly kind: 'stat' | 'bargauge';
  readonly unit: Unit;
  readonly queries: readonly Query[];
  /** From this value on it is shown in red. */
  readonly badFrom?: number;
  /** Words for 0 and 1. */
  readonly words?: readonly [string, string];
}

export interface OverTimePanel extends AnyPanel {
  readonly kind: 'timeseries';
  readonly unit: Unit;
  readonly queries: readonly Query[];
  /** Whether the series add up to something. */
  readonly stacked?: boolean;
  /** End of the axis, where there is one by nature. */
  readonly max?: number;
}

/** Queries side by side, joined by the labels that they have in common; what holds at the end of the time that is shown. */
export interface TablePanel extends AnyPanel {
  readonly kind: 'table';
  readonly columns: readonly Column[];
  /** Title of the column by which it is sorted, the largest first. */
  readonly sortedBy?: string;
}

export type Column =
  | { readonly title: string; readonly label: string }
  | { readonly title: string; readonly expr: string; readonly unit: Unit }
  /** A query that gives rows, and no figure that anybody reads. */
  | { readonly expr: string; readonly hidden: true };

export type Panel = FiguresPanel | OverTimePanel | TablePanel;
