import { FileSource } from '../adapters/carbon/file/file-source.ts';
import { TypicalDaySource } from '../adapters/carbon/typical-day/typical-day-source.ts';
import { firstUsable } from '../adapters/decorators/first-usable.ts';
import type { CarbonSourceConfig } from '../config/config.ts';
import type { CarbonLadder, CarbonSource } from '../ports/carbon.ts';

/** The configured sources, best first, as one ladder. */
export function carbonLadder(sources: readonly CarbonSourceConfig[]): CarbonLadder {
  return firstUsable(sources.map(carbonSource));
}

function carbonSource(source: CarbonSourceConfig): CarbonSource {
  switch (source.kind) {
    case 'file':
      return new FileSource(source);
    case 'typicalDay':
      return new TypicalDaySource();
  }
}
