import { expect, test } from '@jest/globals';
import { parseAuditLog } from './audit.ts';

test('an audit log is read up to the last whole line', () => {
  const log = '{"verb":"get","user":{"username":"admin"}}\n{"verb":"list"}\n{"verb":"wa';
  expect(parseAuditLog(log).map(({ verb }) => verb)).toEqual(['get', 'list']);
  expect(parseAuditLog('')).toEqual([]);
});
