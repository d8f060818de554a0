import { timeLimited } from '../../adapters/decorators/http/time-limited.ts';
import { AxiosClient } from '../../adapters/http/axios-client.ts';
import { Connection, type CredentialSource } from '../../adapters/kubernetes/client/connection.ts';
import { PrometheusClient } from '../../adapters/prometheus/prometheus-client.ts';
import { SECOND_MS } from '../../domain/units.ts';
import type { HttpClient } from '../../ports/http.ts';
import type { PrometheusQuery } from '../../ports/prometheus-query.ts';
import { steadyClock } from '../../runtime/clocks.ts';
import { silentLogger } from '../../runtime/silent-logger.ts';
import { UsageError } from '../answer.ts';
import { throughServiceProxy, type PrometheusAddress } from './prometheus-address.ts';
import { ofService } from './api-server-refusals.ts';

/** For one query; somebody waits before the terminal. */
const REQUEST_LIMIT_MS = 30 * SECOND_MS;
/** Six hours of some thousand devices by the minute. */
const MAX_REPLY_BYTES = 128 * 1024 * 1024;
const MAX_SOCKETS = 4;

/** A way to Prometheus, to be closed after use. */
export interface PrometheusAccess {
  readonly prometheus: PrometheusQuery;
  readonly close: () => void;
}

/**
 * Only ever asks, by GET. A Service of the cluster is reached through its API server, as the user.
 * @param credentials of the cluster; without one a Service throws {@link UsageError}
 */
export function prometheusAt(address: PrometheusAddress, credentials: CredentialSource | undefined): PrometheusAccess {
  if (address.kind === 'Url') {
    const http = new AxiosClient({ clock: steadyClock, maxReplyBytes: MAX_REPLY_BYTES });
    return { prometheus: clientOf(http, address.url), close: () => http.close() };
  }
  if (credentials === undefined) {
    throw new UsageError('--prometheus names a Service, which only a cluster has: leave out --sites, or write its URL');
  }
  const connection = new Connection({
    ...{ source: credentials, clock: steadyClock, logger: silentLogger, maxSockets: MAX_SOCKETS },
  });
  const http = new AxiosClient({
    clock: steadyClock,
    maxReplyBytes: MAX_REPLY_BYTES,
    access: () => connection.access(),
  });
  const { namespace, service } = address;
  return {
    prometheus: clientOf(ofService(http, `${namespace}/${service}`), throughServiceProxy(connection.server, address)),
    close: () => {
      http.close();
      connection.close();
    },
  };
}

function clientOf(http: HttpClient, url: string): PrometheusClient {
  return new PrometheusClient({ http: timeLimited(http, { clock: steadyClock, limitMs: REQUEST_LIMIT_MS }), url });
}
