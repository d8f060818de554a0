import type { EpochMs } from '../../../operator/domain/units.ts';
import { NAMESPACE, SHORT_MS, type Fleet, type FleetGpu } from './fleet.ts';

const SCRAPED_EVERY_MS = 60_000;

/** What Prometheus would have of the DCGM exporter, scraped each minute: OpenMetrics text with timestamps. */
export function historyOf(
  { gpus }: Fleet,
  { from, until }: { readonly from: EpochMs; readonly until: EpochMs },
): string {
  const family = (name: string, valueOf: (gpu: FleetGpu) => number): string[] => [
    `# TYPE ${name} gauge\n`,
    ...gpus.flatMap((gpu) =>
      holdersOf(gpu, from).map((holder) => {
        const series = `${name}{${labelsOf(gpu, holder.pod)}} ${String(valueOf(gpu))} `;
        return instantsOf(holder, { from, until })
          .map((at) => `${series}${String(at / 1_000)}\n`)
          .join('');
      }),
    ),
  ];
  return [
    ...family('DCGM_FI_PROF_GR_ENGINE_ACTIVE', ({ active }) => active),
    ...family('DCGM_FI_DEV_POWER_USAGE', ({ watts }) => watts),
    '# EOF\n',
  ].join('');
}

interface Holder {
  readonly pod: string;
  readonly since: EpochMs;
  readonly until: EpochMs;
}

/** The pods that held it one after the other, the last one first. */
function holdersOf({ heldSince, pod }: FleetGpu, from: EpochMs): readonly Holder[] {
  const holders: Holder[] = [{ pod, since: heldSince, until: Infinity }];
  for (let until = heldSince; until > from; until -= SHORT_MS) {
    holders.push({ pod: `${pod}-before-${String(holders.length)}`, since: until - SHORT_MS, until });
  }
  return holders;
}

function instantsOf(
  holder: Holder,
  { from, until }: { readonly from: EpochMs; readonly until: EpochMs },
): readonly EpochMs[] {
  const instants: EpochMs[] = [];
  for (let at = from; at <= until; at += SCRAPED_EVERY_MS) {
    if (at >= holder.since && at < holder.until) instants.push(at);
  }
  return instants;
}

/** Those of the exporter that tell devices apart; the others would only make the text longer. */
function labelsOf({ index, node, uuid }: FleetGpu, pod: string): string {
  return `gpu="${String(index)}",UUID="${uuid}",Hostname="${node}",namespace="${NAMESPACE}",pod="${pod}"`;
}
