/** `make dashboards`: every panel of the dashboards, drawn from what its queries answer on a day that is made up. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pageAsHtml } from '../../operator/cli/page/html/page-as-html.ts';
import type { Block } from '../../operator/cli/page/page.ts';
import { HOUR_MS, MINUTE_MS } from '../../operator/domain/units.ts';
import { DAY_ENDS, DAY_STARTS } from '../../test/builders/dashboard-day/scrape.ts';
import { readDashboards } from './dashboard-file.ts';
import { drawPanel, type Look } from './draw-panel.ts';
import { startMadeUpDay } from './made-up-day.ts';

const FOLDER = 'out/dashboards';
const LOOK: Look = {
  span: { startsAt: DAY_STARTS, endsAt: DAY_ENDS },
  step: 5 * MINUTE_MS,
  at: DAY_STARTS + 15.5 * HOUR_MS,
};

const abort = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    abort.abort(new Error(signal));
  });
}

const prometheus = await startMadeUpDay({ progress: console.log }, abort.signal);
try {
  await mkdir(FOLDER, { recursive: true });
  for (const { uid, title, description, panels } of await readDashboards()) {
    const blocks: Block[] = [{ kind: 'text', text: description }];
    for (const panel of panels) {
      if (panel.type === 'row') blocks.push({ kind: 'text', text: panel.title, tone: 'strong' });
      else blocks.push(...(await drawPanel({ url: prometheus.url, panel }, LOOK)));
    }
    const path = join(FOLDER, `${uid}.html`);
    await writeFile(
      path,
      pageAsHtml({ title, blocks }, { madeBy: 'A day that is made up', madeAt: 'see test/builders/dashboard-day' }),
    );
    console.log(`    ${path}`);
  }
} finally {
  await prometheus.stop();
}
