interface BundleContents {
  /** Keyed by the path of each file that went into the bundle, from the project's root. */
  readonly inputs: Readonly<Record<string, unknown>>;
}

const PACKAGE = /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*\/?node_modules\/)/;

/** Names of the packages that a bundle contains, sorted. */
export function packagesOf(contents: BundleContents): string[] {
  const names = Object.keys(contents.inputs).flatMap((path) => PACKAGE.exec(path)?.[1] ?? []);
  return [...new Set(names)].sort();
}

/** Those of `packages` that the manifest names for development alone. */
export function strayPackages(packages: readonly string[], manifest: string): string[] {
  const { devDependencies = {} } = JSON.parse(manifest) as { devDependencies?: Record<string, string> };
  return packages.filter((name) => name in devDependencies);
}
