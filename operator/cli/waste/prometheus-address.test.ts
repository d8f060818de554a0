import { describe, expect, test } from '@jest/globals';
import { UsageError } from '../answer.ts';
import { prometheusAddress, throughServiceProxy } from './prometheus-address.ts';

describe('an address of Prometheus', () => {
  test('is a URL, with its path prefix', () => {
    expect(prometheusAddress('http://127.0.0.1:9090/')).toEqual({ kind: 'Url', url: 'http://127.0.0.1:9090' });
    expect(prometheusAddress('https://metrics.example/prometheus')).toEqual({
      kind: 'Url',
      url: 'https://metrics.example/prometheus',
    });
  });

  test('is a Service of the cluster, by the number or the name of a port', () => {
    const [service, path] = ['prometheus-operated:9090', ''];
    expect(prometheusAddress(`service:monitoring/${service}`)).toEqual({
      ...{ kind: 'Service', namespace: 'monitoring', service, path },
    });
    expect(prometheusAddress('service:mimir/https:gateway:web/prometheus/')).toEqual({
      ...{ kind: 'Service', namespace: 'mimir', service: 'https:gateway:web', path: '/prometheus' },
    });
  });

  test.each([
    ['service:prometheus:9090', 'service:NAMESPACE/NAME:PORT'],
    ['service:monitoring/prometheus', 'service:NAMESPACE/NAME:PORT'],
    ['service:monitoring/../secrets:1', 'service:NAMESPACE/NAME:PORT'],
    ['service:a/b:1/?query=x', 'service:NAMESPACE/NAME:PORT'],
    ['prometheus:9090', 'is no address'],
    ['ftp://host', 'is no address'],
    ['http://host/?a=b', 'has "?a=b" at its end'],
    ['http://me:geheim@host', 'has a user in it'],
  ])('is not %s', (text, words) => {
    const error = thrownBy(() => prometheusAddress(text));
    expect(error).toBeInstanceOf(UsageError);
    expect(String(error)).toContain(words);
    expect(String(error)).not.toContain('geheim');
  });
});

test('a Service is behind its API server, which may itself be behind a path', () => {
  const address = prometheusAddress('service:monitoring/prometheus:web/prefix');
  if (address.kind !== 'Service') throw new Error('no service');
  const path = 'api/v1/namespaces/monitoring/services/prometheus:web/proxy/prefix';
  expect(throughServiceProxy(new URL('https://10.0.0.1:6443'), address)).toBe(`https://10.0.0.1:6443/${path}`);
  expect(throughServiceProxy(new URL('https://rancher/k8s/c-1/'), address)).toBe(`https://rancher/k8s/c-1/${path}`);
});

function thrownBy(act: () => unknown): unknown {
  try {
    act();
    return undefined;
  } catch (error) {
    return error;
  }
}
