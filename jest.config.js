/** TypeScript runs as it is: Node strips the types, so nothing is transformed. */
const common = {
  transform: {},
  extensionsToTreatAsEsm: ['.ts'],
  testEnvironment: 'node',
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/out/'],
};
const everyday = { ...common, testPathIgnorePatterns: ['/node_modules/', '\\.soak\\.test\\.ts$'] };

/** One project a kind of test, so that `jest --selectProjects unit` runs what needs no control plane. */
const kinds = [
  { ...everyday, displayName: 'unit', testMatch: ['<rootDir>/{operator,hack}/**/*.test.ts'] },
  { ...everyday, displayName: 'contract', testMatch: ['<rootDir>/test/contract/**/*.test.ts'] },
  { ...everyday, displayName: 'integration', testMatch: ['<rootDir>/test/integration/**/*.test.ts'] },
  { ...everyday, displayName: 'e2e', testMatch: ['<rootDir>/test/e2e/**/*.test.ts'] },
];
const soak = {
  ...common,
  displayName: 'soak',
  testMatch: ['<rootDir>/{operator,hack,test}/**/*.soak.test.ts'],
};

/** Jest takes the time-out of a test from here alone, not from a project; a file that needs more says so itself. */
const isSoak = process.env.SUNWARD_SOAK === '1';
export default isSoak ? { projects: [soak], testTimeout: 7_200_000 } : { projects: kinds, testTimeout: 60_000 };
