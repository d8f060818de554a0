import type { FieldReader } from '../../../api/v1alpha1/parse/field-reader.ts';
import type { IntensitySeries } from '../../../domain/intensity.ts';
import { formatDuration } from '../../../domain/duration.ts';
import type { DurationMs } from '../../../domain/units.ts';
import { foreseen, sameHourBefore, unforeseen, within, withNoise } from '../../../simulation/foresight.ts';
import type { Foresight } from '../../../simulation/scenario.ts';
import { lengthAboveZeroIn, numberIn, refuseOthers, wholeNumberIn } from './fields.ts';

/** What is foreseen, as the scenario or the command line says it. */
export interface ForesightChoice {
  readonly kind: 'Perfect' | 'Persistence' | 'None' | 'File';
  /** Of `File`: as it was written. */
  readonly file: string | undefined;
  /** Of `Perfect` and `File`: a share of the mean intensity, and where its draws begin. */
  readonly noise: { readonly share: number; readonly seed: number } | undefined;
  /** How far ahead it reaches; absent: to the end. */
  readonly reach: DurationMs | undefined;
}

const KINDS = ['Perfect', 'Persistence', 'None'] as const;
const IS_FILE = /\.(?:csv|json)$/i;

/** One word, the name of a file, or an object. Absent: perfect. */
export function readForesight(field: FieldReader): ForesightChoice {
  if (typeof field.value !== 'object') return { ...readKind(field), noise: undefined, reach: undefined };
  refuseOthers(field, ['from', 'noisePercent', 'seed', 'reach']);
  const choice = readKind(field.field('from'));
  const percent = field.field('noisePercent');
  const share = numberIn(percent, { atLeast: 0 });
  if (!percent.isAbsent && (choice.kind === 'Persistence' || choice.kind === 'None')) {
    percent.refuse('is noise on Perfect or on a file; remove it, or set from to one of them');
  }
  const seed = wholeNumberIn(field.field('seed'), { atLeast: 0, atMost: 2 ** 32 - 1 }) ?? 1;
  const reach = lengthAboveZeroIn(field.field('reach'));
  return { ...choice, reach, noise: share === undefined ? undefined : { share: share / 100, seed } };
}

function readKind(field: FieldReader): Pick<ForesightChoice, 'kind' | 'file'> {
  const { value = 'Perfect' } = field;
  if (typeof value === 'string' && IS_FILE.test(value)) return { kind: 'File', file: value };
  const kind = KINDS.find((one) => one === value);
  if (kind !== undefined) return { kind, file: undefined };
  field.refuse(`is unknown; write ${KINDS.join(', ')}, or a file whose name ends in .csv or .json`);
  return { kind: 'Perfect', file: undefined };
}

export type Series = ReadonlyMap<string, IntensitySeries>;

/** @param forecast of `File`: what it says */
export function foresightOf(choice: ForesightChoice, came: Series, forecast: Series): Foresight {
  const { kind, reach, noise } = choice;
  const told = kind === 'File' ? forecast : came;
  const noisy =
    noise === undefined
      ? told
      : new Map([...told].map(([zone, one], k) => [zone, withNoise(one, { ...noise, seed: noise.seed + k })]));
  const byKind = {
    Perfect: foreseen(noisy),
    File: foreseen(noisy),
    Persistence: sameHourBefore(came),
    None: unforeseen,
  };
  return reach === undefined ? byKind[kind] : within(reach, byKind[kind]);
}

/** Whether another time of planning may know something else: then it is worth planning anew. */
export function changesWithTime({ kind, reach }: ForesightChoice): boolean {
  return kind === 'Persistence' || (kind !== 'None' && reach !== undefined);
}

export function foresightShown({ kind, file, noise, reach }: ForesightChoice): string {
  const what = {
    ...{ Perfect: 'all that comes', Persistence: 'the same hour of the day before', None: 'nothing' },
    File: `what ${file ?? ''} says, known as a whole from the beginning`,
  };
  const off = noise === undefined ? '' : `, off by noise of ${String(100 * noise.share)} %`;
  const ahead = reach === undefined ? '' : `, ${formatDuration(reach)} ahead`;
  return `${what[kind]}${off}${ahead}`;
}
