import { addErrors, LEADS, totalAt, type ErrorSums, type Lead, type Verification } from './verification.ts';

/** How good predictions were, over the last days. */
export interface Accuracy {
  /** Predictions that were verified: one for each hour and lead. */
  readonly count: number;
  /** Mean absolute error, g/kWh. */
  readonly meanAbsoluteError: number;
  /** Mean absolute percentage error as a share, 0.1 for 10 %; `undefined` where there was nothing to divide by. */
  readonly meanAbsolutePercentageError: number | undefined;
  /** Mean of predicted - came, g/kWh. */
  readonly bias: number;
  /** Root mean square of what is left of the errors once the bias is taken off, g/kWh. */
  readonly deviation: number;
}

/** A forecast beside persistence, at one lead time. */
export interface Skill {
  readonly lead: Lead;
  readonly forecast: Accuracy;
  readonly persistence: Accuracy;
}

/** Of each lead that anything was verified at. */
export function skillOf(verification: Verification): readonly Skill[] {
  return LEADS.flatMap((lead) => {
    const { forecast, persistence } = totalAt(verification, lead);
    if (forecast.count === 0) return [];
    return [{ lead, forecast: accuracyOf(forecast), persistence: accuracyOf(persistence) }];
  });
}

/**
 * A forecast that is worse than persistence still tells what persistence can't, and counts for that much
 * ({@link combined}). One that is off by three times as much would count for less than a tenth: what it has lost is more
 * than precision.
 */
const WORSE_BY_FACTOR = 3;
/**
 * A bias of up to this share of what usually comes is taken off before a forecast is planned with, and is no reason for
 * distrust. Beyond it, the forecast is of another quantity, or another zone.
 */
const TAKEN_OFF_SHARE = 1 / 3;
/** One that is worse by less than this share beyond it is not worth a change of mind. */
const CHANGE_OF_MIND_SHARE = 0.05;
/** Less than this is no difference, g/kWh: where a grid hardly changes, persistence is all but perfect, and so is the forecast. */
const NO_DIFFERENCE = 1;
/** Fewer hours than this, at whichever lead has most, say nothing: one odd night would. */
export const LEAST_HOURS = 48;

/** Whether a forecast is to be planned with, and what it did beside persistence over all leads together. */
export interface Trust {
  readonly trusted: boolean;
  /** Absent while too little was verified to say. */
  readonly evidence: { readonly forecast: Accuracy; readonly persistence: Accuracy } | undefined;
}

/**
 * A forecast loses trust where persistence has been much better, and has it back as soon as that is no longer so.
 * Judged over all leads, each hour once at each: what is planned tonight and tomorrow counts alike.
 * @param wasTrusted what was said before
 */
export function trustIn(verification: Verification, wasTrusted: boolean): Trust {
  const totals = LEADS.map((lead) => totalAt(verification, lead));
  const forecast = totals.map((total) => total.forecast).reduce(addErrors);
  const persistence = totals.map((total) => total.persistence).reduce(addErrors);
  const hours = Math.max(...totals.map((total) => total.forecast.count));
  if (hours < LEAST_HOURS) return { trusted: true, evidence: undefined };
  const evidence = { forecast: accuracyOf(forecast), persistence: accuracyOf(persistence) };
  const margin = wasTrusted ? 1 + CHANGE_OF_MIND_SHARE : 1;
  const isTakenOff = Math.abs(evidence.forecast.bias) <= TAKEN_OFF_SHARE * usualLevel(verification);
  const judgedBy = isTakenOff ? 'deviation' : 'meanAbsoluteError';
  const limit = evidence.persistence[judgedBy] * WORSE_BY_FACTOR * margin + NO_DIFFERENCE;
  return { trusted: evidence.forecast[judgedBy] <= limit, evidence };
}

/** Mean of what came of late, g/kWh; 0 where nothing did. */
export function usualLevel({ came }: Verification): number {
  let sum = 0;
  for (const figure of came.values()) sum += figure;
  return sum / Math.max(1, came.size);
}

function accuracyOf({ count, absolute, share, shareCount, signed, squared }: ErrorSums): Accuracy {
  return {
    count,
    meanAbsoluteError: absolute / count,
    meanAbsolutePercentageError: shareCount === 0 ? undefined : share / shareCount,
    bias: signed / count,
    deviation: Math.sqrt(Math.max(0, squared / count - (signed / count) ** 2)),
  };
}
