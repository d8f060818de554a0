/** House rules on what is installed: exact versions, checksums, no registry's address and no credential. */
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

interface Lockfile {
  readonly packages: Readonly<Record<string, { readonly integrity?: string; readonly resolved?: string }>>;
}

export interface InstallFiles {
  /** Contents of package.json, package-lock.json and .npmrc. */
  readonly manifest: string;
  readonly lockfile: string;
  readonly npmrc: string;
}

const EXACT_VERSION = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/;
const CREDENTIAL = /_authToken|_password|_auth\b|npm_[A-Za-z0-9]{36}|:\/\/[^/\s"@]+:[^/\s"@]+@/;
const REGISTRY_SETTING = /^\s*(@[^:]+:)?registry\s*=/m;

/** What is wrong with these files; empty when nothing is. */
export function lockfileFaults({ manifest, lockfile, npmrc }: InstallFiles): string[] {
  const faults = [
    ...floatingVersions(JSON.parse(manifest) as Manifest),
    ...entryFaults(JSON.parse(lockfile) as Lockfile),
  ];
  for (const [file, content] of [
    ['package.json', manifest],
    ['package-lock.json', lockfile],
    ['.npmrc', npmrc],
  ] as const) {
    if (CREDENTIAL.test(content)) faults.push(`${file} holds what looks like a credential: remove and revoke it`);
  }
  if (REGISTRY_SETTING.test(npmrc)) faults.push('.npmrc names a registry: each user has set their own');
  return faults;
}

function floatingVersions(manifest: Manifest): string[] {
  const wanted = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies };
  return Object.entries(wanted)
    .filter(([, version]) => !EXACT_VERSION.test(version))
    .map(([name, version]) => `package.json asks for ${name} ${version}: pin an exact version`);
}

function entryFaults(lockfile: Lockfile): string[] {
  return Object.entries(lockfile.packages).flatMap(([path, entry]) => {
    if (path === '') return [];
    const faults: string[] = [];
    if (entry.resolved !== undefined) {
      faults.push(`package-lock.json names a registry for ${path}: run npm install with the project's .npmrc`);
    }
    if (entry.integrity === undefined) faults.push(`package-lock.json has no checksum for ${path}`);
    return faults;
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const read = (path: string): string => readFileSync(path, 'utf8');
  const files = { manifest: read('package.json'), lockfile: read('package-lock.json'), npmrc: read('.npmrc') };
  const faults = lockfileFaults(files);
  for (const fault of faults) console.log(fault);
  process.exitCode = faults.length > 0 ? 1 : 0;
}
