import { gzipSync } from 'node:zlib';
import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { InMemoryKubernetesApi } from '../../../test/fixtures/in-memory-kubernetes-api/in-memory-kubernetes-api.ts';
import { interceptedKubernetesApi, type Interceptor } from '../../../test/fixtures/intercepted-kubernetes-api.ts';
import { KubernetesApiError, type KubernetesApi, type KubernetesObject } from '../../ports/kubernetes-api.ts';
import { CONFIG_MAPS, ConfigMapState } from './config-map-state.ts';

const never = new AbortController().signal;
const REF = { namespace: 'sunward-system', name: 'sunward-carbon-memory' };
const OTHER = { fieldManager: 'someone-else' };

interface ConfigMap extends KubernetesObject {
  readonly data?: Readonly<Record<string, string>>;
  readonly binaryData?: Readonly<Record<string, string>>;
}

function build() {
  const api = new InMemoryKubernetesApi();
  const calls: string[] = [];
  let intercept: Interceptor = (_, proceed) => proceed();
  const seen = interceptedKubernetesApi(api, (call, proceed) => {
    calls.push(call.verb);
    return intercept(call, proceed);
  });
  const interceptBy = (next: Interceptor): void => {
    intercept = next;
  };
  return { api, calls, interceptBy, seen, state: new ConfigMapState(seen, REF) };
}

const stored = (api: KubernetesApi): Promise<ConfigMap> => api.get<ConfigMap>(CONFIG_MAPS, REF, never);
const another = (api: KubernetesApi): ConfigMapState => new ConfigMapState(api, REF);

describe('what is kept in a ConfigMap', () => {
  test('is nothing where there is none', async () => {
    const { calls, state } = build();
    expect(await state.load(never)).toBeUndefined();
    expect(calls).toEqual(['get']);
  });

  test('is read by another process as it was written, whatever it says', async () => {
    const { api, state } = build();
    for (const text of ['{"version":1}', '', 'Ærøskøbing ☀️\u0000\n', 'x'.repeat(3_000_000)]) {
      await state.save(text, never);
      expect(await another(api).load(never)).toBe(text);
    }
  });

  test('is compressed, and says whose it is', async () => {
    const { api, state } = build();
    await state.save('figure,'.repeat(100_000), never);
    const { metadata, binaryData } = await stored(api);
    expect(metadata.labels).toEqual({ 'app.kubernetes.io/name': 'sunward' });
    expect(Object.keys(binaryData ?? {})).toEqual(['state.gz']);
    expect(binaryData?.['state.gz']?.length).toBeLessThan(5_000);
  });

  test('is created with the first write and replaced with the others, one call each', async () => {
    const { calls, state } = build();
    for (const text of ['a', 'b', 'c']) await state.save(text, never);
    expect(calls).toEqual(['get', 'create', 'replace', 'replace']);
    expect(await state.load(never)).toBe('c');
  });

  test('needs no look before the first write where it was read', async () => {
    const { api, calls, state } = build();
    await another(api).save('of before', never);
    expect(await state.load(never)).toBe('of before');
    await state.save('of now', never);
    expect(calls).toEqual(['get', 'replace']);
  });

  test('is left alone where what is to be kept is too large, and the error says how large', async () => {
    const { api, state } = build();
    await state.save('what fits', never);
    const noise = randomBytes(900_000).toString('base64');
    await expect(state.save(noise, never)).rejects.toThrow(
      /^ConfigMap sunward-system\/sunward-carbon-memory would hold \d+ bytes, at most 768000 fit$/,
    );
    expect(await another(api).load(never)).toBe('what fits');
  });
});

describe('with another writer a ConfigMap', () => {
  test('that was written in between is read again, and then ours holds', async () => {
    const { api, calls, state } = build();
    await state.save('ours', never);
    await another(api).save('theirs', never);
    await state.save('ours again', never);
    expect(calls).toEqual(['get', 'create', 'replace', 'get', 'replace']);
    expect(await another(api).load(never)).toBe('ours again');
  });

  test('that was created in between is replaced', async () => {
    const { api, calls, interceptBy, state } = build();
    interceptBy(async ({ verb }, proceed) => {
      if (verb === 'create') await another(api).save('theirs', never);
      return proceed();
    });
    await state.save('ours', never);
    expect(calls).toEqual(['get', 'create', 'get', 'replace']);
    expect(await another(api).load(never)).toBe('ours');
  });

  test('that was deleted in between is created anew', async () => {
    const { api, calls, state } = build();
    await state.save('ours', never);
    await api.delete(CONFIG_MAPS, REF, { propagationPolicy: 'Background' }, never);
    await state.save('ours again', never);
    expect(calls).toEqual(['get', 'create', 'replace', 'get', 'create']);
    expect(await another(api).load(never)).toBe('ours again');
  });

  test('that is written again and again is given up after the second attempt, and taken up with the next write', async () => {
    const { api, interceptBy, state } = build();
    await state.save('ours', never);
    let theirs = 0;
    interceptBy(async ({ verb }, proceed) => {
      if (verb === 'replace') await another(api).save(`theirs ${String((theirs += 1))}`, never);
      return proceed();
    });
    await expect(state.save('ours again', never)).rejects.toMatchObject({ status: 409 });
    expect(await another(api).load(never)).toBe('theirs 2');
    interceptBy((_, proceed) => proceed());
    await state.save('ours at last', never);
    expect(await another(api).load(never)).toBe('ours at last');
  });

  test('is written once where the answer to a write was lost: the next write sees what came of it', async () => {
    const { api, interceptBy, state } = build();
    await state.save('a', never);
    interceptBy(async ({ verb }, proceed) => {
      const answer = await proceed();
      if (verb === 'replace') throw new KubernetesApiError({ status: 0, reason: 'Unreachable', message: 'reset' });
      return answer;
    });
    await expect(state.save('b', never)).rejects.toMatchObject({ reason: 'Unreachable' });
    expect(await another(api).load(never)).toBe('b');
    interceptBy((_, proceed) => proceed());
    await state.save('c', never);
    expect(await another(api).load(never)).toBe('c');
  });
});

describe('a ConfigMap that can’t be used', () => {
  const withContent = async (content: Partial<ConfigMap>) => {
    const built = build();
    await built.api.create<ConfigMap>(CONFIG_MAPS, { metadata: REF, ...content }, OTHER, never);
    return built;
  };
  const base64 = (bytes: Buffer): { binaryData: Record<string, string> } => ({
    binaryData: { 'state.gz': bytes.toString('base64') },
  });

  test.each([
    ['is empty', {}],
    ['has something else in it', { data: { 'state.gz': 'text' }, binaryData: { 'other.gz': 'AAAA' } }],
  ])('because it %s counts as nothing kept, and is replaced', async (_, content) => {
    const { api, state } = await withContent(content);
    expect(await state.load(never)).toBeUndefined();
    await state.save('ours', never);
    expect(Object.keys((await stored(api)).binaryData ?? {})).toEqual(['state.gz']);
    expect(await another(api).load(never)).toBe('ours');
  });

  test.each([
    ['is not compressed', base64(Buffer.from('{"version":1}'))],
    ['is no base64', { binaryData: { 'state.gz': '####' } }],
    ['is cut', base64(gzipSync('something that is long enough').subarray(0, 20))],
    ['unpacks to more than fits', base64(gzipSync(Buffer.alloc(33 * 1024 * 1024)))],
  ])('because what it holds %s fails to be read, and is replaced all the same', async (_, content) => {
    const { api, state } = await withContent(content);
    await expect(state.load(never)).rejects.toThrow();
    await state.save('ours', never);
    expect(await another(api).load(never)).toBe('ours');
  });

  test.each([
    [403, 'Forbidden'],
    [500, 'InternalError'],
    [0, 'Unreachable'],
  ])('because the API server answers %s: both say so, and nothing is tried twice', async (status, reason) => {
    const { calls, interceptBy, state } = build();
    const error = new KubernetesApiError({ status, reason, message: 'no' });
    interceptBy(() => Promise.reject(error));
    await expect(state.load(never)).rejects.toBe(error);
    await expect(state.save('ours', never)).rejects.toBe(error);
    interceptBy(({ verb }, proceed) => (verb === 'create' ? Promise.reject(error) : proceed()));
    await expect(state.save('ours', never)).rejects.toBe(error);
    expect(calls).toEqual(['get', 'get', 'get', 'create']);
  });

  test('because its namespace is not there: the error is that of the API server', async () => {
    const { interceptBy, state } = build();
    const error = new KubernetesApiError({ status: 404, reason: 'NotFound', message: 'namespaces "x" not found' });
    interceptBy(({ verb }, proceed) => (verb === 'create' ? Promise.reject(error) : proceed()));
    await expect(state.save('ours', never)).rejects.toBe(error);
  });

  test('because the caller is gone', async () => {
    const { api, state } = build();
    const reason = new Error('shutting down');
    const gone = AbortSignal.abort(reason);
    await expect(state.load(gone)).rejects.toBe(reason);
    await expect(state.save('ours', gone)).rejects.toBe(reason);
    expect(await another(api).load(never)).toBeUndefined();
  });
});
