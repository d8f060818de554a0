import type { IntensitySample } from '../../domain/intensity.ts';
import type { Interval } from '../../domain/interval.ts';
import { cutTo } from '../../domain/samples.ts';
import type { Site } from '../../domain/site.ts';
import type { Strip } from '../page/page.ts';

/** The intensity of a site's zone within a span, with the windows in which something runs there. */
export function intensityStrip(
  { name, zone }: Pick<Site, 'name' | 'zone'>,
  samples: readonly IntensitySample[],
  span: Interval,
  windows: readonly Interval[],
): Strip {
  const figures = cutTo(samples, span).map(({ startsAt, endsAt, gramsPerKilowattHour: value }) => {
    return { startsAt, endsAt, value };
  });
  return { label: `${name} (${zone})`, figures, windows };
}
