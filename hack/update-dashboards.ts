import { pathToFileURL } from 'node:url';
import { FLEET } from './dashboards/fleet.ts';
import { grafanaJson } from './dashboards/grafana-json.ts';
import { JOBS } from './dashboards/jobs.ts';
import { updateGenerated, type GeneratedFile } from './generated-files.ts';

const COMMAND = 'node hack/update-dashboards.ts';

/** The dashboards as Grafana reads them. The chart has copies: `node hack/update-chart.ts` comes after this. */
function generateDashboards(): readonly GeneratedFile[] {
  return [FLEET, JOBS].map((dashboard) => ({
    path: `monitoring/dashboards/${dashboard.name}.json`,
    content: JSON.stringify(grafanaJson(dashboard)),
  }));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.exitCode = await updateGenerated(generateDashboards(), {
    check: process.argv.includes('--check'),
    command: COMMAND,
    report: console.log,
  });
}
