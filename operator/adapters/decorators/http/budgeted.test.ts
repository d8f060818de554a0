import { expect, test } from '@jest/globals';
import { A_REQUEST, ScriptedHttp } from '../../../../test/fixtures/scripted/scripted-http.ts';
import { budgeted } from './budgeted.ts';

const never = new AbortController().signal;

function build(spend: () => Promise<boolean>) {
  const inner = new ScriptedHttp();
  return { inner, http: budgeted(inner, { spend, inWords: '1000 requests a Day' }) };
}

test('what is paid for goes out', async () => {
  const { inner, http } = build(() => Promise.resolve(true));
  await expect(http.getJson(A_REQUEST, never)).resolves.toMatchObject({ body: { is: 'the reply' } });
  expect(inner.asked).toBe(1);
});

test('what can’t be paid for does not, and the error names provider, budget and remedy', async () => {
  const { inner, http } = build(() => Promise.resolve(false));
  await expect(http.getJson(A_REQUEST, never)).rejects.toMatchObject({
    code: 'BudgetSpent',
    message: expect.stringMatching(/1000 requests a Day for vendor.*raise it in the configuration/),
  });
  expect(inner.asked).toBe(0);
});

test('where the request fails it is paid for all the same: the provider has counted it', async () => {
  let paid = 0;
  const { inner, http } = build(() => Promise.resolve((paid += 1) > 0));
  inner.next('Unavailable');
  await expect(http.getJson(A_REQUEST, never)).rejects.toMatchObject({ code: 'Unavailable' });
  await http.getJson(A_REQUEST, never);
  expect([inner.asked, paid]).toEqual([2, 2]);
});
