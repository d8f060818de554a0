import { validate } from 'dockerfile-utils';

import { finalStage, readDockerfile, type Stage } from './dockerfile.ts';

const WITH_DIGEST = /@sha256:[0-9a-f]{64}$/;
const TAG = /:(?<tag>[^/:@]+)(?:@|$)/;
const NUMBERS = /^[1-9]\d*:[1-9]\d*$/;

/**
 * What is wrong with a Dockerfile; empty when nothing is. First whether it is one, by the validator of the language server; then
 * the house's rules.
 * @param nodeVersion that the lockfile has: what is tested is what runs
 */
export function dockerfileFaults(text: string, nodeVersion: string): string[] {
  const diagnostics = validate(text).map(
    ({ message, range }) => `line ${range.start.line + 1}: ${typeof message === 'string' ? message : message.value}`,
  );
  const stages = readDockerfile(text);
  if (stages.length === 0) return [...diagnostics, 'it has no FROM'];
  return [
    ...diagnostics,
    ...stages.flatMap((stage, index) => stageFaults(stage, stages.slice(0, index))),
    ...nodeFaults(stages, nodeVersion),
    ...finalFaults(finalStage(stages)),
  ];
}

function stageFaults({ base, copies, keywords }: Stage, earlier: readonly Stage[]): string[] {
  const names = new Set(earlier.map(({ name }) => name));
  const faults = names.has(base) ? [] : baseFaults(base);
  if (keywords.includes('ADD')) faults.push('ADD fetches and unpacks what nobody checks: use COPY');
  for (const { from } of copies) {
    if (from !== undefined && !names.has(from)) faults.push(`COPY --from=${from} is not an earlier stage`);
  }
  return faults;
}

function baseFaults(base: string): string[] {
  if (WITH_DIGEST.test(base)) return [];
  const tag = TAG.exec(base)?.groups?.['tag'];
  return tag === undefined || tag === 'latest'
    ? [`${base} may be any image tomorrow: give a tag of a version, or a digest`]
    : [];
}

/** The bundle is made with the very Node of the lockfile, and runs on the same major version. */
function nodeFaults(stages: readonly Stage[], nodeVersion: string): string[] {
  const [first] = stages;
  const major = nodeVersion.split('.')[0] ?? '';
  const faults: string[] = [];
  if (first?.base.includes(`node:${nodeVersion}-`) !== true) {
    faults.push(
      `the first stage is to build on node:${nodeVersion}-…, as package.json has it, not on ${first?.base ?? ''}`,
    );
  }
  if (!finalStage(stages).base.includes(`nodejs${major}-`)) {
    faults.push(`the last stage is to run on Node ${major}, not on ${finalStage(stages).base}`);
  }
  return faults;
}

function finalFaults({ user, entrypoint, keywords, copies }: Stage): string[] {
  const faults: string[] = [];
  if (user === undefined || !NUMBERS.test(user)) {
    faults.push(`USER is to be a number and a group's, neither of them root's (is: ${user ?? 'none'})`);
  }
  if (entrypoint === undefined) faults.push('ENTRYPOINT is to be a list, as there is no shell');
  if (keywords.includes('RUN')) faults.push('RUN in the last stage needs a shell, which is not there');
  for (const { from, sources } of copies) {
    if (from === undefined)
      faults.push(`${sources.join(' ')} comes from the checkout into the image: COPY --from a stage`);
  }
  return faults;
}
