import { PrometheusClient } from '../adapters/prometheus/prometheus-client.ts';
import type { PrometheusQuery } from '../ports/prometheus-query.ts';
import type { Secret } from '../ports/secrets.ts';
import type { Providers } from './providers.ts';
import type { Surroundings } from './surroundings.ts';

/** @param use see {@link Providers.httpFor} */
export function prometheusClient(surroundings: Surroundings, providers: Providers, use?: string): PrometheusQuery {
  const { baseUrl, tokenFile } = surroundings.config.providers.prometheus;
  const token = tokenFile === undefined ? {} : { token: secretOf(tokenFile, surroundings) };
  return new PrometheusClient({ http: providers.httpFor('prometheus', use), url: baseUrl, ...token });
}

/** The configuration was refused where a file that is needed is not named. */
export function secretOf(path: string | undefined, { secretAt }: Surroundings): Secret {
  if (path === undefined) throw new Error('a key file that is needed is not configured');
  return secretAt(path);
}
