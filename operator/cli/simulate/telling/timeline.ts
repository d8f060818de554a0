import { wholeHoursAround } from '../../../controllers/whole-hours.ts';
import { lengthOf, type Interval } from '../../../domain/interval.ts';
import type { Block, Strip } from '../../page/page.ts';
import { intensityStrip } from '../../show/strip.ts';
import type { Simulated } from './simulated.ts';

/** More jobs than these would be a heap of windows. */
const FEW = 3;

/** The intensity of each site where few jobs ran, with their windows. */
export function timelineBlocks({ gathered: { world, jobs }, simulation }: Simulated): readonly Block[] {
  if (jobs.length > FEW) return [];
  const { scenario } = world;
  const ends = simulation.jobs.flatMap(({ deadline, finishesAt = deadline, baseline }) => [
    deadline,
    finishesAt,
    baseline.finishesAt,
  ]);
  const whole = { startsAt: Math.min(...jobs.map(({ asked }) => asked.createdAt)), endsAt: Math.max(...ends) };
  const span = wholeHoursAround(whole.startsAt, { back: 0, ahead: lengthOf(whole) });
  if (lengthOf(span) <= 0) return [];
  const strips = scenario.sites.flatMap((site): readonly Strip[] => {
    const windows = simulation.jobs.flatMap(({ runs }) => runs.filter((run) => run.site === site.name));
    const isHome = simulation.jobs.some(({ baseline }) => baseline.site === site.name);
    if (windows.length === 0 && !isHome) return [];
    const samples = scenario.came.get(site.zone)?.samples ?? [];
    return [intensityStrip(site, samples, span, joined(windows))];
  });
  const [only, ...others] = simulation.jobs;
  const marks = only !== undefined && others.length === 0 ? [{ at: only.deadline, label: 'deadline' }] : [];
  return [
    { kind: 'heading', text: 'When they ran' },
    { kind: 'timeline', span, unit: 'g/kWh', strips, marks },
  ];
}

/** Windows that touch or overlap are one on the page. */
function joined(windows: readonly Interval[]): readonly Interval[] {
  const merged: { startsAt: number; endsAt: number }[] = [];
  for (const { startsAt, endsAt } of windows.toSorted((a, b) => a.startsAt - b.startsAt)) {
    const last = merged.at(-1);
    if (last !== undefined && startsAt <= last.endsAt) last.endsAt = Math.max(last.endsAt, endsAt);
    else merged.push({ startsAt, endsAt });
  }
  return merged;
}
