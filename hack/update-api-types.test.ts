import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { CustomResourceDefinition, StructuralSchema } from './custom-resource-definitions.ts';
import { updateGenerated } from './generated-files.ts';
import { generateApiTypes } from './update-api-types.ts';

const definition = (spec: StructuralSchema): CustomResourceDefinition => ({
  metadata: { name: 'kites.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { kind: 'PaperKite', plural: 'paperkites', shortNames: ['kite'], categories: [] },
    versions: [
      {
        name: 'v1',
        additionalPrinterColumns: [],
        schema: { openAPIV3Schema: { type: 'object', properties: { spec, metadata: { type: 'object' } } } },
      },
    ],
  },
});

async function typesOf(spec: StructuralSchema): Promise<string> {
  const [file] = await generateApiTypes([definition(spec)]);
  return file?.content ?? '';
}

describe('types from a CustomResourceDefinition', () => {
  test('are in a file that is named after the kind', async () => {
    const [file] = await generateApiTypes([definition({ type: 'object' })]);
    expect(file?.path).toBe('operator/api/v1alpha1/paper-kite.generated.ts');
  });

  test('fix apiVersion and kind, so that one kind is never taken for another', async () => {
    const types = await typesOf({ type: 'object' });
    expect(types).toContain(`readonly apiVersion: 'example.com/v1'`);
    expect(types).toContain(`readonly kind: 'PaperKite'`);
  });

  test('are readonly, lists and maps included', async () => {
    const types = await typesOf({
      type: 'object',
      properties: {
        tails: { type: 'array', maxItems: 3, items: { type: 'string', enum: ['Red', 'Blue'] } },
        labels: { type: 'object', additionalProperties: { type: 'string' } },
      },
    });
    expect(types).toMatch(/readonly tails\?: readonly \("Red" \| "Blue"\)\[\]/);
    expect(types).toMatch(/readonly labels\?: \{\s+readonly \[k: string\]: string;?\s+\}/);
  });

  test('name objects after their path, and members of lists in the singular', async () => {
    const types = await typesOf({
      type: 'object',
      required: ['spars'],
      properties: { spars: { type: 'array', items: { type: 'object', properties: { length: { type: 'integer' } } } } },
    });
    expect(types).toContain('readonly spars: readonly PaperKiteSpecSpar[]');
    expect(types).toContain('export interface PaperKiteSpecSpar {');
    expect(types).toContain('readonly length?: number');
  });

  test('keep what is unknown where the schema does, and refuse it elsewhere', async () => {
    const object: StructuralSchema = { type: 'object', properties: { a: { type: 'string' } } };
    const open = await typesOf({ ...object, 'x-kubernetes-preserve-unknown-fields': true });
    expect(open).toContain('readonly [k: string]: unknown');
    expect(await typesOf(object)).not.toContain('[k: string]');
  });

  test('carry description and default as comment, in lines of 100 characters', async () => {
    const types = await typesOf({
      type: 'object',
      properties: { length: { type: 'string', description: 'word '.repeat(60).trim(), default: '2m' } },
    });
    expect(types).toContain('Default: "2m".');
    for (const line of types.split('\n').filter((text) => text.includes('word'))) {
      expect(line.replace(/^\s*\* /, '').length).toBeLessThanOrEqual(100);
    }
  });

  test('are refused for a definition with two versions, which need a conversion first', async () => {
    const one = definition({ type: 'object' });
    const two = { ...one, spec: { ...one.spec, versions: [...one.spec.versions, ...one.spec.versions] } };
    await expect(generateApiTypes([two])).rejects.toThrow('kites.example.com has 2 versions: expected one');
  });
});

describe('updating generated files', () => {
  let folder: string;
  const lines: string[] = [];
  const run = (check: boolean) => ({ check, command: 'make them', report: (line: string) => lines.push(line) });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'generated-'));
    lines.length = 0;
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('writes what differs, formatted, and then finds nothing stale', async () => {
    const file = { path: join(folder, 'a.ts'), content: 'export const a = {b:1}' };
    expect(await updateGenerated([file], run(false))).toBe(0);
    expect(await readFile(file.path, 'utf8')).toBe('export const a = { b: 1 };\n');
    expect(lines).toEqual([`wrote ${file.path}`]);
    expect(await updateGenerated([file], run(true))).toBe(0);
    expect(lines).toHaveLength(1);
  });

  test.each([
    ['differs', async (path: string) => writeFile(path, 'export const a = 2;\n')],
    ['is missing', async () => undefined],
  ])('with --check ends 1 where a file %s, names it and the command, and writes nothing', async (_what, prepare) => {
    const path = join(folder, 'a.ts');
    await prepare(path);
    const before = await readFile(path, 'utf8').catch(() => undefined);
    expect(await updateGenerated([{ path, content: 'export const a = 1;' }], run(true))).toBe(1);
    expect(lines).toEqual([`${path} is stale: run "make them" and commit it`]);
    expect(await readFile(path, 'utf8').catch(() => undefined)).toBe(before);
  });
});
