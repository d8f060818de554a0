import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AuditLog } from './audit-log.ts';

let logDirectory: string;
beforeEach(async () => {
  logDirectory = await mkdtemp(join(tmpdir(), 'sunward-audit-log-'));
});
afterEach(async () => {
  await rm(logDirectory, { recursive: true });
});

const write = (verb: string, username = 'sunward') =>
  appendFile(join(logDirectory, 'audit.log'), `${JSON.stringify({ verb, user: { username } })}\n`);

async function verbs(log: AuditLog, from: number, to: number): Promise<string[]> {
  const found: string[] = [];
  for await (const event of log.between(from, to, 'sunward')) found.push(event.verb);
  return found;
}

test('the audit log is read from mark to mark, for one user', async () => {
  const log = new AuditLog({ logDirectory });
  await write('list');
  const begun = await log.mark();
  await write('create');
  await write('delete', 'admin');
  await write('patch');
  const ended = await log.mark();
  await write('update');

  expect(await verbs(log, 0, begun)).toEqual(['list']);
  expect(await verbs(log, begun, ended)).toEqual(['create', 'patch']);
  expect(await verbs(log, ended, ended)).toEqual([]);
});
