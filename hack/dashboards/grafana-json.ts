import type { Dashboard, LabelVariable, Panel } from './dashboard.ts';
import { DATASOURCE, panelJson, type JsonObject } from './grafana-panels.ts';

/** Of Grafana 11. Newer versions bring it up to theirs as they load it. */
const SCHEMA_VERSION = 39;
const COLUMNS = 24;
const ROW_HEIGHT = 1;
const HEIGHTS: Readonly<Record<Panel['kind'], number>> = { stat: 4, timeseries: 8, bargauge: 8, table: 8 };

/** As Grafana reads it. */
export function grafanaJson({ name, title, description, variables, rows }: Dashboard): JsonObject {
  return {
    uid: `sunward-${name}`,
    title,
    description,
    tags: ['sunward'],
    schemaVersion: SCHEMA_VERSION,
    version: 1,
    editable: true,
    graphTooltip: 1,
    refresh: '1m',
    time: { from: 'now-24h', to: 'now' },
    timezone: 'browser',
    annotations: { list: [] },
    links: [
      {
        type: 'dashboards',
        title: 'Sunward',
        tags: ['sunward'],
        asDropdown: false,
        keepTime: true,
        includeVars: true,
        icon: 'external link',
        url: '',
        tooltip: '',
        targetBlank: false,
      },
    ],
    templating: { list: [datasourceVariable(), ...variables.map(labelVariable)] },
    panels: placed(rows),
  };
}

function datasourceVariable(): JsonObject {
  return {
    name: 'datasource',
    label: 'Data source',
    type: 'datasource',
    query: 'prometheus',
    refresh: 1,
    regex: '',
    hide: 0,
    multi: false,
    includeAll: false,
    options: [],
    current: {},
  };
}

/** All of them is also what has no such label: a Prometheus that has one cluster need not name it. */
function labelVariable({ name, label, series }: LabelVariable): JsonObject {
  const query = `label_values(${series}, ${name})`;
  return {
    name,
    label,
    type: 'query',
    datasource: DATASOURCE,
    definition: query,
    query: { query, refId: 'PrometheusVariableQueryEditor-VariableQuery', qryType: 1 },
    multi: true,
    includeAll: true,
    allValue: '.*',
    current: { text: ['All'], value: ['$__all'] },
    options: [],
    refresh: 2,
    regex: '',
    sort: 1,
    hide: 0,
  };
}

/** Rows one below the other, and their panels side by side as long as there is room. */
function placed(rows: Dashboard['rows']): readonly JsonObject[] {
  let id = 0;
  let y = 0;
  return rows.flatMap(({ title, panels }) => {
    const head: JsonObject = {
      id: ++id,
      type: 'row',
      title,
      collapsed: false,
      gridPos: { h: ROW_HEIGHT, w: COLUMNS, x: 0, y },
      panels: [],
    };
    y += ROW_HEIGHT;
    let [x, height] = [0, 0];
    const below = panels.map((panel) => {
      if (x + panel.width > COLUMNS) {
        y += height;
        [x, height] = [0, 0];
      }
      const gridPos = { h: HEIGHTS[panel.kind], w: panel.width, x, y };
      x += panel.width;
      height = Math.max(height, gridPos.h);
      return { id: ++id, ...panelJson(panel), gridPos };
    });
    y += height;
    return [head, ...below];
  });
}
