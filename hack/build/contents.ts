export interface BundleContents {
  /** What each file that went into the bundle imports; files by their path from the project's root. */
  readonly inputs: Readonly<Record<string, { readonly imports: readonly { readonly path: string }[] }>>;
}

export interface Lockfile {
  readonly packages: Readonly<
    Record<
      string,
      {
        readonly name?: string;
        readonly version?: string;
        readonly integrity?: string;
        readonly license?: string;
      }
    >
  >;
}

/** A package of which some file is in the bundle, as the lockfile has it. */
export interface BundledPackage {
  /** From the project's root, e.g. `node_modules/pino/node_modules/sonic-boom`. */
  readonly folder: string;
  readonly name: string;
  readonly version: string;
  /** As npm writes it: `sha512-` and base64. */
  readonly integrity: string;
  /** An SPDX identifier or expression; absent where the package names none. */
  readonly licence: string | undefined;
  /** Folders of the packages that it imports in the bundle, sorted. */
  readonly imports: readonly string[];
}

const PACKAGE = /^((?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+))\/(?!.*\/?node_modules\/)/;

/** Of a file of a package; absent for one of our own. */
const folderOf = (file: string): string | undefined => PACKAGE.exec(file)?.[1];

/** Names of the packages that a bundle contains, sorted. */
export function packagesOf(contents: BundleContents): string[] {
  const names = Object.keys(contents.inputs).flatMap((path) => PACKAGE.exec(path)?.[2] ?? []);
  return [...new Set(names)].sort();
}

/** Those of `packages` that the manifest names for development alone. */
export function strayPackages(packages: readonly string[], manifest: string): string[] {
  const { devDependencies = {} } = JSON.parse(manifest) as { devDependencies?: Record<string, string> };
  return packages.filter((name) => name in devDependencies);
}

/** The packages in a bundle, by their folder; the lockfile says which version each is. */
export function bundledPackages(contents: BundleContents, lockfile: Lockfile): BundledPackage[] {
  const imports = importsByFolder(contents);
  const folders = [...imports.keys()].filter((folder) => folder !== undefined).sort();
  return folders.map((folder) => {
    const { name, version, integrity, license } = lockfile.packages[folder] ?? {};
    if (version === undefined || integrity === undefined) {
      throw new Error(
        `${folder} is in the bundle, but package-lock.json has no version and checksum of it: run npm ci`,
      );
    }
    return {
      folder,
      name: name ?? PACKAGE.exec(`${folder}/`)?.[2] ?? folder,
      version,
      integrity,
      licence: license,
      imports: importedFrom(imports, folder),
    };
  });
}

/** Folders of the packages that the code of the project itself imports in the bundle, sorted. */
export function importedByProject(contents: BundleContents): string[] {
  return importedFrom(importsByFolder(contents), undefined);
}

function importedFrom(imports: ReturnType<typeof importsByFolder>, folder: string | undefined): string[] {
  return [...(imports.get(folder) ?? [])].sort();
}

/** Folders that each folder imports, other than itself; under `undefined` those of our own files. */
function importsByFolder({ inputs }: BundleContents): Map<string | undefined, Set<string>> {
  const found = new Map<string | undefined, Set<string>>();
  for (const [file, { imports }] of Object.entries(inputs)) {
    const from = folderOf(file);
    const into = found.get(from) ?? new Set();
    found.set(from, into);
    for (const { path } of imports) {
      const to = folderOf(path);
      if (to !== undefined && to !== from) into.add(to);
    }
  }
  return found;
}
