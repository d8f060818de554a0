import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { licenceFaults, licenceList, licensedData, licensedPackages, type Licensed } from './licences.ts';

const MIT: Licensed = { title: 'axios 1.21.1', licence: 'MIT', text: 'Permission is hereby granted' };

describe('what may be passed on', () => {
  test('code under a licence that asks only to be passed on, and data under the ODbL', () => {
    const data = { title: 'data in days', licence: 'ODbL-1.0', text: 'Contains information from' };
    expect(licenceFaults({ code: [MIT], data: [data] })).toEqual([]);
  });

  test.each(['GPL-3.0-or-later', 'LGPL-2.1-only', 'AGPL-3.0-only', 'MPL-2.0', 'SSPL-1.0', 'UNLICENSED', 'ODbL-1.0'])(
    'not code under %s',
    (licence) => {
      expect(licenceFaults({ code: [{ ...MIT, licence }], data: [] })).toEqual([
        expect.stringContaining(`axios 1.21.1 is under ${licence}, which hack/build/licences.ts does not allow`),
      ]);
    },
  );

  test('not what one licence of two allows: someone has to choose', () => {
    expect(licenceFaults({ code: [{ ...MIT, licence: '(MIT OR GPL-2.0)' }], data: [] })).toHaveLength(1);
  });

  test('not what names no licence', () => {
    expect(licenceFaults({ code: [{ ...MIT, licence: undefined }], data: [] })).toEqual([
      "axios 1.21.1 names no licence: it can't be passed on; use another",
    ]);
  });

  test('not what has no text of its licence', () => {
    expect(licenceFaults({ code: [{ ...MIT, text: undefined }], data: [] })).toEqual([
      'axios 1.21.1 has no text of its licence MIT, which must be passed on; use another',
    ]);
  });
});

describe('the text of a licence', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'sunward-licences-'));
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  const textOf = (files: Readonly<Record<string, string>>): string | undefined => {
    const folder = join(root, 'package');
    mkdirSync(folder);
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    const found = { folder, name: 'p', version: '1.0.0', integrity: 'sha512-', licence: 'MIT', imports: [] };
    return licensedPackages([found])[0]?.text;
  };

  test.each(['LICENSE', 'License', 'LICENCE.md', 'license.md', 'COPYING', 'UNLICENSE'])('is in %s', (name) => {
    expect(textOf({ [name]: 'May be used.\n', 'README.md': 'License: see there' })).toBe('May be used.');
  });

  test('goes with the notices that stand beside it', () => {
    expect(textOf({ LICENSE: 'May be used.', NOTICE: 'By Ada.' })).toBe('May be used.\n\nBy Ada.');
  });

  test.each(['## License\n\n', '# LICENCE\n', 'License\n-------\n\n'])(
    'is the last part of a README under %j',
    (heading) => {
      expect(textOf({ 'README.md': `# p\n\nUse it.\n\n${heading}(The MIT License)\nMay be used.\n` })).toBe(
        '(The MIT License)\nMay be used.',
      );
    },
  );

  test('is nowhere, where a README only says its name', () => {
    expect(textOf({ 'README.md': '# p\n\nLicensed as MIT.' })).toBeUndefined();
  });

  test('of data is beside them, with its identifier', () => {
    const folder = join(root, 'days');
    mkdirSync(folder);
    writeFileSync(join(folder, 'LICENSE.md'), 'SPDX-License-Identifier: ODbL-1.0\n\nFrom Ada.');
    const inputs = { [join(folder, 'days.json')]: { imports: [] }, [join(folder, 'days.ts')]: { imports: [] } };
    expect(licensedData({ inputs })).toEqual([
      { title: `data in ${folder}`, licence: 'ODbL-1.0', text: 'SPDX-License-Identifier: ODbL-1.0\n\nFrom Ada.' },
    ]);
  });
});

test('the list has each work with its licence and its text', () => {
  const list = licenceList('sunward', [MIT, { title: 'yaml 2.9.1', licence: 'ISC', text: 'Permission to use\r\n' }]);
  expect(list).toMatch(/^sunward is under the Apache License 2\.0/);
  expect(list).toContain('\naxios 1.21.1\nMIT\n\nPermission is hereby granted\n');
  expect(list).toMatch(/\nyaml 2\.9\.1\nISC\n\nPermission to use\n$/);
});
