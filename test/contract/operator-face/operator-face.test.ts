import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import original from '@dot-i/k8s-operator';
import { TOOL_SETUP_MS } from '../../../hack/controlplane/binaries/ensure.ts';
import type { Cluster } from '../../../hack/controlplane/cluster/cluster.ts';
import { startControlPlane, type ControlPlane } from '../../../hack/controlplane/control-plane.ts';
import * as ours from '../../../operator/adapters/kubernetes/operator.ts';
import { Operator as OperatorOverRuntime } from '../../../operator/runtime/operator/operator.ts';
import { eventually } from '../../fixtures/eventually.ts';
import { adrTable, writtenInto, type Row } from './adr-table.ts';
import type { ProxiedRequest } from '../../fixtures/api-server-proxy.ts';
import { CRD_FILE, Stage } from './stage.ts';
import type { Custom } from './stage.ts';

jest.setTimeout(60_000);

const ADR = new URL('../../../docs/adr/0005-the-operator-face.md', import.meta.url);
const FINALIZER = 'mycustomresources.dot-i.com/cleanup';

interface Both<Seen> {
  readonly original: Seen;
  readonly ours: Seen;
}

let plane: ControlPlane;
let cluster: Cluster;
/** For the scenes that both survive. */
let lasting: Both<Stage> | undefined;
let passing: Stage[] = [];
let namespaces = 0;
const rows: Row[] = [];

beforeAll(async () => {
  plane = await startControlPlane({ components: [] });
  cluster = plane.clusters[0];
}, TOOL_SETUP_MS);

afterEach(async () => {
  await Promise.all(passing.map((stage) => stage.strike()));
  passing = [];
});

afterAll(async () => {
  await Promise.all([lasting?.original.strike(), lasting?.ours.strike()]);
  await plane.stop();
});

/** The original ends its process where the resource that it watches is not served. */
function customResourceIsServed(): Promise<void> {
  const isServed = (): Promise<boolean> =>
    cluster.request('/apis/dot-i.com/v1/mycustomresources').then(
      () => true,
      () => false,
    );
  return eventually('the custom resource is served', isServed);
}

async function set(direct: boolean): Promise<Both<Stage>> {
  const setFor = (subject: 'original' | 'ours'): Promise<Stage> =>
    Stage.set(cluster, { subject, namespace: `${subject}-${(namespaces += 1)}`, direct });
  const [original, ours] = await Promise.all([setFor('original'), setFor('ours')]);
  return { original, ours };
}

async function play<Seen>(
  { original, ours }: Both<Stage>,
  scene: (stage: Stage) => Promise<Seen>,
): Promise<Both<Seen>> {
  const [seenOfOriginal, seenOfOurs] = await Promise.all([scene(original), scene(ours)]);
  return { original: seenOfOriginal, ours: seenOfOurs };
}

/** Plays a scene that both survive with the original and with ours, side by side. */
async function onBoth<Seen>(scene: (stage: Stage) => Promise<Seen>): Promise<Both<Seen>> {
  lasting ??= await set(false);
  return play(lasting, scene);
}

/** The same for a scene that one of them may not survive: in processes of their own. */
async function onBothAnew<Seen>(
  scene: (stage: Stage) => Promise<Seen>,
  options = { direct: false },
): Promise<Both<Seen>> {
  const both = await set(options.direct);
  passing.push(both.original, both.ours);
  return play(both, scene);
}

function row<Seen>(scene: string, { original, ours }: Both<Seen>, inWords: (seen: Seen) => string): void {
  rows.push({ scene, original: inWords(original), ours: inWords(ours) });
}

/** Whether it still tells of a new object, or has ended its process. */
async function survival(stage: Stage): Promise<string> {
  await stage.createConfigMap('after');
  const { sample } = stage;
  const isTold = (): boolean => sample.told('config map', 'after').length > 0;
  await eventually('it goes on or ends', () => isTold() || sample.exitCode !== undefined, 30_000);
  return sample.exitCode === undefined ? 'goes on' : `ends, exit code ${sample.exitCode}`;
}

test('the sample on ours differs from that on the original by the import alone', async () => {
  const read = (file: string): Promise<string> => readFile(new URL(`./sample/${file}`, import.meta.url), 'utf8');
  const [onOriginal, onOurs] = await Promise.all([read('on-original.ts'), read('on-ours.ts')]);
  const bodyAt = (file: string): number => file.indexOf('import { report }');
  expect(onOurs.slice(bodyAt(onOurs))).toBe(onOriginal.slice(bodyAt(onOriginal)));
  expect(onOurs.slice(0, bodyAt(onOurs))).toMatch(/^import \{[^}]*\} from '[^']+operator\.ts';\n$/);
});

test('ours has the public names of the original, but for those that hand out the libraries it stands on', () => {
  const methodsOf = (operator: { prototype: object }): string[] => Object.getOwnPropertyNames(operator.prototype);
  // Private in the types, or of other libraries.
  const leftOut = ['applyAxiosKubeConfigAuth', 'applyGaxiosKubeConfigAuth', 'resourceStatusRequest', 'errorToJson'];
  const wanted = methodsOf(original.default).filter((name) => !leftOut.includes(name));
  expect(wanted).toContain('watchResource');
  expect(methodsOf(OperatorOverRuntime)).toEqual(expect.arrayContaining(wanted));
  const exported = (names: object): string[] => Object.keys(names).filter((name) => /^[A-Z]/.test(name));
  expect(Object.keys(ours)).toEqual(expect.arrayContaining(['Operator', ...exported(original)]));
  expect(ours.ResourceEventType).toEqual(original.ResourceEventType);
});

test('ours registers a definition that is new, and waits until its resource is served', async () => {
  const stage = await Stage.set(cluster, { subject: 'ours', namespace: 'ours-alone', direct: true });
  passing.push(stage);
  await stage.createCustom('first');
  await eventually('it is dealt with', () => stage.sample.told('modified', 'first').length > 0);
});

describe('side by side', () => {
  beforeAll(async () => {
    await cluster.applyManifests(await readFile(CRD_FILE, 'utf8'));
    await customResourceIsServed();
  });

  describe('where all goes well', () => {
    test('both tell of objects that are added, modified and deleted', async () => {
      const seen = await onBoth(async (stage) => {
        const told = (): string[] => stage.sample.told('config map', 'known');
        await stage.isTold('known');
        await stage.patch('configmaps', 'known', { data: { size: '2' } });
        await eventually('it is told of the change', () => told().includes('MODIFIED'));
        await stage.remove('configmaps', 'known');
        await eventually('it is told of the deletion', () => told().includes('DELETED'));
        return told();
      });
      expect(seen.ours).toEqual(['ADDED', 'MODIFIED', 'DELETED']);
      expect(seen.original).toEqual(seen.ours);
      row('An object is created, changed, deleted', seen, (told) => told.join(', '));
    });

    test('both set and patch the status', async () => {
      const seen = await onBoth(async (stage) => {
        await stage.createCustom('reported');
        const status = async (): Promise<Custom['status']> => (await stage.readCustom('reported')).status;
        await eventually('the status is there', async () => (await status())?.['patched'] === true);
        return status();
      });
      expect(seen.ours).toEqual({ observedGeneration: 1, patched: true });
      expect(seen.original).toEqual(seen.ours);
      row('`setResourceStatus`, `patchResourceStatus`', seen, () => 'set, then merged');
    });

    test('both hold a deletion back by a finalizer until the action is done', async () => {
      const seen = await onBoth(async (stage) => {
        await stage.createCustom('held');
        await eventually('it is dealt with', () => stage.sample.told('modified', 'held').length > 0);
        const { finalizers } = (await stage.readCustom('held')).metadata;
        await stage.remove('mycustomresources', 'held');
        await eventually('it is gone', async () => !(await stage.hasCustom('held')));
        return { finalizers, actions: stage.sample.told('deleted', 'held') };
      });
      expect(seen.ours).toEqual({ finalizers: [FINALIZER], actions: ['MODIFIED'] });
      expect(seen.original).toEqual(seen.ours);
      row('`handleResourceFinalizer`', seen, () => 'added; action run; removed');
    });
  });

  describe('where a write fails', () => {
    test('ours throws what the API server said to a finalizer, the original says that it is done', async () => {
      const seen = await onBoth(async (stage) => {
        const { sample, proxy } = stage;
        const fault = proxy.refuse(({ method, path }) => method === 'PATCH' && path.endsWith('/refused'), 500);
        await stage.createCustom('refused');
        const hasAnswer = (): boolean => sample.caught('refused') || sample.finalizer('refused').length > 0;
        await eventually('the handler has its answer', hasAnswer);
        const { finalizers = [] } = (await stage.readCustom('refused')).metadata;
        fault.lift();
        return { saysDone: sample.finalizer('refused'), throws: sample.caught('refused'), finalizers };
      });
      expect(seen.ours).toEqual({ saysDone: [], throws: true, finalizers: [] });
      expect(seen.original).toEqual({ saysDone: [true], throws: false, finalizers: [] });
      row('A finalizer can not be written (500)', seen, ({ throws }) => (throws ? 'throws' : 'returns `true`: done'));
    });

    test('ours keeps a finalizer that someone else has added meanwhile, the original removes it', async () => {
      const seen = await onBoth(async (stage) => {
        const isItsWrite = ({ method, path }: ProxiedRequest): boolean =>
          method === 'PATCH' && path.endsWith('/contended');
        const first = stage.proxy.gate(isItsWrite);
        await stage.createCustom('contended');
        await eventually('its finalizer is on the way', () => first.waiting() > 0);
        await stage.patch('mycustomresources', 'contended', { metadata: { finalizers: ['example.io/theirs'] } });
        const second = stage.proxy.gate(isItsWrite);
        first.open();
        // Both write again: ours because its write was refused, the original because it hears of the other finalizer.
        await eventually('its next write is on the way', () => second.waiting() > 0);
        const { finalizers = [] } = (await stage.readCustom('contended')).metadata;
        second.open();
        return finalizers.includes('example.io/theirs');
      });
      expect(seen).toEqual({ ours: true, original: false });
      row('A finalizer that someone else adds at the same time', seen, (kept) => (kept ? 'stays' : 'is removed'));
    });

    test('ours throws the conflict of a status that is written over a newer object, the original returns null', async () => {
      const seen = await onBoth(async (stage) => {
        const gate = stage.proxy.gate(({ method, path }) => method === 'PUT' && path.endsWith('/outdated/status'));
        await stage.createCustom('outdated');
        await eventually('its status is on the way', () => gate.waiting() > 0);
        await stage.patch('mycustomresources', 'outdated', { spec: { foo: 'b' } });
        gate.open();
        const observed = async (): Promise<unknown> =>
          (await stage.readCustom('outdated')).status?.['observedGeneration'];
        await eventually('the status is that of the newer', async () => (await observed()) === 2);
        return { throws: stage.sample.caught('outdated') };
      });
      expect(seen).toEqual({ ours: { throws: true }, original: { throws: false } });
      row('A status is written over a newer object (409)', seen, ({ throws }) =>
        throws ? 'throws' : 'returns `null`',
      );
    });
  });

  describe('where the watch ends', () => {
    test('in order, ours tells nothing, the original tells of everything as if it were new', async () => {
      const seen = await onBoth(async (stage) => {
        await stage.isTold('old');
        stage.proxy.endWatches();
        await stage.watches();
        await stage.isTold('new');
        return stage.sample.told('config map', 'old');
      });
      expect(seen).toEqual({ ours: ['ADDED'], original: ['ADDED', 'ADDED'] });
      const inWords = (told: string[]): string =>
        told.length === 1 ? 'goes on where it was' : 'ADDED again, for every object';
      row('The server ends the watch, as it does after 5 to 10 minutes', seen, inWords);
    });

    test('and an object is deleted before the next, ours tells of it, the original never does', async () => {
      const seen = await onBoth(async (stage) => {
        await stage.isTold('gone');
        const gate = stage.proxy.gate(({ watch }) => watch);
        stage.proxy.endWatches();
        await eventually('the next watch is on the way', () => gate.waiting() > 0);
        await stage.remove('configmaps', 'gone');
        gate.open();
        await stage.isTold('later');
        return stage.does(() => stage.sample.told('config map', 'gone').includes('DELETED'));
      });
      expect(seen).toEqual({ ours: true, original: false });
      row('An object is deleted between two watches', seen, (told) => (told ? 'DELETED' : 'never told'));
    });

    test('because the connection breaks, ours goes on, the original ends its process', async () => {
      const seen = await onBothAnew((stage) => {
        stage.proxy.cutWatches();
        return survival(stage);
      });
      expect(seen).toEqual({ ours: 'goes on', original: 'ends, exit code 1' });
      row('The connection of a watch breaks', seen, (outcome) => outcome);
    });

    test.each([
      ['A watch is answered 503', 503],
      ['A watch is answered 404: the resource is not served yet', 404],
    ])('%s: ours goes on, the original ends its process', async (scene, status) => {
      const seen = await onBothAnew(async (stage) => {
        const fault = stage.proxy.refuse(({ watch }) => watch, status);
        stage.proxy.endWatches();
        await eventually('the next watch is refused', () => fault.refused() > 0);
        fault.lift();
        return survival(stage);
      });
      expect(seen).toEqual({ ours: 'goes on', original: 'ends, exit code 1' });
      row(scene, seen, (outcome) => outcome);
    });

    test('by a 410 in the stream, ours lists anew, the original crashes', async () => {
      const status = {
        apiVersion: 'v1',
        kind: 'Status',
        metadata: {},
        status: 'Failure',
        reason: 'Expired',
        code: 410,
      };
      const object = { ...status, message: 'too old resource version: 1 (2)' };
      const seen = await onBothAnew(async (stage) => {
        stage.proxy.endWatchesWith({ type: 'ERROR', object });
        return { outcome: await survival(stage), isUncaught: stage.sample.errors.includes('Malformed event object') };
      });
      expect(seen.ours).toEqual({ outcome: 'goes on', isUncaught: false });
      expect(seen.original).toEqual({ outcome: 'ends, exit code 1', isUncaught: true });
      const inWords = ({ outcome, isUncaught }: typeof seen.ours): string =>
        isUncaught ? `${outcome}, by an uncaught error` : outcome;
      row('A watch has expired (410)', seen, inWords);
    });

    test('because the API server is killed, and etcd compacted meanwhile, ours goes on, the original ends its process', async () => {
      let restarting: Promise<void> | undefined;
      const restart = async (): Promise<void> => {
        await cluster.killApiServer();
        await cluster.compact();
        await cluster.startApiServer();
        await customResourceIsServed();
      };
      const scene = async (stage: Stage): Promise<string> => {
        await (restarting ??= restart());
        return survival(stage);
      };
      const seen = await onBothAnew(scene, { direct: true });
      expect(seen).toEqual({ ours: 'goes on', original: 'ends, exit code 1' });
      row('The API server is killed, etcd compacted, the API server started', seen, (outcome) => outcome);
    });
  });

  describe('where code of the user fails', () => {
    test('ours tells a handler that throws again, the original says nothing and forgets', async () => {
      const seen = await onBothAnew(async (stage) => {
        await stage.createConfigMap('bad', { fails: 'yes' });
        const toldAgain = await stage.does(() => stage.sample.told('config map', 'bad').length >= 3);
        return { toldAgain, isLogged: stage.sample.logged('no room for bad'), outcome: await survival(stage) };
      });
      expect(seen.ours).toEqual({ toldAgain: true, isLogged: true, outcome: 'goes on' });
      expect(seen.original).toEqual({ toldAgain: false, isLogged: false, outcome: 'goes on' });
      const inWords = ({ toldAgain, isLogged }: typeof seen.ours): string =>
        `${toldAgain ? 'told again, with back-off' : 'not told again'}; ${isLogged ? 'logged' : 'nothing logged'}`;
      row('A handler throws', seen, inWords);
    });

    test('ours goes on with other resources while a handler hangs, the original with none', async () => {
      const seen = await onBothAnew(async (stage) => {
        await stage.createConfigMap('stuck', { hangs: 'yes' });
        await eventually('the handler hangs', () => stage.sample.told('config map', 'stuck').length > 0);
        await stage.createSecret('other');
        return stage.does(() => stage.sample.told('secret', 'other').length > 0);
      });
      expect(seen).toEqual({ ours: true, original: false });
      const inWords = (others: boolean): string => (others ? 'other resources go on' : 'nothing is told any more');
      row('A handler never returns', seen, inWords);
    });
  });

  test('after stop(), ours lets its process end in order, the original does not', async () => {
    const seen = await onBothAnew(async (stage) => {
      stage.sample.stop();
      await stage.does(() => stage.sample.exitCode !== undefined);
      return stage.sample.exitCode;
    });
    expect(seen).toEqual({ ours: 0, original: 1 });
    const inWords = (exitCode: number | undefined): string =>
      exitCode === undefined ? 'watches on' : `the process ends, exit code ${exitCode}`;
    row('`stop()`', seen, inWords);
  });

  test('the table of the ADR is what was seen', async () => {
    const adr = await readFile(ADR, 'utf8');
    const table = adrTable(rows);
    if (process.env['UPDATE_ADR'] === '1') await writeFile(ADR, writtenInto(adr, table));
    // Where it differs: run this file with UPDATE_ADR=1, and read what has changed.
    else expect(adr).toContain(table);
  });
});
