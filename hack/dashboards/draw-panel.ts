import type { Block, Strip } from '../../operator/cli/page/page.ts';
import type { Interval } from '../../operator/domain/interval.ts';
import type { DurationMs, EpochMs } from '../../operator/domain/units.ts';
import { askCurves, askFigures, askTable, type Asked, type Curve, type Figure } from './ask-panel.ts';
import type { PanelFile } from './dashboard-file.ts';
import type { Table } from './merged-table.ts';
import { axisOf, shownIn } from './shown-in.ts';

/** What is looked at: curves over all of the span, figures and tables at a moment of it. */
export interface Look {
  readonly span: Interval;
  readonly step: DurationMs;
  readonly at: EpochMs;
}

/** A panel with the answers to its queries: its title, a picture or a table, and its description. */
export async function drawPanel(asked: Asked, { span, step, at }: Look): Promise<readonly Block[]> {
  const { panel } = asked;
  const heading: Block = { kind: 'heading', text: panel.title };
  const description: Block = { kind: 'text', text: panel.description ?? '', tone: 'dim' };
  if (panel.type === 'table') return [heading, description, tableBlock(panel, await askTable(asked, at))];
  if (panel.type !== 'timeseries') return [barsBlock(panel, await askFigures(asked, at)), description];
  return [heading, description, timelineBlock(panel, await askCurves(asked, span, step), { span, step, at })];
}

function tableBlock({ fieldConfig }: PanelFile, { columns, rows }: Table): Block {
  const units = columns.map((column) => {
    const properties = fieldConfig?.overrides.find(({ matcher }) => matcher.options === column)?.properties ?? [];
    const unit = properties.find(({ id }) => id === 'unit')?.value;
    return typeof unit === 'string' ? unit : undefined;
  });
  return {
    kind: 'table',
    columns: columns.map((title, index) => ({ title, align: units[index] === undefined ? 'left' : 'right' })),
    rows: rows.map((row) => ({
      cells: row.map((cell, index) => (typeof cell === 'number' ? shownIn(units[index], cell) : cell)),
    })),
    ifEmpty: 'No rows.',
  };
}

function barsBlock({ title, fieldConfig }: PanelFile, figures: readonly Figure[]): Block {
  if (figures.length === 0) return { kind: 'text', text: `${title}: unknown` };
  const unit = fieldConfig?.defaults.unit;
  const bars = figures.map(({ legend, value }) => ({ label: legend, value, shown: shownIn(unit, value) }));
  return { kind: 'bars', title, bars };
}

function timelineBlock({ fieldConfig }: PanelFile, curves: readonly Curve[], { span, step, at }: Look): Block {
  if (curves.length === 0) return { kind: 'text', text: 'unknown' };
  const { factor, unit } = axisOf(fieldConfig?.defaults.unit);
  const strips = curves.map(({ legend, points }): Strip => {
    const figures = [...points].map(([startsAt, value]) => ({
      startsAt,
      endsAt: startsAt + step,
      value: value * factor,
    }));
    return { label: legend, figures, windows: [] };
  });
  return { kind: 'timeline', span, unit, strips, marks: [{ at, label: 'now' }] };
}
