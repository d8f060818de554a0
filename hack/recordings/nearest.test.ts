import { describe, expect, test } from '@jest/globals';
import { nearestTo } from './nearest.ts';

const recorded = (...addresses: readonly string[]) =>
  addresses.map((address) => {
    const [path = '', query = ''] = address.split('?');
    return { path, query, status: 200, headers: {} };
  });

function found(asked: string, ...addresses: readonly string[]): string | undefined {
  const [path = '', query = ''] = asked.split('?');
  const exchange = nearestTo(path, query, recorded(...addresses));
  return exchange === undefined ? undefined : `${exchange.path}${exchange.query === '' ? '' : `?${exchange.query}`}`;
}

describe('the recorded answer to a question', () => {
  test('is that of the same one, in whatever order its parameters come', () => {
    expect(found('/x?b=2&a=1', '/x?a=1', '/x?a=1&b=2')).toBe('/x?a=1&b=2');
  });

  test.each([
    ['another path', '/y?zone=DE'],
    ['another zone', '/x?zone=FR'],
    ['another parameter', '/x?zone=DE&page=2'],
    ['one parameter less', '/x'],
    ['a parameter that is repeated', '/x?zone=DE&zone=FR'],
  ])('is none where it differs in more than times: %s', (_, asked) => {
    expect(found(asked, '/x?zone=DE')).toBeUndefined();
  });

  test.each([
    [
      'seconds',
      '/price?bzn=FR&start=1300&end=1310',
      ['/price?bzn=FR&start=0&end=900', '/price?bzn=FR&start=1000&end=2000'],
    ],
    [
      'ISO 8601',
      '/rates/?period_from=2026-11-23T10:20:00Z&period_to=2026-11-23T10:21:00Z',
      [
        '/rates/?period_from=2011-11-23T10:00:00Z&period_to=2011-11-23T11:00:00Z',
        '/rates/?period_from=2026-11-23T10:00:00Z&period_to=2026-11-23T16:00:00Z',
      ],
    ],
    [
      'the path',
      '/regional/intensity/2026-11-23T11:00Z/2026-11-23T11:01Z/regionid/13',
      [
        '/regional/intensity/2026-11-23T10:59Z/2026-11-23T11:00Z/regionid/13',
        '/regional/intensity/2026-11-23T10:00Z/2026-11-23T16:00Z/regionid/13',
      ],
    ],
  ])('is that of the stretch that holds the one asked for, with times in %s', (_, asked, addresses) => {
    expect(found(asked, ...addresses)).toBe(addresses[1]);
  });

  test('is that of the shortest horizon that reaches far enough, or else of the longest', () => {
    const horizons = ['/f?horizon_hours=72', '/f?horizon_hours=6', '/f?horizon_hours=24'];
    expect(found('/f?horizon_hours=5', ...horizons)).toBe('/f?horizon_hours=6');
    expect(found('/f?horizon_hours=7', ...horizons)).toBe('/f?horizon_hours=24');
    expect(found('/f?horizon_hours=90', ...horizons)).toBe('/f?horizon_hours=72');
  });

  test('is the nearest where none has anything in common with it', () => {
    expect(found('/x?start=50&end=60', '/x?start=0&end=10', '/x?start=70&end=80')).toBe('/x?start=70&end=80');
  });

  test('is that of the very question, also where another holds all of it', () => {
    expect(found('/x?start=50&end=60', '/x?start=0&end=100', '/x?start=50&end=60')).toBe('/x?start=50&end=60');
  });
});
