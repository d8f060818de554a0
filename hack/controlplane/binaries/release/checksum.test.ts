import { describe, expect, test } from '@jest/globals';
import type { Checksum } from '../tools.ts';
import { publishedChecksum } from './checksum.ts';

const url = 'https://example.org/sums';
const hex = 'ab'.repeat(32);
const other = 'cd'.repeat(32);

describe('the published checksum', () => {
  test.each([hex, `${hex}\n`, `${hex}  etcd.tar.gz\n`, hex.toUpperCase()])(
    'is read from a file of its own: %j',
    (text) => {
      expect(publishedChecksum(text, { kind: 'file', url, algorithm: 'sha256' }, 'etcd.tar.gz')).toBe(hex);
    },
  );

  test('is read from a list, by the whole name', () => {
    const list: Checksum = { kind: 'list', url, algorithm: 'sha256' };
    const text = `${other}  old-etcd.tar.gz\n${other}  etcd.tar.gz.asc\n${hex}  etcd.tar.gz\n`;
    expect(publishedChecksum(text, list, 'etcd.tar.gz')).toBe(hex);
    expect(publishedChecksum(text.replaceAll('  ', ' *'), list, 'etcd.tar.gz')).toBe(hex);
  });

  test("is read from GitHub's answer about a release", () => {
    const release: Checksum = { kind: 'github-release', url, algorithm: 'sha256' };
    const assets = [
      { name: 'kwokctl-linux-amd64', digest: `sha256:${other}` },
      { name: 'kwok-linux-amd64', digest: `sha256:${hex}` },
      { name: 'kwok-linux-arm64', digest: null },
    ];
    expect(publishedChecksum(JSON.stringify({ assets }), release, 'kwok-linux-amd64')).toBe(hex);
    expect(() => publishedChecksum(JSON.stringify({ assets }), release, 'kwok-linux-arm64')).toThrow(
      'holds no sha256 of it',
    );
  });

  test.each([
    ['an error page', '<html>not found</html>', 'file'],
    ['nothing', '', 'file'],
    ['another algorithm', 'ab'.repeat(64), 'file'],
    ['other files only', `${hex}  other.tar.gz`, 'list'],
    ['a release without assets', '{}', 'github-release'],
  ] as const)('is never taken from %s', (_, text, kind) => {
    expect(() => publishedChecksum(text, { kind, url, algorithm: 'sha256' }, 'etcd.tar.gz')).toThrow(
      'reading the checksum of etcd.tar.gz: https://example.org/sums holds no sha256 of it',
    );
  });
});
