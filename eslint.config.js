import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const PURE = ['domain', 'planning', 'accounting', 'simulation'].map((room) => `operator/${room}/**/*.ts`);
const TESTS = ['**/*.test.ts', 'test/**/*.ts'];

/** What a room that only computes may not touch: each thing comes in as an argument. */
const IMPURE_GLOBALS = [
  ...['process', 'console', 'fetch', 'performance', 'crypto', 'globalThis', 'global', 'Intl', 'Buffer'],
  ...['setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'queueMicrotask'],
].map((name) => ({ name, message: 'This room only computes: what it needs comes in as an argument.' }));

const SYNTAX = {
  clock: {
    selector: 'NewExpression[callee.name="Date"][arguments.length=0], CallExpression[callee.name="Date"]',
    message: 'This room has no clock: `now` comes in with the snapshot.',
  },
  async: {
    selector: ':function[async=true], AwaitExpression',
    message: 'This room is synchronous: async may touch the world, sync may not.',
  },
  leftOutTest: {
    selector:
      'MemberExpression[object.name=/^(test|it|describe)$/][property.name=/^(skip|only|todo|failing)$/], CallExpression[callee.name=/^(xtest|xit|xdescribe|fit|fdescribe)$/]',
    message: 'A test that does not run is a defect: make it run or remove it.',
  },
  mockedModule: {
    selector: 'MemberExpression[object.name="jest"][property.name=/^(mock|doMock|unstable_mockModule|setMock)$/]',
    message: 'No module mocks: inject what the test wants to replace.',
  },
};

const namedExportsOnly = {
  'no-restricted-exports': [
    'error',
    { restrictDefaultExports: { direct: true, named: true, defaultFrom: true, namedFrom: true, namespaceFrom: true } },
  ],
};

const sizes = {
  'max-lines': ['error', { max: 400 }],
  'max-lines-per-function': ['error', { max: 60 }],
  'max-params': ['error', { max: 4 }],
};

export default defineConfig(
  globalIgnores(['dist/', 'out/', 'coverage/', '**/*.generated.ts']),
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      ...sizes,
      ...namedExportsOnly,
      eqeqeq: 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidOperator: true },
      ],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['operator/**/*.ts'],
    ignores: ['operator/cli/**', ...TESTS],
    rules: { 'no-console': 'error' },
  },
  {
    files: ['operator/**/*.ts'],
    ignores: ['operator/main.ts', 'operator/cli/**'],
    rules: {
      'no-restricted-properties': [
        'error',
        {
          object: 'process',
          property: 'exit',
          message: 'Only main.ts and cli/ end the process: throw, or abort the signal.',
        },
      ],
    },
  },
  {
    files: PURE,
    ignores: TESTS,
    rules: {
      'no-restricted-globals': ['error', ...IMPURE_GLOBALS],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: SYNTAX.clock.message },
        {
          object: 'Math',
          property: 'random',
          message: 'This room is deterministic: randomness comes in as an argument.',
        },
      ],
      'no-restricted-syntax': ['error', SYNTAX.clock, SYNTAX.async],
    },
  },
  {
    files: TESTS,
    rules: {
      'max-lines': ['error', { max: 800 }],
      'max-lines-per-function': 'off',
      // A property takes as many arguments as it has generators.
      'max-params': 'off',
      'no-restricted-syntax': ['error', SYNTAX.leftOutTest, SYNTAX.mockedModule],
      '@typescript-eslint/no-dynamic-delete': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
);
