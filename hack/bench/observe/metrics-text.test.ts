import { describe, expect, test } from '@jest/globals';
import { Counter, Gauge, Registry } from 'prom-client';
import { Scrape } from './metrics-text.ts';

async function scrapeOf(fill: (registry: Registry) => void): Promise<Scrape> {
  const registry = new Registry();
  fill(registry);
  return new Scrape(await registry.metrics());
}

describe('a scrape', () => {
  test('sums the samples of a name, those with given labels alone where they are given', async () => {
    const scrape = await scrapeOf((registry) => {
      const requests = new Counter({
        name: 'requests_total',
        help: 'Requests.',
        labelNames: ['verb', 'resource'],
        registers: [registry],
      });
      requests.inc({ verb: 'get', resource: 'jobs.batch' }, 3);
      requests.inc({ verb: 'apply', resource: 'carbonawarejobs.sunward.dev/status' }, 4);
    });
    expect(scrape.sum('requests_total')).toBe(7);
    expect(scrape.sum('requests_total', { verb: 'apply' })).toBe(4);
    expect(scrape.sum('requests_total', { verb: 'delete' })).toBe(0);
    expect(scrape.sum('requests')).toBe(0);
  });

  test('gives the largest sample, and none where there is none', async () => {
    const scrape = await scrapeOf((registry) => {
      const lateness = new Gauge({ name: 'late_seconds', help: 'Late.', labelNames: ['lease'], registers: [registry] });
      lateness.set({ lease: 'a "quoted", one' }, 0.25);
      lateness.set({ lease: 'b' }, 0.5);
    });
    expect(scrape.max('late_seconds')).toBe(0.5);
    expect(scrape.sum('late_seconds', { lease: 'a \\"quoted\\", one' })).toBe(0.25);
    expect(scrape.max('early_seconds')).toBeUndefined();
  });
});
