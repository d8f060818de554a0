import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { TOOL_MODULES } from './go/go-version.ts';
import { settingsFromEnvironment } from './settings.ts';
import { expand, TOOLS, toolNamed } from './tools.ts';

const platform = { os: 'linux', arch: 'arm64' };
const { baseUrls } = settingsFromEnvironment({});

describe('the table of tools', () => {
  test.each(TOOLS)('$name is pinned at the same version in its go.mod', async (tool) => {
    const { version, moduleVersion = version } = tool.source;
    const module = await readFile(join(TOOL_MODULES, tool.source.module, 'go.mod'), 'utf8');
    const required = [...module.matchAll(/^(?:require )?\t?(\S+) (v\S+)$/gm)].filter(([, path]) =>
      tool.package.startsWith(path ?? ''),
    );
    expect(required.map(([, , pinned]) => pinned)).toEqual([moduleVersion]);
  });

  test.each(TOOLS)('$name has a go.sum, so that what is built is what was seen', async (tool) => {
    expect(await readFile(join(TOOL_MODULES, tool.source.module, 'go.sum'), 'utf8')).toContain(' h1:');
  });

  test.each(TOOLS)('$name is downloaded over HTTPS, and so is its checksum', (tool) => {
    const { url, checksum } = tool.source.download;
    for (const template of [url, checksum.url]) {
      const expanded = expand(template, tool, platform, baseUrls);
      expect(expanded).toMatch(/^https:\/\/[^{}]+$/);
      expect(expanded).toContain(tool.source.version);
    }
  });

  test('fills in version, platform and tool', () => {
    const kubectl = toolNamed('kubectl');
    expect(expand('{version} {number} {major}.{minor} {os}-{arch} {tool}', kubectl, platform)).toBe(
      'v1.36.4 1.36.4 1.36 linux-arm64 kubectl',
    );
  });

  test('refuses a name that it does not know', () => {
    expect(() => expand('{verison}', toolNamed('etcd'), platform)).toThrow('{verison}');
  });
});
