import type { UsageReason } from '../../api/v1alpha1/reasons.ts';
import type { Holding, Rate, Waste, WasteClass } from '../../domain/usage/assessment.ts';
import type { EpochMs } from '../../domain/units.ts';
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
}

/** Tells workloads that they waste devices, and once that they do no more. */
export class WasteNotes {
  readonly #events: EventRecorder;
  #told: ReadonlyMap<string, Told> = new Map();

  constructor(events: EventRecorder) {
    this.#events = events;
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
      } else if (waste !== undefined || holding.active === undefined) {
        // What is unknown is neither waste nor use: nothing is said until something is known.
        if (before !== undefined) told.set(key, before);
      } else if (before !== undefined) this.#events.record(regarding(holding.workload), inUse(holding));
    }
    this.#told = told;
  }
}

/** Told at a time to come: the clock was set back. */
function isNews(waste: Waste, before: Told | undefined, now: EpochMs): boolean {
  return before?.class !== waste.class || now - before.at >= TOLD_AGAIN_MS || before.at > now;
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

function keyOf({ workload, site, product, resource }: Holding): string {
  return [workload.uid, workload.namespace, workload.kind, workload.name, site, product, resource].join('\n');
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
