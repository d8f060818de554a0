import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type {
  KubernetesApi,
  KubernetesObject,
  ListWatch,
  ResourceType,
  WatchEvent,
  WriteOptions,
} from '../../../operator/ports/kubernetes-api.ts';

export interface KubernetesApiUnderTest {
  readonly api: KubernetesApi;
  /** A namespace that nothing is in. */
  readonly newNamespace: () => Promise<string>;
  readonly close: () => Promise<void>;
}

/** A custom resource with a status subresource; whoever runs the suite has it served. */
export const WIDGETS: ResourceType = {
  group: 'example.dev',
  version: 'v1',
  plural: 'widgets',
  kind: 'Widget',
  namespaced: true,
};
export const CONFIG_MAPS: ResourceType = {
  group: '',
  version: 'v1',
  plural: 'configmaps',
  kind: 'ConfigMap',
  namespaced: true,
};

export interface ConfigMap extends KubernetesObject {
  readonly data?: Readonly<Record<string, string>>;
}

export interface Widget extends KubernetesObject {
  readonly spec?: { readonly size?: string };
  readonly status?: { readonly state?: string };
}

const never = new AbortController().signal;
const OURS: WriteOptions = { fieldManager: 'ours' };
const THEIRS: WriteOptions = { fieldManager: 'theirs' };
const OTHER_UID = '11111111-2222-3333-4444-555555555555';
const UID_CONFLICT = { status: 409, reason: 'Conflict' };

/** What the API server owes the operator, and where it is not what one would think. Every implementation of the port runs it. */
export function kubernetesApiContract(
  name: string,
  setUp: () => Promise<KubernetesApiUnderTest>,
  timeoutMs: number,
): void {
  describe(`${name} as the Kubernetes API`, () => {
    let subject: KubernetesApiUnderTest;
    let api: KubernetesApi;
    let namespace: string;
    beforeAll(async () => {
      subject = await setUp();
      ({ api } = subject);
    }, timeoutMs);
    beforeEach(async () => {
      namespace = await subject.newNamespace();
    });
    afterAll(() => subject.close());

    const ref = (object = 'a') => ({ namespace, name: object });
    const configMap = (data: Record<string, string> = {}, metadata: object = {}): ConfigMap => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { ...ref(), ...metadata },
      data,
    });
    const widget = (parts: object, metadata: object = {}): Widget => ({
      apiVersion: 'example.dev/v1',
      kind: 'Widget',
      metadata: { ...ref(), ...metadata },
      ...parts,
    });
    const create = (data?: Record<string, string>, metadata?: object) =>
      api.create(CONFIG_MAPS, configMap(data, metadata), OURS, never);
    const createWidget = (metadata?: object) =>
      api.create(WIDGETS, widget({ spec: { size: 'small' } }, metadata), OURS, never);
    const get = (object?: string) => api.get<ConfigMap>(CONFIG_MAPS, ref(object), never);
    const getWidget = () => api.get<Widget>(WIDGETS, ref(), never);
    const patch = (change: object, options = OURS) =>
      api.mergePatch<ConfigMap>(CONFIG_MAPS, ref(), change, options, never);
    const apply = (object: KubernetesObject, options: WriteOptions & { force?: boolean } = OURS) =>
      api.apply<ConfigMap>(CONFIG_MAPS, object, options, never);
    const deleteIt = (preconditions = {}) =>
      api.delete(CONFIG_MAPS, ref(), { propagationPolicy: 'Background', preconditions }, never);

    describe('get', () => {
      test('gives what was created, with its identity', async () => {
        const created = await create({ key: 'Grüße, 世界' });
        expect(created.metadata.uid).toMatch(/.+/);
        expect(created.metadata.resourceVersion).toMatch(/^\d+$/);
        expect(await get()).toEqual(created);
      });

      test('of what is not there is NotFound', async () => {
        await expect(get()).rejects.toMatchObject({ name: 'KubernetesApiError', status: 404, reason: 'NotFound' });
      });

      test('that is called off ends with the reason', async () => {
        const abort = AbortSignal.abort(new Error('shutting down'));
        await expect(api.get(CONFIG_MAPS, ref(), abort)).rejects.toThrow('shutting down');
      });
    });

    describe('create', () => {
      test('of what is there already is AlreadyExists', async () => {
        await create();
        await expect(create()).rejects.toMatchObject({ status: 409, reason: 'AlreadyExists' });
      });

      test('as a dry run answers what would be, and stores nothing', async () => {
        const answer = await api.create(CONFIG_MAPS, configMap({ key: 'a' }), { ...OURS, dryRun: true }, never);
        expect(answer.data).toEqual({ key: 'a' });
        await expect(get()).rejects.toMatchObject({ status: 404 });
      });
    });

    describe('replace', () => {
      test('with the version that is there, changes it', async () => {
        const { metadata } = await create({ key: 'a' });
        const replaced = await api.replace(CONFIG_MAPS, configMap({ key: 'b' }, metadata), OURS, never);
        expect(replaced.data).toEqual({ key: 'b' });
        expect(Number(replaced.metadata.resourceVersion)).toBeGreaterThan(Number(metadata.resourceVersion));
      });

      test('with an older version is a Conflict, and changes nothing', async () => {
        const { metadata } = await create({ key: 'a' });
        await patch({ data: { key: 'b' } });
        const replaced = api.replace(CONFIG_MAPS, configMap({ key: 'c' }, metadata), OURS, never);
        await expect(replaced).rejects.toMatchObject({ status: 409, reason: 'Conflict' });
        expect((await get()).data).toEqual({ key: 'b' });
      });

      test('of what is not there is NotFound', async () => {
        const replaced = api.replace(CONFIG_MAPS, configMap({ key: 'c' }), OURS, never);
        await expect(replaced).rejects.toMatchObject({ status: 404 });
      });
    });

    describe('a merge patch', () => {
      test('changes what it names, removes what it names null, and leaves the rest', async () => {
        await create({ kept: '1', changed: '1', removed: '1' });
        const patched = await patch({ data: { changed: '2', removed: null, added: '2' } });
        expect(patched.data).toEqual({ kept: '1', changed: '2', added: '2' });
      });

      test('that changes nothing writes nothing', async () => {
        const created = await create({ key: 'a' });
        const patched = await patch({ data: { key: 'a' } });
        expect(patched.metadata.resourceVersion).toBe(created.metadata.resourceVersion);
      });

      test('with an older resourceVersion is a Conflict, and changes nothing', async () => {
        const { metadata } = await create({ key: 'a' });
        await patch({ data: { key: 'b' } });
        const late = patch({ metadata: { resourceVersion: metadata.resourceVersion }, data: { key: 'c' } });
        await expect(late).rejects.toMatchObject({ status: 409, reason: 'Conflict' });
        expect((await get()).data).toEqual({ key: 'b' });
      });

      test('with one resourceVersion from many hands succeeds for one of them', async () => {
        const { metadata } = await create({ key: 'a' });
        const { resourceVersion } = metadata;
        const all = await Promise.allSettled(
          Array.from({ length: 10 }, (_, i) => patch({ metadata: { resourceVersion }, data: { key: `writer ${i}` } })),
        );
        expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      });

      test('of what is not there is NotFound, whatever it says: it never creates', async () => {
        await expect(patch({ data: { key: 'a' } })).rejects.toMatchObject({ status: 404 });
        await expect(patch({ metadata: { uid: OTHER_UID }, data: { key: 'a' } })).rejects.toMatchObject({
          status: 404,
        });
      });

      test('for another incarnation is Invalid', async () => {
        await create({ key: 'a' });
        const other = patch({ metadata: { uid: OTHER_UID }, data: { key: 'b' } });
        await expect(other).rejects.toMatchObject({ status: 422, reason: 'Invalid' });
      });
    });

    describe('a JSON patch', () => {
      const jsonPatch = (...operations: Parameters<KubernetesApi['jsonPatch']>[2]) =>
        api.jsonPatch<ConfigMap>(CONFIG_MAPS, ref(), operations, OURS, never);

      test('does its operations in order', async () => {
        await create({ a: '1', b: '1' }, { labels: { kept: '1' } });
        const patched = await jsonPatch(
          { op: 'test', path: '/data/a', value: '1' },
          { op: 'replace', path: '/data/a', value: '2' },
          { op: 'remove', path: '/data/b' },
          { op: 'add', path: '/metadata/labels/example.dev~1team', value: '3' },
        );
        expect(patched.data).toEqual({ a: '2' });
        expect(patched.metadata.labels).toEqual({ kept: '1', 'example.dev/team': '3' });
      });

      test('whose test fails is Invalid, and changes nothing', async () => {
        await create({ a: '1' });
        const patched = jsonPatch(
          { op: 'replace', path: '/data/a', value: '2' },
          { op: 'test', path: '/data/a', value: 'other' },
        );
        await expect(patched).rejects.toMatchObject({ status: 422, reason: 'Invalid' });
        expect((await get()).data).toEqual({ a: '1' });
      });

      test('of what is not there is NotFound', async () => {
        await expect(jsonPatch({ op: 'add', path: '/data/a', value: '1' })).rejects.toMatchObject({ status: 404 });
      });
    });

    describe('apply', () => {
      test('creates, changes, and takes back what it no longer says', async () => {
        await apply(configMap({ a: '1', b: '1' }));
        const applied = await apply(configMap({ a: '2' }));
        expect(applied.data).toEqual({ a: '2' });
      });

      test('takes the object along whose last field it takes back', async () => {
        await apply(configMap({ a: '1' }));
        const { data: _data, ...withoutData } = configMap();
        expect(await apply(withoutData)).not.toHaveProperty('data');
      });

      test('leaves what another manager says', async () => {
        await apply(configMap({ ours: '1' }), OURS);
        await apply(configMap({ theirs: '1' }), THEIRS);
        expect((await apply(configMap({ ours: '2' }), OURS)).data).toEqual({ ours: '2', theirs: '1' });
      });

      test('of what another manager says otherwise is a Conflict that names the field', async () => {
        await apply(configMap({ key: 'theirs' }), THEIRS);
        await expect(apply(configMap({ key: 'ours' }), OURS)).rejects.toMatchObject({
          status: 409,
          reason: 'Conflict',
          causes: [{ reason: 'FieldManagerConflict', field: '.data.key' }],
        });
        expect((await get()).data).toEqual({ key: 'theirs' });
      });

      test('of what another manager says too is no conflict', async () => {
        await apply(configMap({ key: 'same' }), THEIRS);
        expect((await apply(configMap({ key: 'same' }), OURS)).data).toEqual({ key: 'same' });
      });

      test('by force takes the field', async () => {
        await apply(configMap({ key: 'theirs' }), THEIRS);
        expect((await apply(configMap({ key: 'ours' }), { ...OURS, force: true })).data).toEqual({ key: 'ours' });
      });
    });

    describe.each([
      ['apply', {}],
      ['apply by force', { force: true }],
    ])('%s with an identity', (_, force) => {
      const applyAs = (metadata: object) => apply(configMap({ key: 'applied' }, metadata), { ...OURS, ...force });

      test('of what is not there, with a uid, is a Conflict: it does not create', async () => {
        await expect(applyAs({ uid: OTHER_UID })).rejects.toMatchObject(UID_CONFLICT);
        await expect(applyAs({ uid: OTHER_UID, resourceVersion: '5' })).rejects.toMatchObject(UID_CONFLICT);
        await expect(get()).rejects.toMatchObject({ status: 404 });
      });

      test('of what is not there, with a resourceVersion alone, CREATES: that is no guard', async () => {
        const { resourceVersion } = (await create()).metadata;
        await deleteIt();
        expect((await applyAs({ resourceVersion })).data).toEqual({ key: 'applied' });
      });

      test('of another incarnation is Invalid', async () => {
        await create();
        await expect(applyAs({ uid: OTHER_UID })).rejects.toMatchObject({ status: 422, reason: 'Invalid' });
      });

      test('of an older version is a Conflict', async () => {
        const { uid, resourceVersion } = (await create()).metadata;
        await patch({ data: { other: '1' } });
        await expect(applyAs({ uid, resourceVersion })).rejects.toMatchObject({ status: 409, reason: 'Conflict' });
      });

      test('that is right goes through', async () => {
        const { uid, resourceVersion } = (await create()).metadata;
        expect((await applyAs({ uid, resourceVersion })).data).toEqual({ key: 'applied' });
      });
    });

    describe('a status', () => {
      const STATUS: WriteOptions = { ...OURS, subresource: 'status' };

      test('is written beside the spec, and the spec beside it; only the spec makes a new generation', async () => {
        const { metadata } = await createWidget();
        const change = { spec: { size: 'large' }, status: { state: 'on' } };
        const afterStatus = await api.mergePatch<Widget>(WIDGETS, ref(), change, STATUS, never);
        expect(afterStatus).toMatchObject({ spec: { size: 'small' }, status: { state: 'on' } });
        expect(afterStatus.metadata.generation).toBe(metadata.generation);
        const afterSpec = await api.mergePatch<Widget>(
          WIDGETS,
          ref(),
          { spec: { size: 'large' }, status: { state: 'off' } },
          OURS,
          never,
        );
        expect(afterSpec).toMatchObject({ spec: { size: 'large' }, status: { state: 'on' } });
        expect(afterSpec.metadata.generation).toBe((metadata.generation ?? 0) + 1);
      });

      test('is not created with the object', async () => {
        await api.create(WIDGETS, widget({ spec: { size: 'small' }, status: { state: 'on' } }), OURS, never);
        expect((await getWidget()).status).toBeUndefined();
      });

      test('can be replaced and applied', async () => {
        const { metadata } = await createWidget();
        const replaced = await api.replace<Widget>(
          WIDGETS,
          widget({ status: { state: 'on' } }, metadata),
          STATUS,
          never,
        );
        expect(replaced).toMatchObject({ spec: { size: 'small' }, status: { state: 'on' } });
        const force = { ...STATUS, force: true };
        const applied = await api.apply<Widget>(WIDGETS, widget({ status: { state: 'off' } }), force, never);
        expect(applied).toMatchObject({ spec: { size: 'small' }, status: { state: 'off' } });
      });

      test('of what is not there is NotFound, also by apply', async () => {
        const on = { status: { state: 'on' } };
        await expect(api.mergePatch(WIDGETS, ref(), on, STATUS, never)).rejects.toMatchObject({ status: 404 });
        await expect(api.apply(WIDGETS, widget(on), STATUS, never)).rejects.toMatchObject({ status: 404 });
      });

      test('of an older version is a Conflict', async () => {
        const { resourceVersion } = (await createWidget()).metadata;
        await api.mergePatch(WIDGETS, ref(), { spec: { size: 'large' } }, OURS, never);
        const late = { metadata: { resourceVersion }, status: { state: 'on' } };
        const patched = api.mergePatch(WIDGETS, ref(), late, STATUS, never);
        await expect(patched).rejects.toMatchObject({ status: 409, reason: 'Conflict' });
      });

      test('of a custom resource takes any uid: only the resourceVersion guards it', async () => {
        const { uid } = (await createWidget()).metadata;
        const other = { metadata: { uid: OTHER_UID }, status: { state: 'on' } };
        const patched = await api.mergePatch<Widget>(WIDGETS, ref(), other, STATUS, never);
        expect([patched.metadata.uid, patched.status]).toEqual([uid, { state: 'on' }]);
      });
    });

    describe('delete', () => {
      test('removes, and what is made anew is another', async () => {
        const first = await create();
        await deleteIt();
        await expect(get()).rejects.toMatchObject({ status: 404 });
        expect((await create()).metadata.uid).not.toBe(first.metadata.uid);
      });

      test('of what is not there is NotFound', async () => {
        await expect(deleteIt()).rejects.toMatchObject({ status: 404 });
      });

      test('of another incarnation, or an older version, is a Conflict', async () => {
        const { resourceVersion } = (await create()).metadata;
        await patch({ data: { key: 'b' } });
        await expect(deleteIt({ uid: OTHER_UID })).rejects.toMatchObject({ status: 409, reason: 'Conflict' });
        await expect(deleteIt({ resourceVersion })).rejects.toMatchObject({ status: 409, reason: 'Conflict' });
        const { metadata } = await get();
        await deleteIt({ uid: metadata.uid, resourceVersion: metadata.resourceVersion });
        await expect(get()).rejects.toMatchObject({ status: 404 });
      });

      test('waits for finalizers', async () => {
        await create({}, { finalizers: ['example.dev/wait'] });
        await deleteIt();
        const leaving = await get();
        expect(leaving.metadata.deletionTimestamp).toMatch(/^\d{4}-/);
        await deleteIt();
        await patch({ metadata: { finalizers: null } });
        await expect(get()).rejects.toMatchObject({ status: 404 });
      });
    });

    describe('list and watch', () => {
      const listWatch = (labelSelector?: string): ListWatch<ConfigMap> =>
        api.listWatch(CONFIG_MAPS, labelSelector === undefined ? { namespace } : { namespace, labelSelector });
      const createNamed = (object: string, labels: Record<string, string> = {}) =>
        api.create(CONFIG_MAPS, configMap({}, { name: object, labels }), OURS, never);

      /** The events after that version, until the name is seen. */
      async function eventsUntil(last: string, from: string, labelSelector?: string): Promise<WatchEvent<ConfigMap>[]> {
        const stop = new AbortController();
        const events: WatchEvent<ConfigMap>[] = [];
        const watch = listWatch(labelSelector).watch({ resourceVersion: from, timeoutSeconds: 60 }, stop.signal);
        for await (const event of watch) {
          if (event.type === 'BOOKMARK') continue;
          events.push(event);
          if (event.object.metadata.name === last) break;
        }
        stop.abort();
        return events;
      }
      const told = (events: readonly WatchEvent<ConfigMap>[]) =>
        events.map((event) => (event.type === 'BOOKMARK' ? '' : `${event.type} ${event.object.metadata.name}`));

      test('a list comes in pages, each object once, all as of one version', async () => {
        for (const object of ['a', 'b', 'c', 'd', 'e']) await createNamed(object);
        const things = listWatch();
        const names: string[] = [];
        const versions = new Set<string>();
        let next: { continue?: string } = {};
        do {
          const page = await things.list({ limit: 2, ...next }, never);
          names.push(...page.items.map(({ metadata }) => metadata.name));
          versions.add(page.resourceVersion);
          if (names.length === 2) await createNamed('later');
          next = page.continue === undefined ? {} : { continue: page.continue };
        } while (next.continue !== undefined);
        expect(names).toEqual(['a', 'b', 'c', 'd', 'e']);
        expect(versions.size).toBe(1);
      });

      test('a list without a limit, of what the selector takes, comes in one page', async () => {
        await createNamed('a', { color: 'red' });
        await createNamed('b', { color: 'blue' });
        await createNamed('c', { color: 'red', size: 'large' });
        const page = await listWatch('color=red,size!=large').list({ limit: 0 }, never);
        expect(page.items.map(({ metadata }) => metadata.name)).toEqual(['a']);
        expect(page.continue).toBeUndefined();
      });

      test('a watch from a list on tells everything since, in order, with versions that grow', async () => {
        await createNamed('before');
        const { resourceVersion } = await listWatch().list({ limit: 500 }, never);
        const created = await create({ key: '1' });
        const patched = await patch({ data: { key: '2' } });
        await deleteIt();
        await createNamed('last');
        const events = await eventsUntil('last', resourceVersion);
        expect(told(events)).toEqual(['ADDED a', 'MODIFIED a', 'DELETED a', 'ADDED last']);
        const versions = events.map((event) =>
          event.type === 'BOOKMARK' ? NaN : Number(event.object.metadata.resourceVersion),
        );
        expect(versions.slice(0, 2)).toEqual(
          [created, patched].map(({ metadata }) => Number(metadata.resourceVersion)),
        );
        expect(versions).toEqual([...versions].sort((a, b) => a - b));
        expect(new Set(versions).size).toBe(4);
      });

      test('a watch of a selector tells of what enters and leaves it', async () => {
        await createNamed('a', { color: 'red' });
        const { resourceVersion } = await listWatch('color=blue').list({ limit: 500 }, never);
        await patch({ metadata: { labels: { color: 'blue' } } });
        const left = await patch({ metadata: { labels: { color: 'red' } } });
        await createNamed('last', { color: 'blue' });
        const events = await eventsUntil('last', resourceVersion, 'color=blue');
        expect(told(events)).toEqual(['ADDED a', 'DELETED a', 'ADDED last']);
        expect(events[1]).toMatchObject({ object: { metadata: { resourceVersion: left.metadata.resourceVersion } } });
      });

      test('a watch that is called off ends with the reason', async () => {
        const { resourceVersion } = await listWatch().list({ limit: 500 }, never);
        const abort = new AbortController();
        const read = async (): Promise<void> => {
          const options = { resourceVersion, timeoutSeconds: 60 };
          for await (const _ of listWatch().watch(options, abort.signal)) abort.abort(new Error('shutting down'));
        };
        const ended = expect(read()).rejects.toThrow('shutting down');
        await create();
        await ended;
      });
    });
  });
}
