import { afterEach, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { ElectricityMapsSource } from '../../../operator/adapters/carbon/electricity-maps/source.ts';
import { UkCarbonIntensitySource } from '../../../operator/adapters/carbon/uk-carbon-intensity/source.ts';
import { AxiosClient } from '../../../operator/adapters/http/axios-client.ts';
import { SecretFile } from '../../../operator/adapters/secret-file/secret-file.ts';
import { parseConfig } from '../../../operator/config/parse-config.ts';
import type { Config } from '../../../operator/config/config.ts';
import { HOUR_MS, SECOND_MS } from '../../../operator/domain/units.ts';
import type { CarbonSource } from '../../../operator/ports/carbon.ts';
import { FakeClock } from '../../../test/fixtures/fake-clock.ts';
import { timeAt, type DemoDay } from '../day/demo-day.ts';
import { intensityRows, ZONES } from '../day/intensity-rows.ts';
import { operatorConfig } from '../processes/operator-settings.ts';
import { ProviderFeed, type ProviderName } from './provider-feed.ts';

const DAY: DemoDay = { midnight: Date.parse('2026-11-22T10:00:00Z'), hour: 3_000 };
const NEVER = new AbortController().signal;

const opened: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

/** The feed at an hour of the day, and the operator as the feed has it configured. */
async function aFeed(source: ProviderName, hour: number, isToFail = false) {
  const clock = new FakeClock(timeAt(DAY, hour));
  const directory = await mkdtemp(join(tmpdir(), 'sunward-feed-'));
  opened.push(() => rm(directory, { recursive: true }));
  const feed = await ProviderFeed.open({ source, directory, hour: DAY.hour, now: () => clock.now(), isToFail });
  opened.push(() => feed.close());
  await feed.publish(intensityRows(DAY));
  const config = parseConfig(
    stringify(operatorConfig({ feed: feed.settings, takesOverQuickly: false })),
    'config.yaml',
  );
  const http = new AxiosClient({ clock });
  opened.push(() => http.close());
  return { clock, config, feed, asked: asked(config, { http, clock }) };
}

/** As the operator asks it. */
function asked({ carbon, providers }: Config, tools: { http: AxiosClient; clock: FakeClock }): CarbonSource {
  const [source] = carbon.sources;
  if (source?.kind === 'electricityMaps') {
    const { baseUrl, keyFile = '' } = providers.electricityMaps;
    return new ElectricityMapsSource({ ...source, ...tools, baseUrl, key: new SecretFile(keyFile) });
  }
  if (source?.kind !== 'ukCarbonIntensity')
    throw new Error(`no source of a provider comes first, ${source?.kind ?? 'none'} does`);
  return new UkCarbonIntensitySource({ ...source, ...tools, baseUrl: providers.ukCarbonIntensity.baseUrl });
}

describe.each(['electricity-maps', 'uk-carbon-intensity'] as const)('%s, as the demo plays it', (source) => {
  test('tells the operator the very figures that grams are counted by, to the last of the day', async () => {
    const { asked, clock, config } = await aFeed(source, 4);
    const interval = { startsAt: clock.now(), endsAt: clock.now() + config.carbon.horizon };
    for (const zone of ZONES) {
      const rows = intensityRows(DAY).filter((row) => row.zone === zone && row.endsAt > clock.now());
      const { samples } = await asked.forecast({ zone, signal: 'Average', interval }, NEVER);
      const told = samples.map(({ startsAt, gramsPerKilowattHour }) => ({ startsAt, gramsPerKilowattHour }));
      expect(told).toEqual(rows.map(({ startsAt, gramsPerKilowattHour }) => ({ startsAt, gramsPerKilowattHour })));
      expect(samples.slice(0, -1).every(({ startsAt, endsAt }) => endsAt - startsAt === SECOND_MS)).toBe(true);
    }
  });

  test('tells those of another day as soon as they are published', async () => {
    const { asked, clock, feed } = await aFeed(source, 4);
    await feed.publish(intensityRows({ ...DAY, midnight: DAY.midnight - 8 * DAY.hour }));
    const interval = { startsAt: clock.now(), endsAt: clock.now() + HOUR_MS };
    const { samples } = await asked.forecast({ zone: 'DE', signal: 'Average', interval }, NEVER);
    const noon = intensityRows(DAY).find((row) => row.zone === 'DE' && row.startsAt === timeAt(DAY, 12));
    expect(samples[0]?.gramsPerKilowattHour).toBe(noon?.gramsPerKilowattHour);
  });

  test('gives no answer while it is broken, and is back at the same address', async () => {
    const { asked, clock, feed } = await aFeed(source, 4);
    const query = {
      ...{ zone: 'FR', signal: 'Average' as const },
      interval: { startsAt: clock.now(), endsAt: clock.now() + HOUR_MS },
    };
    await asked.forecast(query, NEVER);
    await feed.breakDown();
    await expect(asked.forecast(query, NEVER)).rejects.toMatchObject({ code: 'Unavailable' });
    await feed.comeBack();
    await expect(asked.forecast(query, NEVER)).resolves.toMatchObject({ zone: 'FR' });
  });

  test('comes before the typical day, and is given up and tried again within seconds where it is to fail', async () => {
    const usual = await aFeed(source, 4);
    expect(usual.config.carbon.sources[1]?.kind).toBe('typicalDay');
    const { carbon, circuitBreaker } = parseConfig('', 'config.yaml');
    expect(usual.config).toMatchObject({ circuitBreaker, carbon: { cachedFor: carbon.cachedFor } });
    const failing = await aFeed(source, 4, true);
    expect(failing.config.carbon.cachedFor).toBeLessThan(10 * SECOND_MS);
    expect(failing.config.circuitBreaker.longestPause).toBeLessThan(5 * SECOND_MS);
  });
});

test("the key is in a file of its own that no one else reads, and not in the operator's configuration", async () => {
  const { config, feed } = await aFeed('electricity-maps', 4);
  const { keyFile = '' } = config.providers.electricityMaps;
  expect((await stat(keyFile)).mode & 0o777).toBe(0o600);
  const settings = parse(stringify(feed.settings)) as { providers: { electricityMaps: object } };
  expect(Object.keys(settings.providers.electricityMaps)).toEqual(['baseUrl', 'keyFile']);
});
