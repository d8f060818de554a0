import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { FakeClock, settle } from '../../../test/fixtures/fake-clock.ts';
import { InMemoryKubernetesApi } from '../../../test/fixtures/in-memory-kubernetes-api/in-memory-kubernetes-api.ts';
import { RecordingLogger } from '../../../test/fixtures/recording-logger.ts';
import { KubernetesApiError } from '../../ports/kubernetes-api.ts';
import type { KubernetesObject, ResourceType } from '../../ports/kubernetes-api.ts';
import { ControllerMetrics } from '../../telemetry/controller-metrics.ts';
import { ReflectorMetrics } from '../../telemetry/reflector-metrics.ts';
import { Operator } from './operator.ts';
import type { OperatorRuntime } from './operator.ts';
import type { OperatorLogger } from './operator-logger.ts';
import { ResourceEventType } from './resource-event.ts';
import type { ResourceEvent, ResourceMeta } from './resource-event.ts';

const never = new AbortController().signal;
const widgets: ResourceType = {
  group: 'example.io',
  version: 'v1',
  plural: 'widgets',
  kind: 'Widget',
  namespaced: true,
};
const write = { fieldManager: 'test' };

type Handler = (event: ResourceEvent, operator: WidgetOperator) => Promise<void>;

class WidgetOperator extends Operator {
  readonly events: ResourceEvent[] = [];
  handle: Handler = () => Promise.resolve();
  namespaces: (string | undefined)[] = [undefined];

  protected override async init(): Promise<void> {
    for (const namespace of this.namespaces) {
      const onEvent = async (event: ResourceEvent): Promise<void> => {
        this.events.push(event);
        await this.handle(event, this);
      };
      await this.watchResource('example.io', 'v1', 'widgets', onEvent, namespace);
    }
  }

  told(): string[] {
    return this.events.map(({ type, meta }) => `${type} ${meta.name}`);
  }

  setStatus(meta: ResourceMeta, status: unknown): Promise<ResourceMeta | null> {
    return this.setResourceStatus(meta, status);
  }

  patchStatus(meta: ResourceMeta, status: unknown): Promise<ResourceMeta | null> {
    return this.patchResourceStatus(meta, status);
  }

  finalize(event: ResourceEvent, deleteAction: () => Promise<void>): Promise<boolean> {
    return this.handleResourceFinalizer(event, 'example.io/cleanup', deleteAction);
  }

  setFinalizers(meta: ResourceMeta, finalizers: string[]): Promise<void> {
    return this.setResourceFinalizers(meta, finalizers);
  }

  uri(...args: [string, string, string, string?]): string {
    return this.getCustomResourceApiUri(...args);
  }

  register(path: string): Promise<{ group: string; plural: string }> {
    return this.registerCustomResourceDefinition(path);
  }

  log(message: string): void {
    this.logger.info(message);
  }
}

let clock: FakeClock;
let api: InMemoryKubernetesApi;
let logger: RecordingLogger;
let closed: boolean;
let operator: WidgetOperator;

function build(own?: OperatorLogger): WidgetOperator {
  const registry = new Registry();
  const runtime: OperatorRuntime = {
    connect: () => Promise.resolve({ api, server: 'https://127.0.0.1:6443', close: () => (closed = true) }),
    clock,
    random: () => 0,
    logger,
    metrics: { controllers: new ControllerMetrics(registry), reflectors: new ReflectorMetrics(registry) },
  };
  return new WidgetOperator(runtime, own);
}

beforeEach(() => {
  clock = new FakeClock();
  api = new InMemoryKubernetesApi(() => clock.now());
  logger = new RecordingLogger();
  closed = false;
  operator = build();
});

afterEach(async () => {
  const stopping = operator.stop();
  await clock.advance(30_000);
  await stopping;
});

function create(name: string, spec: object = {}, namespace = 'default'): Promise<KubernetesObject> {
  return api.create(widgets, { metadata: { name, namespace }, spec } as KubernetesObject, write, never);
}

function change(name: string, patch: object): Promise<KubernetesObject> {
  return api.mergePatch(widgets, { name, namespace: 'default' }, patch, write, never);
}

function remove(name: string): Promise<void> {
  return api.delete(widgets, { name, namespace: 'default' }, { propagationPolicy: 'Background' }, never);
}

function read(name: string): Promise<KubernetesObject & { status?: unknown }> {
  return api.get(widgets, { name, namespace: 'default' }, never);
}

describe('a handler', () => {
  test('is told of what is there at the start, of changes and of deletions', async () => {
    await create('a');
    await operator.start();
    await settle();
    await create('b');
    await settle();
    await change('b', { spec: { size: 2 } });
    await settle();
    await remove('a');
    await settle();
    expect(operator.told()).toEqual(['ADDED a', 'ADDED b', 'MODIFIED b', 'DELETED a']);
    expect(operator.events[2]).toMatchObject({
      type: ResourceEventType.Modified,
      meta: {
        name: 'b',
        namespace: 'default',
        id: 'widgets.example.io/v1',
        apiVersion: 'example.io/v1',
        kind: 'Widget',
      },
      object: { apiVersion: 'example.io/v1', kind: 'Widget', spec: { size: 2 } },
    });
  });

  test('is told of one namespace, or of several, where it asks for them', async () => {
    operator.namespaces = ['red', 'blue'];
    await operator.start();
    for (const namespace of ['red', 'green', 'blue']) await create(namespace, {}, namespace);
    await settle();
    expect(operator.told().sort()).toEqual(['ADDED blue', 'ADDED red']);
  });

  test('that throws is told again, and the throw is logged', async () => {
    operator.handle = () =>
      operator.events.length < 3
        ? Promise.reject(new Error('no room', { cause: new Error('disk full') }))
        : Promise.resolve();
    await operator.start();
    await create('a');
    await clock.advance(60_000);
    expect(operator.told()).toEqual(['ADDED a', 'ADDED a', 'ADDED a']);
    expect(logger.of('error')).toHaveLength(2);
    expect(logger.of('error')[0]?.fields).toMatchObject({ key: 'default/a', error: 'no room', causes: ['disk full'] });
  });

  test('that throws at one object is still told of the others', async () => {
    operator.handle = ({ meta }) => (meta.name === 'bad' ? Promise.reject(new Error('bad')) : Promise.resolve());
    await operator.start();
    await create('bad');
    await create('good');
    await settle();
    expect(operator.told()).toEqual(['ADDED bad', 'ADDED good']);
  });

  test('is told of a deletion again until it has dealt with it, with the last state that was seen', async () => {
    await operator.start();
    await create('a', { size: 1 });
    await settle();
    await change('a', { spec: { size: 2 } });
    await settle();
    let deletions = 0;
    operator.handle = () => (++deletions < 3 ? Promise.reject(new Error('not yet')) : Promise.resolve());
    await change('a', { spec: { size: 3 } });
    await remove('a');
    await clock.advance(60_000);
    expect(operator.told().slice(-2)).toEqual(['DELETED a', 'DELETED a']);
    expect(operator.events.at(-1)?.object).toMatchObject({ spec: { size: 3 } });
  });

  test('is told that an object was deleted and made anew under its name', async () => {
    await operator.start();
    await create('a', { size: 1 });
    await settle();
    await remove('a');
    await create('a', { size: 2 });
    await settle();
    expect(operator.told()).toEqual(['ADDED a', 'DELETED a', 'ADDED a']);
    expect(operator.events.map(({ object }) => object)).toMatchObject([
      { spec: { size: 1 } },
      { spec: { size: 1 } },
      { spec: { size: 2 } },
    ]);
  });

  test('is told once of changes that come while it is busy, with the last state', async () => {
    await operator.start();
    operator.handle = () => clock.sleep(1_000, never);
    await create('a', { size: 1 });
    await settle();
    await change('a', { spec: { size: 2 } });
    await change('a', { spec: { size: 3 } });
    await clock.advance(5_000);
    expect(operator.told()).toEqual(['ADDED a', 'MODIFIED a']);
    expect(operator.events.at(-1)?.object).toMatchObject({ spec: { size: 3 } });
  });

  test('may change the object that it is given', async () => {
    operator.handle = ({ object }) => {
      Object.assign(object, { spec: 'scribbled over' });
      return operator.events.length < 2 ? Promise.reject(new Error('again')) : Promise.resolve();
    };
    await operator.start();
    await create('a', { size: 1 });
    await clock.advance(1_000);
    expect(operator.events).toHaveLength(2);
    expect(await read('a')).toMatchObject({ spec: { size: 1 } });
  });

  test('is not told of an object that came and went unseen', async () => {
    await operator.start();
    operator.handle = () => clock.sleep(1_000, never);
    await create('busy');
    await settle();
    await create('a');
    await settle();
    await remove('a');
    await clock.advance(5_000);
    expect(operator.told()).toEqual(['ADDED busy']);
  });
});

describe('a status', () => {
  async function firstMeta(): Promise<ResourceMeta> {
    await operator.start();
    await create('a');
    await settle();
    return operator.events[0]!.meta;
  }

  test('is set as a whole, and the answer serves for the next write', async () => {
    const meta = await firstMeta();
    const written = await operator.setStatus(meta, { phase: 'Ready', old: true });
    await operator.setStatus(written!, { phase: 'Gone' });
    expect(await read('a')).toMatchObject({ status: { phase: 'Gone' }, spec: {} });
    expect((await read('a')).status).not.toHaveProperty('old');
  });

  test('is merged', async () => {
    const meta = await firstMeta();
    const written = await operator.patchStatus(meta, { phase: 'Ready', keep: 1 });
    await operator.patchStatus(written!, { phase: 'Gone', keep: undefined });
    expect(await read('a')).toMatchObject({ status: { phase: 'Gone', keep: 1 } });
  });

  test('of an object that has changed since the event is refused, and the handler is told of the change', async () => {
    const meta = await firstMeta();
    await change('a', { spec: { size: 2 } });
    await expect(operator.setStatus(meta, {})).rejects.toMatchObject({ status: 409 });
    await expect(operator.patchStatus(meta, {})).rejects.toMatchObject({ status: 409 });
  });

  test('of an object that is gone is null', async () => {
    const meta = await firstMeta();
    await remove('a');
    expect(await operator.setStatus(meta, {})).toBeNull();
    expect(await operator.patchStatus(meta, {})).toBeNull();
  });
});

describe('a finalizer', () => {
  test('is added first, holds the object back until the action is done, and then lets it go', async () => {
    const done: string[] = [];
    operator.handle = async (event) => {
      const handled = await operator.finalize(event, () => Promise.resolve(void done.push(event.meta.name)));
      done.push(`${event.type} ${handled ? 'handled' : 'to do'}`);
    };
    await operator.start();
    await create('a');
    await settle();
    await remove('a');
    await settle();
    expect(done).toEqual(['ADDED handled', 'MODIFIED to do', 'a', 'MODIFIED handled', 'DELETED to do']);
    await expect(read('a')).rejects.toMatchObject({ status: 404 });
  });

  test('stays while the action fails, and the action is tried again', async () => {
    let actions = 0;
    operator.handle = async (event) => {
      await operator.finalize(event, () => (++actions < 3 ? Promise.reject(new Error('not yet')) : Promise.resolve()));
    };
    await operator.start();
    await create('a');
    await settle();
    await remove('a');
    await settle();
    expect((await read('a')).metadata.finalizers).toEqual(['example.io/cleanup']);
    await clock.advance(10_000);
    expect(actions).toBe(3);
    await expect(read('a')).rejects.toMatchObject({ status: 404 });
  });

  test('that can not be added is not said to be there', async () => {
    const down = new KubernetesApiError({ status: 503, reason: 'ServiceUnavailable', message: 'shutting down' });
    api.jsonPatch = () => Promise.reject(down);
    await operator.start();
    await create('a');
    await settle();
    await expect(operator.finalize(operator.events[0]!, () => Promise.resolve())).rejects.toBe(down);
  });

  test('is set with all others at once where that is asked for', async () => {
    await operator.start();
    await create('a');
    await settle();
    await operator.setFinalizers(operator.events[0]!.meta, ['example.io/x', 'example.io/y']);
    expect((await read('a')).metadata.finalizers).toEqual(['example.io/x', 'example.io/y']);
  });
});

describe('an operator', () => {
  test('that is stopped lets the handler finish, with its writes, and closes its connection', async () => {
    operator.handle = async ({ meta }) => {
      await clock.sleep(1_000, never);
      await operator.setStatus(meta, { phase: 'Ready' });
    };
    await operator.start();
    await create('a');
    await settle();
    const stopping = operator.stop();
    await settle();
    expect(closed).toBe(false);
    await clock.advance(1_000);
    await stopping;
    expect(closed).toBe(true);
    expect(await read('a')).toMatchObject({ status: { phase: 'Ready' } });
    await create('b');
    await settle();
    expect(operator.told()).toEqual(['ADDED a']);
  });

  test('whose init fails does not start, and leaves nothing running', async () => {
    operator.namespaces = undefined as never;
    await expect(operator.start()).rejects.toThrow('not iterable');
    expect(closed).toBe(true);
  });

  test('is started once, and used after its start', async () => {
    expect(() => operator.uri('', 'v1', 'pods')).toThrow('call start() first');
    await operator.start();
    await expect(operator.start()).rejects.toThrow('started before');
  });

  test('knows the address of a resource', async () => {
    await operator.start();
    expect(operator.uri('', 'v1', 'pods')).toBe('https://127.0.0.1:6443/api/v1/pods');
    expect(operator.uri('example.io', 'v1', 'widgets', 'red')).toBe(
      'https://127.0.0.1:6443/apis/example.io/v1/namespaces/red/widgets',
    );
  });

  test('logs to a logger that takes messages alone', async () => {
    const messages: string[] = [];
    const add = (message: string): void => void messages.push(message);
    operator = build({ debug: add, info: add, warn: add, error: add });
    operator.handle = () => Promise.reject(new Error('no room'));
    await operator.start();
    operator.log('hello');
    await create('a');
    await settle();
    expect(messages).toContain('hello');
    expect(messages.find((message) => message.startsWith('reconcile failed'))).toContain('"error":"no room"');
  });
});

describe('a custom resource definition', () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'operator-'))));
  afterEach(() => rm(folder, { recursive: true }));

  const crds: ResourceType = {
    group: 'apiextensions.k8s.io',
    version: 'v1',
    plural: 'customresourcedefinitions',
    kind: 'CustomResourceDefinition',
    namespaced: false,
  };
  const yaml = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.io}
spec: {group: example.io, names: {plural: widgets}, versions: [{name: v1}]}
`;
  const establish = (): Promise<unknown> =>
    api.mergePatch(
      crds,
      { name: 'widgets.example.io' },
      { status: { conditions: [{ type: 'Established', status: 'True' }] } },
      { ...write, subresource: 'status' },
      never,
    );

  test('is created, and waited for until it is served; a second time it is left alone', async () => {
    const file = join(folder, 'crd.yaml');
    await writeFile(file, yaml);
    await operator.start();
    const registering = operator.register(file);
    let registered = false;
    registering.then(
      () => (registered = true),
      () => undefined,
    );
    while (clock.sleeping === 0) await settle();
    await clock.advance(1_000);
    expect(registered).toBe(false);
    await establish();
    await clock.advance(1_000);
    expect(await registering).toMatchObject({ group: 'example.io', plural: 'widgets', versions: [{ name: 'v1' }] });
    await operator.register(file);
  });

  test('is not anything else', async () => {
    const file = join(folder, 'pod.yaml');
    await writeFile(file, 'apiVersion: v1\nkind: Pod\n');
    await operator.start();
    await expect(operator.register(file)).rejects.toThrow('its apiVersion is v1');
  });
});
