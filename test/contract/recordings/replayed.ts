import { clockFixedAt } from '../../../hack/recordings/fixed-clock.ts';
import {
  carbonProvider,
  priceProvider,
  type AdapterSurroundings,
  type Credentials,
} from '../../../hack/recordings/providers.ts';
import {
  intervalOf,
  type CarbonExpectation,
  type CarbonRecording,
  type NoAnswer,
  type PriceRecording,
  type Recording,
} from '../../../hack/recordings/recording.ts';
import { ReplayServer } from '../../../hack/recordings/replay-server.ts';
import { AxiosClient } from '../../../operator/adapters/http/axios-client.ts';
import type { Signal } from '../../../operator/domain/intensity.ts';
import type { CarbonSource } from '../../../operator/ports/carbon.ts';
import type { PriceSource } from '../../../operator/ports/price.ts';
import type { CarbonSourceUnderTest } from '../carbon-source/contract.ts';
import type { PriceSourceUnderTest } from '../price-source/contract.ts';

/** An adapter that asks a recording instead of its provider. */
export interface Replayed<Source> {
  readonly source: Source;
  readonly server: ReplayServer;
  readonly close: () => Promise<void>;
}

/** What the plan of an account can lack; any other refusal of the past is a fault, and the suite is to find it. */
const HAS_NO_PAST = ['HistoryUnsupported', 'NotEntitled', 'NoData'];

const MADE_UP: Credentials = Object.fromEntries(
  ['key', 'username', 'password'].map((name) => [name, { read: () => Promise.resolve(`made-up-${name}`) }]),
);

export function replayedCarbon(recording: CarbonRecording): Promise<Replayed<CarbonSource>> {
  return replayed(recording, carbonProvider(recording.provider).source);
}

export function replayedPrice(recording: PriceRecording): Promise<Replayed<PriceSource>> {
  return replayed(recording, priceProvider(recording.provider).source);
}

async function replayed<Source>(
  recording: Recording,
  sourceOf: (surroundings: AdapterSurroundings) => Source,
): Promise<Replayed<Source>> {
  const server = await ReplayServer.start(recording);
  const clock = clockFixedAt(Date.parse(recording.recordedAt));
  const http = new AxiosClient({ clock });
  const { zone, settings } = recording;
  const source = sourceOf({ http, clock, baseUrl: server.baseUrl, zone, settings, credentials: MADE_UP });
  const close = async (): Promise<void> => {
    http.close();
    await server.stop();
  };
  return { source, server, close };
}

function answeredIn<Expectation extends object>(recording: { readonly expect: Expectation | NoAnswer }): Expectation {
  if ('noAnswerBecause' in recording.expect) throw new Error(`no answer: ${recording.expect.noAnswerBecause}`);
  return recording.expect;
}

export function carbonUnderTest(
  recording: CarbonRecording,
  { source, close }: Replayed<CarbonSource>,
): CarbonSourceUnderTest & Pick<Replayed<CarbonSource>, 'close'> {
  const { zone, recordedAt } = recording;
  const expected = answeredIn(recording);
  const { signal, scope, synthetic, estimated, otherZones, unknownZone, noForecastBecause } = expected;
  const missingSignal: Signal = signal === 'Average' ? 'Marginal' : 'Average';
  return {
    ...{ source, close, otherZones, unknownZone, missingSignal },
    known: { zone, signal, interval: intervalOf(expected.known) },
    uncovered: intervalOf(expected.uncovered),
    truth: { scope, synthetic, estimated, issuedBy: Date.parse(recordedAt) },
    past: pastOf(expected),
    ...(noForecastBecause !== undefined && { noForecastBecause }),
  };
}

function pastOf({ past }: CarbonExpectation): CarbonSourceUnderTest['past'] {
  const interval = intervalOf(past.interval);
  if ('estimated' in past) return { interval, estimated: past.estimated };
  const { because: noneBecause, refusal: code } = past;
  return HAS_NO_PAST.includes(code) ? { noneBecause, refusal: { code, interval } } : { interval, estimated: [] };
}

export function priceUnderTest(
  recording: PriceRecording,
  { source, close }: Replayed<PriceSource>,
): PriceSourceUnderTest & Pick<Replayed<PriceSource>, 'close'> {
  const { zone } = recording;
  const expected = answeredIn(recording);
  const { unknownZone, currency, basis, perKilowattHour, negative } = expected;
  return {
    ...{ source, close, unknownZone },
    known: { zone, interval: intervalOf(expected.known) },
    uncovered: intervalOf(expected.uncovered),
    truth: { currency, basis, perKilowattHour },
    negative: 'from' in negative ? intervalOf(negative) : negative,
  };
}
