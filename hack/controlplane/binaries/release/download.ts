import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { errorText } from '../../error-text.ts';
import { fileChecksum, publishedChecksum } from './checksum.ts';
import type { BinarySettings } from '../settings.ts';
import type { Tool } from '../tools.ts';
import { expand } from '../tools.ts';

const CHECKSUM_TIMEOUT_MS = 60_000;
/** The largest is 105 MB. */
const FILE_TIMEOUT_MS = 15 * 60_000;

/**
 * Takes the official release into `directory`, which is ours alone, and checks it against the checksum published
 * beside it before anything is unpacked.
 * @returns the path of the executable
 */
export async function downloadTool(
  tool: Tool,
  settings: BinarySettings,
  directory: string,
  abort?: AbortSignal,
): Promise<string> {
  const { download, version } = tool.source;
  const { os, arch } = settings.platform;
  if (!download.platforms.includes(`${os}-${arch}`)) {
    throw new Error(
      `downloading ${tool.name} ${version}: there is no official release for ${os}-${arch}. Build it with Go instead: BINARIES=build`,
    );
  }
  const fill = (template: string): string => expand(template, tool, settings.platform, settings.baseUrls);
  const url = fill(download.url);
  const checksum = { ...download.checksum, url: fill(download.checksum.url) };
  const expected = publishedChecksum(await fetchText(checksum.url, abort), checksum, basename(url));
  const file = join(directory, basename(url));
  await fetchFile(url, file, abort);
  const actual = await fileChecksum(file, checksum.algorithm);
  if (actual !== expected) {
    throw new Error(
      `downloading ${url}: its ${checksum.algorithm} is ${actual}, ${checksum.url} says ${expected}. The file is incomplete or not the official one; nothing was installed`,
    );
  }
  const executable = download.member === undefined ? file : await unpack(file, directory, fill(download.member));
  await chmod(executable, 0o755);
  return executable;
}

async function unpack(archive: string, directory: string, member: string): Promise<string> {
  try {
    await promisify(execFile)('tar', ['-xzf', archive, '-C', directory, member]);
  } catch (error) {
    throw new Error(`unpacking ${member} from ${archive}: ${errorText(error)}`, { cause: error });
  }
  return join(directory, member);
}

async function fetchText(url: string, abort: AbortSignal | undefined): Promise<string> {
  const response = await get(url, CHECKSUM_TIMEOUT_MS, abort);
  return response.text();
}

async function fetchFile(url: string, path: string, abort: AbortSignal | undefined): Promise<void> {
  const response = await get(url, FILE_TIMEOUT_MS, abort);
  if (response.body === null) throw new Error(`downloading ${url}: the answer is empty`);
  try {
    await pipeline(Readable.fromWeb(response.body), createWriteStream(path));
  } catch (error) {
    throw new Error(`downloading ${url}: the connection broke off: ${errorText(error)}`, { cause: error });
  }
}

async function get(url: string, timeoutMs: number, abort: AbortSignal | undefined): Promise<Response> {
  const limits = [AbortSignal.timeout(timeoutMs), ...(abort === undefined ? [] : [abort])];
  let response: Response;
  try {
    response = await fetch(url, { signal: AbortSignal.any(limits), headers: { 'user-agent': 'sunward' } });
  } catch (error) {
    throw new Error(`downloading ${url}: ${errorText(error)}`, { cause: error });
  }
  if (!response.ok)
    throw new Error(`downloading ${url}: the server answered ${response.status} ${response.statusText}`.trimEnd());
  return response;
}
