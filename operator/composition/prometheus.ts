import { PrometheusClient } from '../adapters/prometheus/prometheus-client.ts';
import { SecretFile } from '../adapters/secret-file/secret-file.ts';
import type { PrometheusQuery } from '../ports/prometheus-query.ts';
import type { Secret } from '../ports/secrets.ts';
import type { Providers } from './providers.ts';
import type { Surroundings } from './surroundings.ts';

export function prometheusClient({ config }: Surroundings, providers: Providers): PrometheusQuery {
  const { baseUrl, tokenFile } = config.providers.prometheus;
  const token = tokenFile === undefined ? {} : { token: secretFile(tokenFile) };
  return new PrometheusClient({ http: providers.httpFor('prometheus'), url: baseUrl, ...token });
}

/** The configuration was refused where a file that is needed is not named. */
export function secretFile(path: string | undefined): Secret {
  if (path === undefined) throw new Error('a key file that is needed is not configured');
  return new SecretFile(path);
}
