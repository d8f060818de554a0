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
  readonly class: WasteClass;
  readonly at: EpochMs;
  /** Since when it has been known to waste none; absent while it does. */
  readonly goneSince?: EpochMs;
}

/** Tells workloads that they waste devices, and once that they do no more. */
export class WasteNotes {
  readonly #events: EventRecorder;
  readonly #settled: DurationMs;
  #told: ReadonlyMap<string, Told> = new Map();

  /** @param settled for how long the waste must be gone: a workload at a threshold is now above and now below it */
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
      const { waste } = holding;
      if (waste !== undefined && isNews(waste, before, now)) {
        this.#events.record(regarding(holding.workload), warning(waste, currencyOf(holding.site)));
        told.set(key, { class: waste.class, at: now });
      } else if (before !== undefined) {
        const after = stillTold(before, holding, now);
        const isInUse = holding.active !== undefined && now - (after.goneSince ?? now) >= this.#settled;
        if (isInUse) this.#events.record(regarding(holding.workload), inUse(holding));
        else told.set(key, after);
      }
    }
    this.#told = told;
  }
}

/** Told at a time to come: the clock was set back. */
function isNews(waste: Waste, before: Told | undefined, now: EpochMs): boolean {
  return before?.class !== waste.class || now - before.at >= TOLD_AGAIN_MS || before.at > now;
}

/** What is unknown is neither waste nor use: nothing is begun by it, nor ended. */
function stillTold(before: Told, { active, waste }: Holding, now: EpochMs): Told {
  if (waste !== undefined) return { class: before.class, at: before.at };
  if (active === undefined) return before;
  return { ...before, goneSince: Math.min(before.goneSince ?? now, now) };
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
