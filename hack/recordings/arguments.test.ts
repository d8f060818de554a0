import { describe, expect, test } from '@jest/globals';
import { resolve } from 'node:path';
import { HOUR_MS } from '../../operator/domain/units.ts';
import { readArguments, USAGE, UsageError } from './arguments.ts';
import { PROVIDERS } from './providers.ts';

describe('the recorder’s command line', () => {
  test('needs a provider and a zone, where the provider needs no more', () => {
    expect(readArguments(['energy-charts', '--zone', 'DE'])).toMatchObject({
      provider: { name: 'energy-charts', port: 'carbon' },
      ...{ zone: 'DE', otherZones: [], unknownZone: 'XX-NOWHERE' },
      baseUrl: 'https://api.energy-charts.info',
      ...{ settings: {}, credentialFiles: {}, ahead: 6 * HOUR_MS, behind: 24 * HOUR_MS, force: false },
      outputFile: resolve('out/recordings/energy-charts-carbon-DE.json'),
    });
  });

  test('takes all that can be said', () => {
    const said = readArguments([
      ...['electricity-maps', '--zone', 'SE-SE3', '--other-zone', 'DE', '--other-zone', 'FR', '--unknown-zone', 'YY'],
      ...['--key-file', 'k', '--base-url', 'http://127.0.0.1:8080/v3/', '--emission-factor-type', 'direct'],
      ...['--granularity', '15_minutes', '--ahead', '1.5', '--behind', '2', '--out', 'x.json', '--force'],
    ]);
    expect(said).toMatchObject({
      ...{ otherZones: ['DE', 'FR'], unknownZone: 'YY', baseUrl: 'http://127.0.0.1:8080/v3' },
      settings: { 'emission-factor-type': 'direct', granularity: '15_minutes' },
      credentialFiles: { key: 'k' },
      ...{ ahead: 1.5 * HOUR_MS, behind: 2 * HOUR_MS, outputFile: resolve('x.json'), force: true },
    });
  });

  test('asks the port that is named of a provider that has both, and the host of the country', () => {
    const prices = readArguments(['energy-charts', '--port', 'price', '--zone', 'DE', '--region', 'DE-LU']);
    expect(prices).toMatchObject({ provider: { port: 'price' }, settings: { region: 'DE-LU' } });
    expect(readArguments(['awattar', '--zone', 'AT'])?.baseUrl).toBe('https://api.awattar.at');
    expect(readArguments(['awattar', '--zone', 'DE'])?.baseUrl).toBe('https://api.awattar.de');
  });

  test('asks for help', () => {
    expect(readArguments(['--help'])).toBeUndefined();
    for (const { name } of PROVIDERS) expect(USAGE).toContain(`  ${name} `);
  });

  const octopus = ['octopus', '--zone', 'GB', '--product', 'AGILE-24-10-01'];
  const sdk = ['carbon-aware-sdk', '--zone', 'SE', '--location', 'swedencentral'];
  test.each([
    [[], /no provider is named[^]*node hack\/record-provider\.ts/],
    [['tibber', '--zone', 'NO'], 'there is no provider tibber; it must be one of electricity-maps, watttime'],
    [['awattar', 'octopus'], 'awattar, octopus are several'],
    [['awattar'], '--zone is missing'],
    [['awattar', '--zone', ''], '--zone is missing'],
    [['awattar', '--zone', 'DE', '--port', 'carbon'], '--port is "carbon"; for awattar it must be price'],
    [['energy-charts', '--zone', 'DE', '--port', 'gas'], 'it must be carbon or price'],
    [['awattar', '--zone', 'DE', '--other-zone', 'AT'], '--other-zone is for carbon sources'],
    [['awattar', '--zone', 'DE', '--key-file', 'k'], '--key-file is given; awattar asks for none'],
    [['electricity-maps', '--zone', 'DE'], '--key-file is missing; electricity-maps asks for a key'],
    [['watttime', '--zone', 'DE', '--username-file', 'u'], '--password-file is missing'],
    [['awattar', '--zone', 'DE', '--region', 'X'], '--region means nothing to awattar'],
    [octopus, '--region is missing; octopus needs it'],
    [[...octopus, '--region', 'I'], '--region is "I", which octopus does not take'],
    [[...octopus, '--region', 'C', '--vat', 'maybe'], '--vat is "maybe"'],
    [['uk-carbon-intensity', '--zone', 'x', '--region', 'London'], '--region is "London"'],
    [[...sdk, '--scope', 'Direct', '--signal', 'Average'], '--base-url is missing'],
    [[...sdk, '--base-url', 'http://sdk', '--signal', 'Average'], '--scope is missing'],
    [['awattar', '--zone', 'DE', '--base-url', 'https://me:secret@api.awattar.de'], 'without a user or a key in it'],
    [['awattar', '--zone', 'DE', '--base-url', 'https://api.awattar.de?key=secret'], 'without a user or a key in it'],
    [['awattar', '--zone', 'DE', '--base-url', 'api.awattar.de'], 'an address like https://'],
    [['awattar', '--zone', 'DE', '--ahead', '0'], '--ahead is "0"; it must be a number of hours'],
    [['awattar', '--zone', 'DE', '--behind', ' '], '--behind is " "'],
    [['awattar', '--zone', 'DE', '--key', 'secret'], /Unknown option '--key'[^]*--key-file FILE/],
  ])('refuses %j with what is wrong', (args, message) => {
    expect(() => readArguments(args)).toThrow(UsageError);
    expect(() => readArguments(args)).toThrow(message);
    expect(() => readArguments(args)).not.toThrow('secret');
  });
});
