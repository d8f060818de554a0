import { readFile, stat } from 'node:fs/promises';
import { extname } from 'node:path';
import type { IntensitySeries, Signal } from '../../../domain/intensity.ts';
import { cutTo } from '../../../domain/samples.ts';
import type { EpochMs } from '../../../domain/units.ts';
import type { CarbonQuery, CarbonSource } from '../../../ports/carbon.ts';
import { SourceError } from '../../../ports/source-error.ts';
import { readIntensityFile, type FileSeries, type IntensityFile, type IntensityFileFormat } from './intensity-file.ts';

export interface FileSourceOptions {
  /** Its name ends in `.csv` or `.json`, which says how it is read. */
  readonly path: string;
  /** What the owner of the file vouches for: a forecast of these very days, or (default) a profile made by hand. */
  readonly rung?: 'LiveForecast' | 'TypicalDay';
  /** Default true: no provider forecast these figures. False only for a recording of what a provider issued. */
  readonly synthetic?: boolean;
}

interface Reading {
  /** Changes whenever the file does. */
  readonly stamp: string;
  readonly modifiedAt: EpochMs;
  readonly contents: Promise<IntensityFile>;
}

/**
 * Intensity from a file on disk, for demos, tests, replays and sites with their own data; the format is in
 * docs/data-sources.md. The file is read once and again when it changes; what does not parse is refused as a whole.
 */
export class FileSource implements CarbonSource {
  readonly name = 'file';
  readonly rung: 'LiveForecast' | 'TypicalDay';
  readonly #path: string;
  readonly #format: IntensityFileFormat;
  readonly #synthetic: boolean;
  #reading: Reading | undefined;

  constructor({ path, rung = 'TypicalDay', synthetic = true }: FileSourceOptions) {
    const extension = extname(path).toLowerCase();
    if (extension !== '.csv' && extension !== '.json') {
      throw new Error(`carbon file ${path}: the name must end in .csv or .json`);
    }
    this.#path = path;
    this.#format = extension === '.csv' ? 'csv' : 'json';
    this.rung = rung;
    this.#synthetic = synthetic;
  }

  async forecast<S extends Signal>(query: CarbonQuery<S>, abort: AbortSignal): Promise<IntensitySeries<S>> {
    abort.throwIfAborted();
    const { modifiedAt, contents } = await this.#current();
    const { zones, issuedAt } = await contents;
    abort.throwIfAborted();
    const series = this.#seriesOf(zones, query);
    const samples = cutTo(series.samples, query.interval);
    if (samples.length === 0) throw this.#noData(query.zone, series);
    return {
      zone: query.zone,
      signal: query.signal,
      scope: series.scope,
      perspective: 'Forecast',
      synthetic: this.#synthetic,
      source: this.name,
      issuedAt: issuedAt ?? modifiedAt,
      samples,
    };
  }

  /** A file holds one figure a stretch: it does not tell what was expected from what came. */
  history(): Promise<never> {
    return Promise.reject(
      new SourceError('HistoryUnsupported', `carbon file ${this.#path} does not tell what came from what was expected`),
    );
  }

  /** The state is taken before the contents are: a write in between is seen next time, never missed. */
  async #current(): Promise<Reading> {
    const { stamp, modifiedAt } = await this.#state();
    if (this.#reading?.stamp !== stamp) {
      const reading = { stamp, modifiedAt, contents: this.#read() };
      this.#reading = reading;
      reading.contents.catch((error: unknown) => {
        // What the file says is kept, right or wrong; a failure to read it is tried again.
        if (!(error instanceof SourceError && error.code === 'Malformed') && this.#reading === reading) {
          this.#reading = undefined;
        }
      });
    }
    return this.#reading;
  }

  async #state(): Promise<{ stamp: string; modifiedAt: EpochMs }> {
    try {
      const { ino, size, mtimeNs, ctimeNs, mtimeMs } = await stat(this.#path, { bigint: true });
      return { stamp: [ino, size, mtimeNs, ctimeNs].join(':'), modifiedAt: Number(mtimeMs) };
    } catch (cause) {
      throw this.#unreadable(cause);
    }
  }

  async #read(): Promise<IntensityFile> {
    const text = await readFile(this.#path, 'utf8').catch((cause: unknown) => {
      throw this.#unreadable(cause);
    });
    try {
      return readIntensityFile(text, this.#format);
    } catch (cause) {
      if (!(cause instanceof SourceError)) throw cause;
      throw new SourceError(cause.code, `carbon file ${this.#path}, ${cause.message}`, { cause });
    }
  }

  #unreadable(cause: unknown): SourceError {
    const reason = cause instanceof Error ? cause.message : String(cause);
    return new SourceError('Unavailable', `reading carbon file ${this.#path}: ${reason}`, { cause });
  }

  #seriesOf(zones: IntensityFile['zones'], { zone, signal }: CarbonQuery): FileSeries {
    const signals = zones.get(zone);
    if (signals === undefined) {
      const known = [...zones.keys()].join(', ');
      throw new SourceError('ZoneUnknown', `carbon file ${this.#path} has no zone "${zone}"; it has ${known}`);
    }
    const series = signals.get(signal);
    if (series !== undefined) return series;
    throw new SourceError(
      'SignalUnsupported',
      `carbon file ${this.#path} has no ${signal} intensity for zone ${zone}, only ${[...signals.keys()].join(', ')}`,
    );
  }

  #noData(zone: string, { samples }: FileSeries): SourceError {
    const [from, until] = [samples[0]?.startsAt, samples.at(-1)?.endsAt].map((at) => new Date(at ?? NaN).toISOString());
    return new SourceError(
      'NoData',
      `carbon file ${this.#path} has nothing for zone ${zone} in the time asked for; it covers ${from ?? ''} to ${until ?? ''}`,
    );
  }
}
