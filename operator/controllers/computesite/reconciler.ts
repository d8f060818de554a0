import type { ComputeSite, ComputeSiteStatus } from '../../api/v1alpha1/compute-site.generated.ts';
import { COMPUTE_SITES } from '../../api/v1alpha1/kinds.ts';
import { MINUTE_MS, SECOND_MS, type DurationMs, type EpochMs } from '../../domain/units.ts';
import type { Clock } from '../../ports/clock.ts';
import type { EventRecorder } from '../../ports/events.ts';
import type { KubernetesApi } from '../../ports/kubernetes-api.ts';
import type { StoreReader } from '../../runtime/cache/store.ts';
import type { Reconciler, ReconcileResult } from '../../runtime/controller.ts';
import { applyStatusIfThere } from '../apply-status.ts';
import type { RegionInventory } from '../inventory/region-inventory.ts';
import { inventoryOf, type SiteInventory } from '../inventory/site-inventory.ts';
import type { OutlookReader } from '../outlooks/outlooks.ts';
import type { PriceReader } from '../prices/electricity-prices.ts';
import type { DevicePriceReader } from '../prices/node-prices.ts';
import type { UsageReader } from '../usage/usage-reader.ts';
import { changeNote, regardingOf } from './change-note.ts';
import { carbonNow } from './carbon-now.ts';
import { publishedPrices } from './published/electricity-prices.ts';
import { publishedForecasts } from './published/forecasts.ts';
import { devicePricesOf, priceNow, pricesThatCount } from './site-prices.ts';
import { judgeSite, zoneOf, type SiteJudgement } from './judge-site.ts';
import type { SiteRecord } from './site-record.ts';
import { siteStatus, type SiteFindings } from './site-status.ts';
import { statusChange } from './status-change.ts';

export interface ComputeSiteReconcilerOptions {
  readonly api: Pick<KubernetesApi, 'apply'>;
  readonly clock: Clock;
  readonly events: EventRecorder;
  readonly sites: StoreReader<SiteRecord>;
  readonly inventory: { region(region: string): RegionInventory };
  /** When the API server was last heard by the cache of nodes, pods or slices that was not heard the longest. */
  readonly inventoryHeardAt: () => EpochMs | undefined;
  readonly outlooks: OutlookReader;
  readonly prices: PriceReader;
  readonly nodePrices: DevicePriceReader;
  readonly usage: UsageReader;
  /** Takes in what a write returned, so that the next reconcile reads it back. */
  readonly observe?: (site: ComputeSite) => void;
  /** Figures that move all the time (intensity, allocated devices, their use) are written at most this often. Default 10 s. */
  readonly figuresIntervalMs?: DurationMs;
}

const DEFAULT_FIGURES_INTERVAL_MS: DurationMs = 10 * SECOND_MS;
/** A watch that lives brings a bookmark every minute. */
const STALE_AFTER_MS: DurationMs = 2 * MINUTE_MS;
/** Staleness shows by time alone. */
const LONGEST_WAIT_MS: DurationMs = MINUTE_MS;
const SHORTEST_WAIT_MS: DurationMs = SECOND_MS;

/** Says of a site what it has, how clean its electricity is, and whether jobs can be planned there. Writes only its status. */
export class ComputeSiteReconciler implements Reconciler {
  readonly name = 'computesite';
  readonly #options: ComputeSiteReconcilerOptions;
  readonly #writtenAt = new Map<string, EpochMs>();

  constructor(options: ComputeSiteReconcilerOptions) {
    this.#options = options;
  }

  async reconcile(key: string, abort: AbortSignal): Promise<ReconcileResult> {
    const record = this.#options.sites.get(key);
    if (record === undefined) {
      this.#writtenAt.delete(key);
      return {};
    }
    const findings = this.#gather(record);
    const status = siteStatus(findings);
    const change = statusChange(record.status, status);
    const dueIn = this.#figuresDueIn(key, findings.now);
    const isDue = change === 'Material' || (change === 'Moving' && dueIn === 0);
    if (isDue) await this.#write(record, status, abort);
    const changesAt = Math.min(findings.carbon?.changesAt ?? Infinity, findings.price?.changesAt ?? Infinity);
    const changesIn = changesAt - findings.now;
    const wakeIn = Math.min(changesIn, LONGEST_WAIT_MS, change === 'Moving' && !isDue ? dueIn : Infinity);
    return { requeueAfterMs: Math.max(SHORTEST_WAIT_MS, wakeIn) };
  }

  #gather(record: SiteRecord): SiteFindings {
    const { clock, outlooks, prices, sites, usage } = this.#options;
    const now = clock.now();
    const judgement = judgeSite(record, sites.list());
    const spec = record.spec.ok ? record.spec.value : undefined;
    const zone = spec && zoneOf(spec);
    const known = zone === undefined ? undefined : prices.get(zone);
    return {
      now,
      record,
      judgement,
      inventory: this.#inventoryOf(record, judgement),
      inventoryStaleSince: this.#staleSince(now),
      carbon: zone === undefined ? undefined : carbonNow(zone, outlooks, now),
      isMeasured: usage.isMeasured,
      use: usage.site(record.name),
      price: zone === undefined || spec === undefined ? undefined : priceNow(spec, known, now),
      published: {
        forecasts: zone === undefined ? [] : publishedForecasts(zone, outlooks, now),
        electricityPrices: spec && publishedPrices(pricesThatCount(spec, known), now),
      },
    };
  }

  #inventoryOf({ spec }: SiteRecord, judgement: SiteJudgement): SiteInventory | undefined {
    if (!spec.ok || (!judgement.ok && judgement.refusal.reason === 'RegionTaken')) return undefined;
    const priceOf = devicePricesOf(spec.value, this.#options.nodePrices);
    return inventoryOf(spec.value, this.#options.inventory.region(spec.value.region), {
      isPlanned: () => true,
      priceOf,
    });
  }

  #staleSince(now: EpochMs): EpochMs | undefined {
    const heardAt = this.#options.inventoryHeardAt();
    return heardAt !== undefined && now - heardAt > STALE_AFTER_MS ? heardAt : undefined;
  }

  #figuresDueIn(key: string, now: EpochMs): DurationMs {
    const interval = this.#options.figuresIntervalMs ?? DEFAULT_FIGURES_INTERVAL_MS;
    return Math.max(0, (this.#writtenAt.get(key) ?? -Infinity) + interval - now);
  }

  async #write(record: SiteRecord, status: ComputeSiteStatus, abort: AbortSignal): Promise<void> {
    const { api, clock, events, observe } = this.#options;
    const written = await applyStatusIfThere<ComputeSite>(api, COMPUTE_SITES, { object: record, status }, abort);
    if (written === undefined) return;
    this.#writtenAt.set(record.name, clock.now());
    const note = changeNote(record.status, status);
    if (note !== undefined) events.record(regardingOf(record), note);
    observe?.(written);
  }
}
