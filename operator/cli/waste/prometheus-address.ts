import { UsageError } from '../answer.ts';

/** Where a Prometheus is, or what speaks its API. */
export type PrometheusAddress =
  | { readonly kind: 'Url'; readonly url: string }
  | {
      readonly kind: 'Service';
      readonly namespace: string;
      /** As the API server's path names it: `prometheus:9090`, `https:prometheus:web`. */
      readonly service: string;
      /** Of Prometheus behind the service; empty or with a slash before it. */
      readonly path: string;
    };

const SERVICE = /^service:([a-z0-9-]+)\/((?:https?:)?[a-z0-9-]+:[a-z0-9-]+)(\/[^?#]*)?$/;
const HOW = 'write http://HOST:PORT, or service:NAMESPACE/NAME:PORT for a Service of the cluster';

/** Reads what the command line says. Throws {@link UsageError}; the message repeats no password. */
export function prometheusAddress(text: string): PrometheusAddress {
  const [, namespace, service, path = ''] = SERVICE.exec(text) ?? [];
  if (namespace !== undefined && service !== undefined) {
    return { kind: 'Service', namespace, service, path: withoutSlash(path) };
  }
  if (text.startsWith('service:')) throw new UsageError(`--prometheus is "${text}": ${HOW}`);
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) throw new UsageError(`--prometheus is no address: ${HOW}`);
  const { hash, password, search, username } = new URL(text);
  if (username !== '' || password !== '') {
    throw new UsageError(`--prometheus has a user in it, which would show in messages: ${HOW}`);
  }
  if (search !== '' || hash !== '') {
    throw new UsageError(
      `--prometheus has "${search}${hash}" at its end: ${HOW}, with its path prefix where it has one`,
    );
  }
  return { kind: 'Url', url: withoutSlash(text) };
}

/** Its address behind the service proxy of an API server, whose own address may have a path. */
export function throughServiceProxy(
  server: URL,
  { namespace, path, service }: Extract<PrometheusAddress, { kind: 'Service' }>,
): string {
  return `${withoutSlash(server.href)}/api/v1/namespaces/${namespace}/services/${service}/proxy${path}`;
}

function withoutSlash(text: string): string {
  return text.replace(/\/+$/, '');
}
