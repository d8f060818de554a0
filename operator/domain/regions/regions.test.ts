import { describe, expect, test } from '@jest/globals';
import { zoneOfRegion } from './regions.ts';

describe('the grid zone of a region', () => {
  test.each([
    ['eu-north-1', 'AWS', 'SE-SE3'],
    ['eu-central-1', 'AWS', 'DE'],
    ['europe-central2', 'GCP', 'PL'],
    ['us-central1', 'GCP', 'US-MIDW-MISO'],
    ['northeurope', 'Azure', 'IE'],
    ['westus', 'Azure', 'US-CAL-CISO'],
  ])('of %s (%s) is %s', (region, provider, zone) => {
    expect(zoneOfRegion(region)).toMatchObject({ region, provider, zone });
  });

  test('comes with its source', () => {
    expect(zoneOfRegion('eu-central-1')?.source).toBe('Green Software Foundation, 2024');
    expect(zoneOfRegion('europe-north2')?.source).toBe('location: Stockholm');
  });

  test.each(['', 'eu-north-9', 'EU-NORTH-1', 'on-premises', 'constructor'])(
    'is not guessed for a region that is not in the table: "%s"',
    (region) => {
      expect(zoneOfRegion(region)).toBeUndefined();
    },
  );
});
