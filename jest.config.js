/** TypeScript runs as it is: Node strips the types, so nothing is transformed. */
const common = { transform: {}, extensionsToTreatAsEsm: ['.ts'], testEnvironment: 'node' };

/** One project a kind of test, so that `jest --selectProjects unit` runs what needs no control plane. */
export default {
  projects: [
    { ...common, displayName: 'unit', testMatch: ['<rootDir>/operator/**/*.test.ts', '<rootDir>/hack/**/*.test.ts'] },
    { ...common, displayName: 'contract', testMatch: ['<rootDir>/test/contract/**/*.test.ts'] },
    { ...common, displayName: 'integration', testMatch: ['<rootDir>/test/integration/**/*.test.ts'] },
    { ...common, displayName: 'e2e', testMatch: ['<rootDir>/test/e2e/**/*.test.ts'] },
  ],
};
