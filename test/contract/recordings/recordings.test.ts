import { describe, expect, test } from '@jest/globals';
import { readdir } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PROVIDERS } from '../../../hack/recordings/providers.ts';
import { readRecording, type Exchange, type Recording } from '../../../hack/recordings/recording.ts';
import type { ReplayServer } from '../../../hack/recordings/replay-server.ts';
import { carbonSourceContract } from '../carbon-source/contract.ts';
import { priceSourceContract } from '../price-source/contract.ts';
import { carbonUnderTest, priceUnderTest, replayedCarbon, replayedPrice } from './replayed.ts';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));
const NEVER = new AbortController().signal;
/** In the provider's unit one of ours is so many: pounds per MWh, pence per kWh, money per MWh. */
const OURS_A_UNIT: Readonly<Record<string, number>> = {
  'watttime carbon': 0.453_592_37,
  'octopus price': 1 / 100,
  'electricity-maps price': 1 / 1_000,
  'energy-charts price': 1 / 1_000,
  'awattar price': 1 / 1_000,
};

const committed = (await readdir(FOLDER)).filter((name) => name.endsWith('.json')).map((name) => `${FOLDER}${name}`);
/** One that a maintainer has just recorded. */
const fresh = process.env['SUNWARD_RECORDING'] ?? '';
const files = [...new Set([...committed, ...(fresh === '' ? [] : [fresh])])];
const recordings = await Promise.all(files.map(async (file) => ({ file, recording: await readRecording(file) })));

for (const { file, recording } of recordings) {
  describe(`the recording ${basename(file)}`, () => {
    if ('noAnswerBecause' in recording.expect) {
      const { noAnswerBecause } = recording.expect;
      test('has an answer to the first question of the suite', () => {
        throw new Error(`the suite can't be run: ${noAnswerBecause}`);
      });
      return;
    }
    const asked = suiteOn(recording);

    test('had an answer to every question of the suite', () => {
      expect(asked()).toEqual({ suites: 1, unanswered: [] });
    });

    test('has every figure that the adapter tells, as the provider wrote it', async () => {
      const figures = await figuresOf(recording);
      const unit = OURS_A_UNIT[`${recording.provider} ${recording.port}`] ?? 1;
      const told = recording.exchanges.flatMap(numbersIn).map((number) => number * unit);
      expect(figures.length).toBeGreaterThan(0);
      expect(figures.filter((figure) => !told.some((one) => Math.abs(one - figure) < 1e-9))).toEqual([]);
    });
  });
}

/** Says afterwards what was asked that nothing like it is recorded of. */
function suiteOn(recording: Recording): () => { readonly suites: number; readonly unanswered: readonly string[] } {
  const servers: ReplayServer[] = [];
  const name = `the adapter of ${recording.provider}`;
  if (recording.port === 'carbon') {
    carbonSourceContract(name, async () => {
      const replayed = await replayedCarbon(recording);
      servers.push(replayed.server);
      return carbonUnderTest(recording, replayed);
    });
  } else {
    priceSourceContract(name, async () => {
      const replayed = await replayedPrice(recording);
      servers.push(replayed.server);
      return priceUnderTest(recording, replayed);
    });
  }
  return () => ({ suites: servers.length, unanswered: servers.flatMap(({ unanswered }) => unanswered) });
}

/** Over the stretch that is known. */
async function figuresOf(recording: Recording): Promise<readonly number[]> {
  if (recording.port === 'price') {
    const { source, known, close } = priceUnderTest(recording, await replayedPrice(recording));
    const { samples } = await source.prices(known, NEVER).finally(close);
    return samples.map(({ perKilowattHour }) => perKilowattHour);
  }
  const { source, known, noForecastBecause, close } = carbonUnderTest(recording, await replayedCarbon(recording));
  const asked = noForecastBecause === undefined ? source.forecast(known, NEVER) : source.history(known, NEVER);
  const { samples } = await asked.finally(close);
  return samples.map(({ gramsPerKilowattHour }) => gramsPerKilowattHour);
}

function numbersIn({ json }: Pick<Exchange, 'json'>): readonly number[] {
  if (typeof json === 'number') return [json];
  if (typeof json !== 'object' || json === null) return [];
  return Object.values(json).flatMap((value: unknown) => numbersIn({ json: value }));
}

describe('recordings that are part of the project', () => {
  const ours = recordings.filter(({ file }) => committed.includes(file));

  test.each(ours.map(({ file, recording }) => ({ name: basename(file), reviewed: recording.expect.reviewed })))(
    'have been reviewed: $name',
    ({ reviewed }) => {
      expect(reviewed).toBe(true);
    },
  );

  test.each(PROVIDERS)('are of every provider that can be recorded: $name, $port', ({ name, port }) => {
    const found = ours.filter(({ recording }) => recording.provider === name && recording.port === port);
    expect(found.length).toBeGreaterThan(0);
  });
});
