import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** As much of a dashboard as its answers depend on, read from what Grafana reads. */
export interface DashboardFile {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly panels: readonly PanelFile[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly definition?: string }[] };
}

export interface PanelFile {
  readonly id: number;
  readonly type: 'row' | 'stat' | 'bargauge' | 'timeseries' | 'table';
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  /** A row has none. */
  readonly targets?: readonly TargetFile[];
  readonly transformations?: readonly { readonly id: string; readonly options: OrganizeOptions }[];
  readonly fieldConfig?: {
    readonly defaults: { readonly unit?: string };
    readonly overrides: readonly {
      readonly matcher: { readonly options: string };
      readonly properties: readonly { readonly id: string; readonly value: unknown }[];
    }[];
  };
  readonly options?: { readonly sortBy?: readonly { readonly displayName: string }[] };
}

export interface TargetFile {
  readonly refId: string;
  readonly expr: string;
  readonly legendFormat?: string;
  readonly instant: boolean;
}

export interface OrganizeOptions {
  readonly excludeByName?: Readonly<Record<string, boolean>>;
  readonly indexByName?: Readonly<Record<string, number>>;
  readonly renameByName?: Readonly<Record<string, string>>;
}

const FOLDER = 'monitoring/dashboards';

export async function readDashboards(): Promise<readonly DashboardFile[]> {
  const names = (await readdir(FOLDER)).toSorted();
  return Promise.all(
    names.map(async (name) => JSON.parse(await readFile(join(FOLDER, name), 'utf8')) as DashboardFile),
  );
}

/** Panels that show something. */
export function panelsOf({ panels }: DashboardFile): readonly PanelFile[] {
  return panels.filter(({ type }) => type !== 'row');
}
