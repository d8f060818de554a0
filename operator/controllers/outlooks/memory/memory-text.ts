import type { RememberedForecast } from '../../../ports/carbon.ts';
import type { ZoneMemory } from './carbon-memory.ts';
import { forecastIn, textOfForecast, type ForecastText } from './forecast-text.ts';
import { textOfZone, zoneIn, type ZoneText } from './zone-text.ts';

/** All that outlives a restart. */
export interface KeptKnowledge {
  readonly zones: readonly ZoneMemory[];
  readonly forecasts: readonly RememberedForecast[];
}

const VERSION = 1;
/** Of each: 150 zones with two signals fit a ConfigMap. What goes beyond it is learnt anew after a restart. */
const MOST_ENTRIES = 300;

export function textOfKnowledge({ zones, forecasts }: KeptKnowledge): string {
  const newestFirst = forecasts.toSorted((a, b) => b.askedAt - a.askedAt).slice(0, MOST_ENTRIES);
  return JSON.stringify({
    version: VERSION,
    zones: zones.slice(0, MOST_ENTRIES).map(textOfZone),
    forecasts: newestFirst.map(textOfForecast),
  });
}

/** Throws where the text is of another version or no JSON; an entry that is not as it is written here is left out. */
export function knowledgeIn(text: string): KeptKnowledge {
  const kept = JSON.parse(text) as {
    version?: number;
    zones?: readonly ZoneText[];
    forecasts?: readonly ForecastText[];
  } | null;
  if (kept?.version !== VERSION)
    throw new Error(`it is of version ${String(kept?.version)}, this operator reads ${String(VERSION)}`);
  const { zones = [], forecasts = [] } = kept;
  return {
    zones: zones.slice(0, MOST_ENTRIES).flatMap((zone) => readable(() => zoneIn(zone))),
    forecasts: forecasts.slice(0, MOST_ENTRIES).flatMap((forecast) => readable(() => forecastIn(forecast))),
  };
}

function readable<T>(read: () => T): readonly T[] {
  try {
    return [read()];
  } catch {
    return [];
  }
}
