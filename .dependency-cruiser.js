/** The house's import table: which room of operator/ may import which. Type-only imports count, cycles are refused. */
import { fileURLToPath } from 'node:url';

const MAY_IMPORT = {
  domain: [],
  api: ['domain'],
  planning: ['domain', 'api'],
  accounting: ['domain', 'api'],
  simulation: ['domain', 'api', 'planning', 'accounting'],
  ports: ['domain', 'api'],
  telemetry: ['domain', 'ports/logger.ts'],
  config: ['domain'],
  runtime: ['ports', 'telemetry'],
  adapters: ['domain', 'api', 'ports', 'runtime', 'telemetry'],
  controllers: ['domain', 'api', 'planning', 'accounting', 'ports', 'runtime', 'telemetry'],
  extender: ['domain', 'api', 'planning', 'ports', 'runtime', 'telemetry'],
};
const ROOMS = Object.keys(MAY_IMPORT);

/** Rooms that only compute: nothing from outside the project, not even Node's own modules. */
const PURE_ROOMS = ['domain', 'api', 'planning', 'accounting', 'simulation'];

const TEST = '\\.test\\.ts$';
const room = (name) => (name.endsWith('.ts') ? `^operator/${name.replace('.', '\\.')}$` : `^operator/${name}/`);

/** An adapter is a folder of adapters/, and inside carbon/, metrics/, price/ and sites/ a folder of those. */
const ADAPTER = '^operator/adapters/((?:carbon|metrics|price|sites)/[^/]+|(?!(?:carbon|metrics|price|sites)/)[^/]+)/';

const tableRules = Object.entries(MAY_IMPORT).map(([name, allowed]) => ({
  name: `${name}-imports`,
  comment: `operator/${name} may import ${allowed.length === 0 ? 'nothing' : allowed.join(', ')} of the project.`,
  severity: 'error',
  from: { path: room(name) },
  // hack/ and test/ have a rule of their own.
  to: { path: '^operator/', pathNot: [name, ...allowed].map(room) },
}));

const projectRules = [
  {
    name: 'no-cycles',
    comment: 'Files that need each other belong together, or a third one is missing. `import type` does not help.',
    severity: 'error',
    from: {},
    to: { circular: true },
  },
  {
    name: 'no-other-adapter',
    comment: 'An adapter never imports another: what they share comes in through a port.',
    severity: 'error',
    from: { path: ADAPTER },
    to: { path: '^operator/adapters/', pathNot: '^operator/adapters/$1/' },
  },
  {
    name: 'operator-never-imports-tools',
    comment: 'What ships never imports hack/ or test/. A test beside the code may use builders and fixtures of test/.',
    severity: 'error',
    from: { path: '^operator/', pathNot: TEST },
    to: { path: '^(hack|test)/' },
  },
  {
    name: 'unit-tests-never-import-hack',
    comment: 'A unit test needs no control plane and no script.',
    severity: 'error',
    from: { path: `^operator/.*${TEST}` },
    to: { path: '^hack/' },
  },
  {
    name: 'no-unknown-room',
    comment: `A folder of operator/ is one of ${ROOMS.join(', ')}, composition, cli: add it to the table first.`,
    severity: 'error',
    from: {},
    to: { path: '^operator/[^/]+/', pathNot: [...ROOMS, 'composition', 'cli'].map(room) },
  },
  {
    name: 'nobody-imports-the-entry-points',
    comment: 'main.ts, composition/ and cli/ compose the others; what others need does not live there.',
    severity: 'error',
    from: { path: '^operator/', pathNot: ['^operator/(main|(composition|cli)/.*)\\.ts$', TEST] },
    to: { path: '^operator/(main\\.ts$|composition/|cli/)' },
  },
];

const packageRules = [
  {
    name: 'pure-rooms-import-no-package',
    comment: `${PURE_ROOMS.join(', ')} only compute: no package, no module of Node.`,
    severity: 'error',
    from: { path: PURE_ROOMS.map(room), pathNot: TEST },
    to: { dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown'] },
  },
  {
    name: 'one-place-knows-the-kubernetes-client',
    comment:
      'Only adapters/kubernetes knows @kubernetes/client-node; everything else speaks to ports/kubernetes-api.ts.',
    severity: 'error',
    from: { path: '^operator/', pathNot: '^operator/adapters/kubernetes/' },
    to: { path: 'node_modules/@kubernetes/client-node/' },
  },
  {
    name: 'what-ships-needs-no-dev-package',
    comment: 'A devDependency is not there in production. Move it to dependencies or do without.',
    severity: 'error',
    from: { path: '^operator/', pathNot: TEST },
    to: { dependencyTypes: ['npm-dev'] },
  },
  {
    name: 'every-import-resolves',
    comment: 'The imported file or package does not exist, or package.json does not name it.',
    severity: 'error',
    from: {},
    to: { couldNotResolve: true },
  },
];

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [...tableRules, ...projectRules, ...packageRules],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: fileURLToPath(new URL('tsconfig.json', import.meta.url)) },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.json', '.d.ts'],
    },
  },
};
