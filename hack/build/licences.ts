/** Under which licences others' work is passed on in a bundle, and the list that goes with it. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { BundleContents, BundledPackage } from './contents.ts';

/** Someone else's work in a bundle: a package, or a folder of ours that holds others' data. */
export interface Licensed {
  readonly title: string;
  /** An SPDX identifier; absent where none is named. */
  readonly licence: string | undefined;
  /** Of the licence and of notices that go with it; absent where there is none. */
  readonly text: string | undefined;
}

/**
 * Those that ask for no more than their text being passed on, which the list does. What is not here is refused: copyleft, which
 * the code around it would fall under, and what nobody has read yet.
 */
const FOR_CODE: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'Unlicense',
]);

/** A database under the ODbL stays under it, and the code that reads it does not fall under it. */
const FOR_DATA: ReadonlySet<string> = new Set(['ODbL-1.0']);

const LICENCE_FILE = /^(un)?licen[cs]e|^copying|^notice/i;
const README = /^readme/i;
/** The text under a heading "License", to the end: some packages have it nowhere else. */
const README_SECTION = /^(?:#+ *licen[cs]e|licen[cs]e\r?\n-{3,}).*$(?<text>[\s\S]*)/im;
const IDENTIFIER = /SPDX-License-Identifier: *(\S+)/;
const RULE = '='.repeat(80);

/** With texts from the files of each package. */
export function licensedPackages(packages: readonly BundledPackage[]): Licensed[] {
  return packages.map(({ folder, name, version, licence }) => ({
    title: `${name} ${version}`,
    licence,
    text: textIn(folder),
  }));
}

/** Folders of ours with files in the bundle and a LICENSE.md of their own: data that others have gathered. */
export function licensedData({ inputs }: BundleContents): Licensed[] {
  const folders = new Set(Object.keys(inputs).filter(isOurs).map(dirname));
  return [...folders].sort().flatMap((folder) => {
    if (!readdirSync(folder).includes('LICENSE.md')) return [];
    const text = readFileSync(join(folder, 'LICENSE.md'), 'utf8');
    return [{ title: `data in ${folder}`, licence: IDENTIFIER.exec(text)?.[1], text }];
  });
}

const isOurs = (file: string): boolean => !file.includes('node_modules/');

/** Why these may not be passed on, with the remedy; empty when they may. */
export function licenceFaults(work: { code: readonly Licensed[]; data: readonly Licensed[] }): string[] {
  return [
    ...work.code.flatMap((each) => faultsOf(each, FOR_CODE)),
    ...work.data.flatMap((each) => faultsOf(each, FOR_DATA)),
  ];
}

function faultsOf({ title, licence, text }: Licensed, allowed: ReadonlySet<string>): string[] {
  if (licence === undefined) return [`${title} names no licence: it can't be passed on; use another`];
  if (!allowed.has(licence)) {
    return [
      `${title} is under ${licence}, which hack/build/licences.ts does not allow (${[...allowed].join(', ')}): read it, then use another or allow it there`,
    ];
  }
  if (text === undefined)
    return [`${title} has no text of its licence ${licence}, which must be passed on; use another`];
  return [];
}

/** The list that goes with `product`. */
export function licenceList(product: string, work: readonly Licensed[]): string {
  const head = `${product} is under the Apache License 2.0. It contains the work of others, listed here, each under its own licence.`;
  return `${[head, ...work.map(entry)].join(`\n\n${RULE}\n`)}\n`;
}

function entry({ title, licence, text }: Licensed): string {
  return `${title}\n${licence ?? ''}\n\n${(text ?? '').replaceAll('\r\n', '\n').trim()}`;
}

function textIn(folder: string): string | undefined {
  const names = readdirSync(folder).sort();
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8').trim();
  const files = names.filter((name) => LICENCE_FILE.test(name));
  if (files.length > 0) return files.map(read).join('\n\n');
  const sections = names
    .filter((name) => README.test(name))
    .flatMap((name) => README_SECTION.exec(read(name))?.groups?.['text']?.trim() ?? []);
  return sections.find((text) => text !== '');
}
