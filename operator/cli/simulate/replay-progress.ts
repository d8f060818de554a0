import type { ReplayProgress } from '../../simulation/replay.ts';
import { formatTime } from '../../api/v1alpha1/timestamps.ts';
import type { DurationMs } from '../../domain/units.ts';
import type { Terminal } from '../terminal.ts';

/** What is over by then needs no words. */
const SILENT_MS: DurationMs = 1_000;
const EVERY_MS: DurationMs = 200;

/** Shows how far a replay of so many jobs is, not more often than one can read. */
export function replayProgress(
  jobs: number,
  { clock, progress }: Pick<Terminal, 'clock' | 'progress'>,
): { readonly onPlan: (step: ReplayProgress) => void; readonly reckonsBound: () => void; readonly end: () => void } {
  let next = clock.now() + SILENT_MS;
  let isShown = false;
  const show = (line: string): void => {
    isShown = true;
    progress(line);
  };
  return {
    onPlan: ({ now, done }) => {
      if (clock.now() < next) return;
      next = clock.now() + EVERY_MS;
      show(`replayed to ${formatTime(now)}: ${String(done)} of ${String(jobs)} jobs done`);
    },
    reckonsBound: () => {
      if (isShown) show('replayed; now the bound');
    },
    end: () => {
      if (isShown) progress('');
    },
  };
}
