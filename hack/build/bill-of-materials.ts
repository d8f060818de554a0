/** What a bundle is made of, as CycloneDX: https://cyclonedx.org/specification/overview/ */
import { Enums, Models, Serialize, Spec, SPDX } from '@cyclonedx/cyclonedx-library';
import { PackageURL } from 'packageurl-js';

import type { BundledPackage } from './contents.ts';

export interface Product {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly licence: string;
  readonly packages: readonly BundledPackage[];
  /** Folders of the packages that its own code imports. */
  readonly imports: readonly string[];
}

/**
 * The bill of materials of a product: each package in its bundle with version, checksum of what npm installed, and licence, and
 * which imports which. It has neither time nor serial number, both of which the format leaves open: the same sources make the same
 * bytes, so that anyone can check it by building again.
 */
export function billOfMaterials(product: Product): string {
  const root = new Models.Component(Enums.ComponentType.Application, product.name, {
    bomRef: `${product.name}@${product.version}`,
    version: product.version,
    description: product.description,
    licenses: licences(product.licence),
  });
  const components = new Map(product.packages.map((each) => [each.folder, component(each)]));
  const link = (from: Models.Component, folders: readonly string[]): void => {
    for (const folder of folders) {
      const to = components.get(folder);
      if (to !== undefined) from.dependencies.add(to.bomRef);
    }
  };
  link(root, product.imports);
  for (const { folder, imports } of product.packages) {
    const from = components.get(folder);
    if (from !== undefined) link(from, imports);
  }
  const bom = new Models.Bom({
    metadata: new Models.Metadata({
      component: root,
      lifecycles: new Models.LifecycleRepository([Enums.LifecyclePhase.Build]),
    }),
    components: new Models.ComponentRepository(components.values()),
  });
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6));
  return `${serializer.serialize(bom, { sortLists: true, space: 2 })}\n`;
}

function component({ folder, name, version, integrity, licence }: BundledPackage): Models.Component {
  const [scope, bare] = name.startsWith('@') ? (name.split('/') as [string, string]) : [undefined, name];
  return new Models.Component(Enums.ComponentType.Library, bare, {
    // Two folders may hold the same version.
    bomRef: folder,
    ...(scope === undefined ? {} : { group: scope }),
    version,
    scope: Enums.ComponentScope.Required,
    purl: new PackageURL('npm', scope, bare, version).toString(),
    hashes: hashes(integrity),
    licenses: licence === undefined ? new Models.LicenseRepository() : licences(licence),
  });
}

function licences(id: string): Models.LicenseRepository {
  const licence = SPDX.isSupportedSpdxId(id) ? new Models.SpdxLicense(id) : new Models.NamedLicense(id);
  return new Models.LicenseRepository([licence]);
}

/** npm's checksum is of the archive that a registry serves. */
function hashes(integrity: string): Models.HashDictionary {
  const digest = /^sha512-(?<base64>\S+)/.exec(integrity)?.groups?.['base64'];
  const hex = digest === undefined ? undefined : Buffer.from(digest, 'base64').toString('hex');
  return new Models.HashDictionary(hex === undefined ? [] : [[Enums.HashAlgorithm['SHA-512'], hex]]);
}
