import type { HttpClient, HttpRefusal } from '../../ports/http.ts';
import { SourceError, type SourceErrorCode } from '../../ports/source-error.ts';

/** A Status object (meta/v1): what refuses is the API server, not what is behind it. */
const STATUS = /"kind"\s*:\s*"Status"/;

/**
 * What an API server answers in place of the Service that is behind it, in words that name the Service and what to do.
 * @param service `NAMESPACE/NAME:PORT`
 */
export function ofService(http: HttpClient, service: string): HttpClient {
  return {
    getJson: (request, abort) =>
      http.getJson(
        {
          ...request,
          meaningOf: (refusal) => refusalOfApiServer(refusal, service) ?? request.meaningOf?.(refusal),
        },
        abort,
      ),
  };
}

function refusalOfApiServer({ body, status }: HttpRefusal, service: string): SourceError | undefined {
  if (!STATUS.test(body)) return undefined;
  const words = /"message"\s*:\s*"((?:[^"\\]|\\.)*)/.exec(body)?.[1]?.replaceAll(/\\(.)/g, '$1') ?? '';
  const [code, remedy] = meaningOf(status, service);
  return new SourceError(code, `service ${service}: ${words} (HTTP ${String(status)}); ${remedy}`);
}

function meaningOf(status: number, service: string): readonly [SourceErrorCode, string] {
  const [namespace = ''] = service.split('/');
  if (status === 401) return ['Unauthorised', 'log in to the cluster again'];
  if (status === 403) return ['Unauthorised', `ask an admin for the right to get services/proxy in ${namespace}`];
  if (status === 404) return ['Malformed', `kubectl get services -n ${namespace} lists what is there`];
  if (status === 400) return ['Malformed', 'look at the name and the port of the service'];
  return ['Unavailable', `kubectl get endpointslices -n ${namespace} tells whether a pod is behind it`];
}
