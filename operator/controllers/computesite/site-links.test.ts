import { expect, test } from '@jest/globals';
import { aComputeSite } from '../../../test/builders/cluster.ts';
import type { ComputeSiteSpec } from '../../api/v1alpha1/compute-site.generated.ts';
import { linksOf } from './site-links.ts';
import { siteRecordOf } from './site-record.ts';

const link = { bitsPerSecond: '100G', roundTripTime: '30ms', pricePerGiB: '0.02' };
const records = (specs: Readonly<Record<string, Partial<ComputeSiteSpec>>>) =>
  Object.entries(specs).map(([name, spec]) => siteRecordOf(aComputeSite(name, spec)));

test('a link that one end declares holds at the other end as well', () => {
  const sites = records({ berlin: { links: [{ to: 'tokyo', ...link }] }, tokyo: {} });
  const here = { bitsPerSecond: 100e9, roundTripTime: 30, pricePerGibibyte: 0.02, storageBytesPerSecond: undefined };
  expect(linksOf('berlin', sites)).toEqual([{ to: 'tokyo', ...here }]);
  expect(linksOf('tokyo', sites)).toEqual([{ to: 'berlin', ...here }]);
});

test('where both ends declare it, each goes by its own', () => {
  const sites = records({
    berlin: { links: [{ to: 'tokyo', ...link }] },
    tokyo: { links: [{ to: 'berlin', ...link, bitsPerSecond: '10G', pricePerGiB: '0.1' }] },
  });
  expect(linksOf('berlin', sites)).toMatchObject([{ bitsPerSecond: 100e9, pricePerGibibyte: 0.02 }]);
  expect(linksOf('tokyo', sites)).toMatchObject([{ bitsPerSecond: 10e9, pricePerGibibyte: 0.1 }]);
});

test('a price of the other end counts only in the same currency', () => {
  const sites = records({ berlin: { links: [{ to: 'tokyo', ...link }] }, tokyo: { prices: { currency: 'JPY' } } });
  expect(linksOf('tokyo', sites)).toMatchObject([{ to: 'berlin', pricePerGibibyte: 0 }]);
  expect(linksOf('berlin', sites)).toMatchObject([{ to: 'tokyo', pricePerGibibyte: 0.02 }]);
});

test('a link brings along what the storage at the other end gives', () => {
  const sites = records({
    berlin: { links: [{ to: 'tokyo', ...link }], storage: { bytesPerSecond: '2G' } },
    tokyo: { storage: { bytesPerSecond: '500M' } },
  });
  expect(linksOf('berlin', sites)).toMatchObject([{ storageBytesPerSecond: 5e8 }]);
  expect(linksOf('tokyo', sites)).toMatchObject([{ storageBytesPerSecond: 2e9 }]);
});

test('the other end need not be Ready, nor be a ComputeSite, and what can’t be read declares nothing', () => {
  const sites = records({
    berlin: {
      zone: 'nowhere',
      links: [
        { to: 'tokyo', ...link },
        { to: 'archive', ...link },
      ],
    },
    tokyo: {},
    odd: { pue: '0.1', links: [{ to: 'tokyo', ...link }] },
  });
  expect(linksOf('tokyo', sites).map(({ to }) => to)).toEqual(['berlin']);
  expect(linksOf('berlin', sites).map(({ to }) => to)).toEqual(['archive', 'tokyo']);
});
