import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { NodePriceSource } from '../../../operator/ports/price.ts';

export interface NodePriceSourceUnderTest {
  readonly source: NodePriceSource;
  readonly truth: {
    readonly currency: string;
    /** Of each node that it has a price of, for one hour. */
    readonly perHour: Readonly<Record<string, number>>;
    /** Nodes that it knows and has no price of; or the reason why there are none. */
    readonly withoutPrice: readonly string[] | { readonly noneBecause: string };
  };
  readonly close?: () => Promise<void>;
}

const NEVER = new AbortController().signal;

/** What every source of prices of nodes owes its callers: one suite for the port, run by each adapter. */
export function nodePriceSourceContract(name: string, setUp: () => Promise<NodePriceSourceUnderTest>): void {
  describe(`${name} as a source of prices of nodes`, () => {
    let subject: NodePriceSourceUnderTest;
    beforeAll(async () => {
      subject = await setUp();
    });
    afterAll(async () => {
      await subject.close?.();
    });

    test('gives the price of each node that it has one of, once, above nothing, in its currency', async () => {
      const prices = await subject.source.nodePrices(NEVER);
      const { currency, perHour } = subject.truth;
      expect(new Set(prices.map(({ node }) => node)).size).toBe(prices.length);
      expect(Object.fromEntries(prices.map((price) => [price.node, price.perHour]))).toEqual(perHour);
      for (const price of prices) {
        expect(price.perHour).toBeGreaterThan(0);
        expect(price.currency).toBe(currency);
      }
    });

    test('leaves out the nodes that it has no price of', async () => {
      const { withoutPrice } = subject.truth;
      if ('noneBecause' in withoutPrice) {
        expect(withoutPrice.noneBecause).not.toBe('');
        return;
      }
      expect(withoutPrice).not.toHaveLength(0);
      const priced = (await subject.source.nodePrices(NEVER)).map(({ node }) => node);
      for (const node of withoutPrice) expect(priced).not.toContain(node);
    });

    test('gives the same answer to the same question, also when asked at once', async () => {
      const ask = () => subject.source.nodePrices(NEVER);
      const first = await ask();
      expect(await Promise.all([ask(), ask()])).toEqual([first, first]);
    });

    test('gives up with the caller: at once, and with the reason that the caller gave', async () => {
      const reason = new Error('shutting down');
      await expect(subject.source.nodePrices(AbortSignal.abort(reason))).rejects.toBe(reason);
    });
  });
}
