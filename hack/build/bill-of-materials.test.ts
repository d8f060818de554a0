import { expect, test } from '@jest/globals';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';

import { billOfMaterials, type Product } from './bill-of-materials.ts';

const PRODUCT: Product = {
  name: 'sunward',
  version: '0.1.0',
  description: 'An operator.',
  licence: 'Apache-2.0',
  imports: ['node_modules/pino'],
  packages: [
    {
      folder: 'node_modules/pino',
      name: 'pino',
      version: '10.4.0',
      integrity: `sha512-${Buffer.alloc(64, 'pino').toString('base64')}`,
      licence: 'MIT',
      imports: ['node_modules/@pinojs/redact'],
    },
    {
      folder: 'node_modules/@pinojs/redact',
      name: '@pinojs/redact',
      version: '0.4.0',
      integrity: 'sha1-cmVkYWN0',
      licence: 'Licence of its own',
      imports: [],
    },
  ],
};

interface Bom {
  readonly metadata: { readonly component: object; readonly timestamp?: string };
  readonly components: readonly { readonly name: string }[];
  readonly dependencies: readonly object[];
  readonly serialNumber?: string;
}

const read = (product: Product): Bom => JSON.parse(billOfMaterials(product)) as Bom;

test('it keeps to the schema of CycloneDX', async () => {
  const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
  expect(await validator.validate(billOfMaterials(PRODUCT))).toBeNull();
  expect(await validator.validate(billOfMaterials(PRODUCT).replace('"library"', '"thing"'))).not.toBeNull();
});

test('it names each package with version, checksum, licence and address', () => {
  const { metadata, components } = read(PRODUCT);
  expect(metadata.component).toMatchObject({ type: 'application', name: 'sunward', version: '0.1.0' });
  expect(components).toEqual([
    expect.objectContaining({
      group: '@pinojs',
      name: 'redact',
      purl: 'pkg:npm/%40pinojs/redact@0.4.0',
      licenses: [{ license: { name: 'Licence of its own' } }],
    }),
    expect.objectContaining({
      name: 'pino',
      version: '10.4.0',
      purl: 'pkg:npm/pino@10.4.0',
      hashes: [{ alg: 'SHA-512', content: '70696e6f'.repeat(16) }],
      licenses: [{ license: { id: 'MIT' } }],
    }),
  ]);
});

test('it says which imports which', () => {
  expect(read(PRODUCT).dependencies).toEqual([
    { ref: 'node_modules/@pinojs/redact' },
    { ref: 'node_modules/pino', dependsOn: ['node_modules/@pinojs/redact'] },
    { ref: 'sunward@0.1.0', dependsOn: ['node_modules/pino'] },
  ]);
});

test('it is the same whenever it is made, and in whichever order', () => {
  const again = billOfMaterials({ ...PRODUCT, packages: [...PRODUCT.packages].reverse() });
  expect(again).toBe(billOfMaterials(PRODUCT));
  expect(read(PRODUCT).serialNumber).toBeUndefined();
  expect(read(PRODUCT).metadata.timestamp).toBeUndefined();
});
