import { readFile } from 'node:fs/promises';
import type { EmissionScope, Signal } from '../../operator/domain/intensity.ts';
import type { Interval } from '../../operator/domain/interval.ts';
import type { SourceErrorCode } from '../../operator/ports/source-error.ts';

/** One question to a provider and what it answered. What was sent along with the question, a key say, is not part of it. */
export interface Exchange {
  readonly path: string;
  /** As in the address, without the question mark. */
  readonly query: string;
  readonly status: number;
  /** `content-type`, `date` and `retry-after`, as far as they came. */
  readonly headers: Readonly<Record<string, string>>;
  /** A body that is JSON; of another one the text. */
  readonly json?: unknown;
  readonly text?: string;
}

/** ISO 8601, so that a person can read it. */
export interface WrittenInterval {
  readonly from: string;
  readonly until: string;
}

/** The provider did not answer the first question, and why: the suite can't be run on that. */
export interface NoAnswer {
  readonly reviewed: boolean;
  readonly noAnswerBecause: string;
}

/** What the contract suite of carbon sources is to find. See `test/contract/carbon-source/contract.ts`. */
export interface CarbonExpectation {
  /** False until a person has held it against the replies: the recorder takes it from what the adapter made of them. */
  readonly reviewed: boolean;
  readonly signal: Signal;
  /** The longest stretch without a gap of what was asked for. */
  readonly known: WrittenInterval;
  readonly otherZones: readonly string[];
  readonly unknownZone: string;
  readonly uncovered: WrittenInterval;
  readonly scope: EmissionScope;
  readonly synthetic: boolean;
  /** Of each figure over the known stretch. */
  readonly estimated: readonly boolean[];
  readonly past:
    | { readonly interval: WrittenInterval; readonly estimated: readonly boolean[] }
    | { readonly interval: WrittenInterval; readonly refusal: SourceErrorCode; readonly because: string };
  /** Set where there is no forecast: then all of the above is about history. */
  readonly noForecastBecause?: string;
}

/** What the contract suite of price sources is to find. See `test/contract/price-source/contract.ts`. */
export interface PriceExpectation {
  readonly reviewed: boolean;
  /** The longest stretch without a gap whose prices are published. */
  readonly known: WrittenInterval;
  readonly unknownZone: string;
  readonly uncovered: WrittenInterval;
  readonly currency: string;
  readonly basis: 'Market' | 'Tariff';
  readonly perKilowattHour: readonly number[];
  readonly negative: WrittenInterval | { readonly neverBecause: string };
}

interface Recorded<Port extends 'carbon' | 'price', Expectation> {
  readonly provider: string;
  readonly port: Port;
  /** ISO 8601. The adapter's clock stood still there while it was recorded, and does when it is played back. */
  readonly recordedAt: string;
  /** Where the provider was asked. */
  readonly baseUrl: string;
  /** Where the figures are from, and what may be done with them. */
  readonly note: string;
  readonly zone: string;
  /** What the adapter was set up with, keys and passwords aside. */
  readonly settings: Readonly<Record<string, string>>;
  readonly expect: Expectation | NoAnswer;
  readonly exchanges: readonly Exchange[];
}

export type CarbonRecording = Recorded<'carbon', CarbonExpectation>;
export type PriceRecording = Recorded<'price', PriceExpectation>;

/** What a provider answered to the questions of the contract suite, so that the suite can be run on it again and again. */
export type Recording = CarbonRecording | PriceRecording;

/** Throws an Error that names the file where it is none, or none of a recording. */
export async function readRecording(file: string): Promise<Recording> {
  const text = await readFile(file, 'utf8');
  let recording: Partial<Recording>;
  try {
    recording = JSON.parse(text) as Partial<Recording>;
  } catch (error) {
    throw new Error(`${file} is not JSON; record it anew`, { cause: error });
  }
  const { provider, port, recordedAt = '', expect, exchanges } = recording;
  const isWhole = typeof provider === 'string' && typeof expect === 'object' && Array.isArray(exchanges);
  if (!isWhole || (port !== 'carbon' && port !== 'price') || Number.isNaN(Date.parse(recordedAt))) {
    throw new Error(`${file} is no recording of a provider: see hack/recordings/recording.ts; record it anew`);
  }
  return recording as Recording;
}

export function written({ startsAt, endsAt }: Interval): WrittenInterval {
  return { from: new Date(startsAt).toISOString(), until: new Date(endsAt).toISOString() };
}

export function intervalOf({ from, until }: WrittenInterval): Interval {
  return { startsAt: Date.parse(from), endsAt: Date.parse(until) };
}
