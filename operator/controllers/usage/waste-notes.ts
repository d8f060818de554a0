import { holdingKey } from '../../domain/usage/holding-key.ts';
import type { UsageReason } from '../../api/v1alpha1/reasons.ts';
import type { Holding, Rate, Waste, WasteClass } from '../../domain/usage/assessment.ts';
import type { DurationMs, EpochMs } from '../../domain/units.ts';
import type { EventNote, EventRecorder } from '../../ports/events.ts';
import { regarding, TOLD_AGAIN_MS } from './told-again.ts';

const REASONS: Readonly<Record<WasteClass, UsageReason>> = {
  OutsideHours: 'GPUsOutsideHours',
  Idle: 'GPUsIdle',
  Oversized: 'GPUsOversized',
  Underused: 'GPUsUnderused',
};

interface Told {
  /** When each class was told last. */
  readonly at: Partial<Readonly<Record<WasteClass, EpochMs>>>;
  /** Since when it has been seen to work; absent while it wastes any, or does nothing. */
  readonly worksSince?: EpochMs;
}

/** Tells workloads that they waste devices, and once that those that did nothing are in use again. */
export class WasteNotes {
  readonly #events: EventRecorder;
  readonly #settled: DurationMs;
  #told: ReadonlyMap<string, Told> = new Map();

  /** @param settled for how long devices must work: a workload at a threshold is now above and now below it */
  constructor(events: EventRecorder, settled: DurationMs) {
    this.#events = events;
    this.#settled = settled;
  }

  /** @param currencyOf of a site, by name */
  tell(holdings: readonly Holding[], currencyOf: (site: string) => string, now: EpochMs): void {
    const told = new Map<string, Told>();
    for (const holding of holdings) {
      const key = keyOf(holding);
      const before = this.#told.get(key);
      const { waste, workload } = holding;
      if (waste !== undefined) {
        const isNews = !isRecent(before?.at[waste.class], now);
        if (isNews) this.#events.record(regarding(workload), warning(waste, currencyOf(holding.site)));
        told.set(key, { at: isNews ? { ...before?.at, [waste.class]: now } : { ...before?.at } });
      } else if (before !== undefined) {
        const after = withoutWaste(before, holding, now);
        const isInUse = holding.idleFor === 0 && now - (after.worksSince ?? now) >= this.#settled;
        if (didNothing(after) && isInUse) {
          this.#events.record(regarding(workload), inUse(holding));
        } else if (didNothing(after) || Object.values(after.at).some((at) => isRecent(at, now))) told.set(key, after);
      }
    }
    this.#told = told;
  }
}

/** Told at a time to come: the clock was set back. */
function isRecent(at: EpochMs | undefined, now: EpochMs): boolean {
  return at !== undefined && at <= now && now - at < TOLD_AGAIN_MS;
}

/** Of the others nobody sees when it is over: that nothing is found may be for want of time, as after a restart. */
function didNothing({ at }: Told): boolean {
  return at.Idle !== undefined || at.OutsideHours !== undefined;
}

/** What is unknown is neither waste nor use: nothing is begun by it, nor ended. */
function withoutWaste(before: Told, { idleFor }: Holding, now: EpochMs): Told {
  if (idleFor === undefined) return before;
  return idleFor === 0 ? { ...before, worksSince: Math.min(before.worksSince ?? now, now) } : { at: before.at };
}

function warning(waste: Waste, currency: string): EventNote {
  const message = `${waste.message} (${rateWords(waste.rate, currency)}). ${waste.remedy}`;
  return { type: 'Warning', reason: REASONS[waste.class], action: 'Assess', message };
}

function inUse({ devices, product, site }: Holding): EventNote {
  const where = site === '' ? '' : ` at ${site}`;
  const message = `${String(devices)} ${product}${where}: in use again`;
  return { type: 'Normal', reason: 'GPUsInUse' satisfies UsageReason, action: 'Assess', message };
}

/** What is made anew under a name is another one, that is told anew. */
function keyOf(holding: Holding): string {
  return `${holding.workload.uid}\n${holdingKey(holding)}`;
}

/** `3.1 kW, 12.00 EUR and 1.2 kg CO2e an hour`; what is not known is left out. */
export function rateWords({ power, moneyPerHour, gramsPerHour }: Rate, currency: string): string {
  const watts = power >= 1_000 ? `${(power / 1_000).toFixed(1)} kW` : `${power.toFixed(0)} W`;
  const money = moneyPerHour > 0 ? [`${moneyPerHour.toFixed(2)} ${currency}`] : [];
  const mass = gramsPerHour === undefined ? [] : [massWords(gramsPerHour)];
  const perHour = [...money, ...mass];
  return perHour.length === 0 ? watts : `${watts}, ${perHour.join(' and ')} an hour`;
}

function massWords(grams: number): string {
  return grams >= 1_000 ? `${(grams / 1_000).toFixed(1)} kg CO2e` : `${grams.toFixed(0)} g CO2e`;
}
