import type { IntensityFile } from '../../../adapters/carbon/file/intensity-file.ts';
import type { IntensitySeries, Signal } from '../../../domain/intensity.ts';
import { UsageError } from '../../answer.ts';
import type { NamedFile } from './files.ts';
import type { Series } from './foresight.ts';

/** What came in the zones. Throws {@link UsageError} where one is not in the file, or they count unlike things. */
export function cameIn(file: IntensityFile, zones: readonly string[], signal: Signal, { name }: NamedFile): Series {
  const missing = zones.filter((zone) => !file.zones.get(zone)?.has(signal));
  if (missing.length > 0) {
    const known = [...file.zones].flatMap(([zone, signals]) => (signals.has(signal) ? [zone] : []));
    const there =
      known.length === 0 ? `it has no ${signal} intensity at all` : `it has ${signal} intensity of ${known.join(', ')}`;
    throw new UsageError(
      `intensity file ${name} lacks ${missing.join(', ')}: ${there}; add the zone, or leave out its sites`,
    );
  }
  const came = seriesIn(file, zones, signal, name);
  const scopes = new Set([...came.values()].map(({ scope }) => scope));
  if (scopes.size > 1) {
    throw new UsageError(
      `intensity file ${name} has zones of unlike scopes, ${[...scopes].join(' and ')}: grams of them can't be added`,
    );
  }
  return came;
}

/** What a forecast says of the zones; one that it leaves out is not foreseen. */
export function seriesIn(file: IntensityFile, zones: readonly string[], signal: Signal, source: string): Series {
  const found = new Map<string, IntensitySeries>();
  for (const zone of zones) {
    const known = file.zones.get(zone)?.get(signal);
    if (known === undefined) continue;
    const issuedAt = file.issuedAt ?? known.samples[0]?.startsAt ?? 0;
    found.set(zone, { zone, signal, source, issuedAt, perspective: 'History', synthetic: false, ...known });
  }
  return found;
}
