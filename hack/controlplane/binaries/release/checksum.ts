import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Checksum } from '../tools.ts';

const HEX_DIGITS = { sha256: 64, sha512: 128 } as const;

/**
 * Reads the published checksum of `fileName`.
 * @throws Error where the text holds none
 */
export function publishedChecksum(text: string, checksum: Checksum, fileName: string): string {
  const found = candidate(text, checksum, fileName)?.toLowerCase();
  if (found === undefined || !new RegExp(`^[0-9a-f]{${HEX_DIGITS[checksum.algorithm]}}$`).test(found)) {
    throw new Error(`reading the checksum of ${fileName}: ${checksum.url} holds no ${checksum.algorithm} of it`);
  }
  return found;
}

function candidate(text: string, checksum: Checksum, fileName: string): string | undefined {
  if (checksum.kind === 'file') return text.trim().split(/\s+/)[0];
  if (checksum.kind === 'list') {
    const lines = text.split('\n').map((line) => line.trim().split(/\s+\*?/));
    return lines.find(([, name]) => name === fileName)?.[0];
  }
  return releaseDigest(text, checksum.algorithm, fileName);
}

/** `digest` of an asset in GitHub's answer about a release, `sha256:<hex>`. */
function releaseDigest(text: string, algorithm: string, fileName: string): string | undefined {
  const release = JSON.parse(text) as { assets?: readonly { name?: string; digest?: string | null }[] };
  const digest = release.assets?.find((asset) => asset.name === fileName)?.digest;
  return digest?.startsWith(`${algorithm}:`) === true ? digest.slice(algorithm.length + 1) : undefined;
}

export async function fileChecksum(path: string, algorithm: Checksum['algorithm']): Promise<string> {
  const hash = createHash(algorithm);
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
