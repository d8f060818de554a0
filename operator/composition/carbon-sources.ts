import { CarbonAwareSdkSource } from '../adapters/carbon/carbon-aware-sdk/source.ts';
import { ElectricityMapsSource } from '../adapters/carbon/electricity-maps/source.ts';
import { EnergyChartsSource } from '../adapters/carbon/energy-charts/source.ts';
import { FileSource } from '../adapters/carbon/file/file-source.ts';
import { PrometheusSource } from '../adapters/carbon/prometheus/source.ts';
import { TypicalDaySource } from '../adapters/carbon/typical-day/typical-day-source.ts';
import { UkCarbonIntensitySource } from '../adapters/carbon/uk-carbon-intensity/source.ts';
import { WattTimeSource } from '../adapters/carbon/watttime/source.ts';
import { RememberedSource } from '../adapters/decorators/carbon/remembered.ts';
import { timeLimited } from '../adapters/decorators/carbon/time-limited.ts';
import type { CarbonSourceConfig } from '../config/data-config.ts';
import type { LadderSource } from '../controllers/outlooks/ladder.ts';
import { SECOND_MS, type DurationMs } from '../domain/units.ts';
import type { CarbonSource } from '../ports/carbon.ts';
import { prometheusClient, secretOf } from './prometheus.ts';
import type { Providers } from './providers.ts';
import type { Surroundings } from './surroundings.ts';

/** For one answer, before the next source is asked: of a file, and of a provider with all its retries. */
const FILE_LIMIT_MS = 10 * SECOND_MS;
const PROVIDER_LIMIT_MS = 60 * SECOND_MS;
/** The loop's interval is lengthened at random, never shortened: what is younger than this was asked in this very turn. */
const REFRESH_SHARE = 0.9;

/** What stands on the disk of this machine costs nothing to ask. */
const AT_HAND: readonly CarbonSourceConfig['kind'][] = ['file', 'typicalDay'];

/** The configured sources in their order, each with its memory. */
export function carbonSources(surroundings: Surroundings, providers: Providers): readonly LadderSource[] {
  const { clock, config } = surroundings;
  return config.carbon.sources.map((source) => {
    const isAtHand = AT_HAND.includes(source.kind);
    const limitMs: DurationMs = isAtHand ? FILE_LIMIT_MS : PROVIDER_LIMIT_MS;
    const asked = timeLimited(carbonSource(source, surroundings, providers), { clock, limitMs });
    const refreshMs = isAtHand ? 0 : REFRESH_SHARE * config.carbon.refresh;
    return {
      source: new RememberedSource(asked, { clock, refreshMs }),
      zones: source.zones === undefined ? undefined : new Set(source.zones),
      isProvider: !isAtHand,
    };
  });
}

function carbonSource(source: CarbonSourceConfig, surroundings: Surroundings, providers: Providers): CarbonSource {
  const { clock, config } = surroundings;
  const { carbonAwareSdk, electricityMaps, energyCharts, ukCarbonIntensity, wattTime } = config.providers;
  switch (source.kind) {
    case 'file':
      return new FileSource(source);
    case 'typicalDay':
      return new TypicalDaySource();
    case 'electricityMaps': {
      const { baseUrl, keyFile } = electricityMaps;
      const http = providers.httpFor('electricityMaps');
      return new ElectricityMapsSource({ ...source, http, clock, baseUrl, key: secretOf(keyFile, surroundings) });
    }
    case 'wattTime': {
      const { baseUrl, usernameFile, passwordFile } = wattTime;
      const username = secretOf(usernameFile, surroundings);
      const password = secretOf(passwordFile, surroundings);
      return new WattTimeSource({ ...source, http: providers.httpFor('wattTime'), clock, baseUrl, username, password });
    }
    case 'ukCarbonIntensity': {
      const http = providers.httpFor('ukCarbonIntensity');
      return new UkCarbonIntensitySource({ ...source, http, clock, baseUrl: ukCarbonIntensity.baseUrl });
    }
    case 'energyCharts':
      return new EnergyChartsSource({ http: providers.httpFor('energyCharts'), clock, baseUrl: energyCharts.baseUrl });
    case 'carbonAwareSdk': {
      const http = providers.httpFor('carbonAwareSdk');
      return new CarbonAwareSdkSource({ ...source, http, clock, baseUrl: carbonAwareSdk.baseUrl });
    }
    case 'prometheus':
      return new PrometheusSource({ ...source, prometheus: prometheusClient(surroundings, providers), clock });
  }
}
