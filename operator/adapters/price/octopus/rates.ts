import type { PriceSample } from '../../../domain/electricity-price.ts';
import type { Interval } from '../../../domain/interval.ts';
import { heldUntilNext } from '../../../domain/samples.ts';
import type { EpochMs } from '../../../domain/units.ts';
import { SourceError } from '../../../ports/source-error.ts';
import type { Rate } from './reply.ts';

const PENCE_A_POUND = 100;

interface Row {
  readonly startsAt: EpochMs;
  readonly until: EpochMs;
  readonly pence: number | null;
  readonly paymentMethod: string | undefined;
}

/**
 * What one customer pays, who pays by direct debit: a rate without a method of payment is everybody's, and one for other
 * methods is left out. Rates may come in any order; a later one ends an earlier one that has no end. Those that have always
 * held begin at -Infinity, those without an end may end at Infinity.
 */
export function samplesOf(rates: readonly Rate[], includeVat: boolean): PriceSample[] {
  const rows = rates.map((rate) => rowOf(rate, includeVat));
  const everybodys = rows.filter(({ paymentMethod }) => paymentMethod === undefined);
  const byDirectDebit = rows.filter(({ paymentMethod }) => paymentMethod === 'DIRECT_DEBIT');
  // Of two that begin at once the last one holds.
  return heldUntilNext([...everybodys, ...byDirectDebit], Infinity).flatMap(sampleOf);
}

function rowOf(rate: Rate, includeVat: boolean): Row {
  const startsAt = rate.valid_from === null ? -Infinity : Date.parse(rate.valid_from);
  const until = rate.valid_to === null ? Infinity : Date.parse(rate.valid_to);
  if (until <= startsAt) {
    throw new SourceError(
      'Malformed',
      `octopus answers with a rate that ends before it begins: ${String(rate.valid_from)} to ${String(rate.valid_to)}`,
    );
  }
  return {
    startsAt,
    until,
    pence: includeVat ? rate.value_inc_vat : rate.value_exc_vat,
    paymentMethod: rate.payment_method ?? undefined,
  };
}

function sampleOf({ startsAt, endsAt, until, pence }: Row & Interval): PriceSample[] {
  if (pence === null) return [];
  return [{ startsAt, endsAt: Math.min(endsAt, until), perKilowattHour: pence / PENCE_A_POUND, estimated: false }];
}
