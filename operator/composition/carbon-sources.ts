import { FileSource } from '../adapters/carbon/file/file-source.ts';
import { TypicalDaySource } from '../adapters/carbon/typical-day/typical-day-source.ts';
import { firstUsable } from '../adapters/decorators/first-usable.ts';
import type { CarbonSourceConfig } from '../config/config.ts';
import { timeLimited } from '../adapters/decorators/time-limited.ts';
import { SECOND_MS } from '../domain/units.ts';
import type { CarbonLadder, CarbonSource } from '../ports/carbon.ts';
import type { Clock } from '../ports/clock.ts';

/** For one answer of one source, before the next is asked. */
const ANSWER_LIMIT_MS = 10 * SECOND_MS;

/** The configured sources, best first, as one ladder. */
export function carbonLadder(sources: readonly CarbonSourceConfig[], clock: Clock): CarbonLadder {
  return firstUsable(sources.map((source) => timeLimited(carbonSource(source), { clock, limitMs: ANSWER_LIMIT_MS })));
}

function carbonSource(source: CarbonSourceConfig): CarbonSource {
  switch (source.kind) {
    case 'file':
      return new FileSource(source);
    case 'typicalDay':
      return new TypicalDaySource();
  }
}
