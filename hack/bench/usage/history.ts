import type { EpochMs } from '../../../operator/domain/units.ts';
import { NAMESPACE, type Fleet, type FleetGpu } from './fleet.ts';

const SCRAPED_EVERY_MS = 60_000;

/** What Prometheus would have of the DCGM exporter, scraped each minute: OpenMetrics text with timestamps. */
export function historyOf(
  { gpus }: Fleet,
  { from, until }: { readonly from: EpochMs; readonly until: EpochMs },
): string {
  const instants: number[] = [];
  for (let at = from; at <= until; at += SCRAPED_EVERY_MS) instants.push(at / 1_000);
  const family = (name: string, valueOf: (gpu: FleetGpu) => number): string[] => [
    `# TYPE ${name} gauge\n`,
    ...gpus.map((gpu) => {
      const series = `${name}{${labelsOf(gpu)}} ${String(valueOf(gpu))} `;
      return instants.map((at) => `${series}${String(at)}\n`).join('');
    }),
  ];
  return [
    ...family('DCGM_FI_PROF_GR_ENGINE_ACTIVE', ({ active }) => active),
    ...family('DCGM_FI_DEV_POWER_USAGE', ({ watts }) => watts),
    '# EOF\n',
  ].join('');
}

/** Those of the exporter that tell devices apart; the others would only make the text longer. */
function labelsOf({ index, node, pod, uuid }: FleetGpu): string {
  return `gpu="${String(index)}",UUID="${uuid}",Hostname="${node}",namespace="${NAMESPACE}",pod="${pod}"`;
}
