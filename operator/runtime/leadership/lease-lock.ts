import type { Clock, DurationMs, EpochMs } from '../../ports/clock.ts';
import { KubernetesApiError } from '../../ports/kubernetes-api.ts';
import type { KubernetesApi, WriteOptions } from '../../ports/kubernetes-api.ts';
import { LEASES } from '../../ports/leases.ts';
import type { Lease, LeaseSpec } from '../../ports/leases.ts';

export interface LeaseLockOptions {
  readonly api: KubernetesApi;
  readonly lease: { readonly namespace: string; readonly name: string };
  readonly identity: string;
  readonly leaseDurationMs: DurationMs;
  readonly clock: Clock;
}

/** `LostRace`: the record changed under our hands, so another contender wrote it. */
export type LockState = 'Held' | 'HeldByOther' | 'LostRace';

const WRITE: WriteOptions = { fieldManager: 'sunward-leader-election' };
/** The shortest that the API server accepts: who reads it has nothing to wait for. */
const RELEASED_DURATION_SECONDS = 1;

/**
 * A Lease as a lock, as client-go does it. Stamps in the record are never compared with a clock: a contender takes the lease
 * only when the record has not changed for the duration that it names, by the contender's own clock.
 * Every write is a compare-and-swap on resourceVersion.
 */
export class LeaseLock {
  readonly #options: LeaseLockOptions;
  #seen: Lease | undefined;
  #changedAt: EpochMs = 0;
  #held = false;
  /** A write was sent whose answer never came. */
  #mayBeHeld = false;

  constructor(options: LeaseLockOptions) {
    this.#options = options;
  }

  /** Who holds the lease as far as this contender has seen. */
  get holder(): string {
    return this.#seen?.spec?.holderIdentity ?? '';
  }

  /** The record may name this contender: it was written, or a write was sent and its answer never came. */
  get mayBeHeld(): boolean {
    return this.#held || this.#mayBeHeld;
  }

  get transitions(): number {
    return this.#seen?.spec?.leaseTransitions ?? 0;
  }

  /** Takes the lease where it is free or expired, renews it where it is ours. Throws where the API server can't be asked. */
  async tryHold(abort: AbortSignal): Promise<LockState> {
    const renewed = this.#held && (await this.#renewBlindly(abort));
    if (renewed) return 'Held';
    const current = await this.#read(abort);
    if (current === undefined) return this.#swap(undefined, abort);
    // A leader that finds another name has been deposed, even where that reign is over by now.
    const deposed = this.#held && !this.#isMine(current);
    if (!deposed && (this.#isMine(current) || this.#isFree(current))) return this.#swap(current, abort);
    this.#held = false;
    return 'HeldByOther';
  }

  /** Gives the lease up, if it is ours, so that the next contender need not wait. */
  async release(abort: AbortSignal): Promise<void> {
    this.#held = false;
    this.#mayBeHeld = false;
    const current = await this.#read(abort);
    if (current === undefined || !this.#isMine(current)) return;
    const now = microTime(this.#options.clock.now());
    const spec: LeaseSpec = {
      ...current.spec,
      holderIdentity: '',
      leaseDurationSeconds: RELEASED_DURATION_SECONDS,
      acquireTime: now,
      renewTime: now,
    };
    await this.#options.api.replace<Lease>(LEASES, { ...current, spec }, WRITE, abort);
  }

  /** A leader's usual renewal: one write, on the record as it left it. False where that has changed: it must be read first. */
  async #renewBlindly(abort: AbortSignal): Promise<boolean> {
    return this.#seen !== undefined && (await this.#swap(this.#seen, abort)) === 'Held';
  }

  async #read(abort: AbortSignal): Promise<Lease | undefined> {
    try {
      const lease = await this.#options.api.get<Lease>(LEASES, this.#options.lease, abort);
      this.#observe(lease);
      return lease;
    } catch (error) {
      if (isStatus(error, 404)) return undefined;
      throw error;
    }
  }

  async #swap(current: Lease | undefined, abort: AbortSignal): Promise<LockState> {
    const { api, lease } = this.#options;
    const spec = this.#nextSpec(current?.spec);
    this.#mayBeHeld = true;
    try {
      const written =
        current === undefined
          ? await api.create<Lease>(LEASES, { ...blank(lease), spec }, WRITE, abort)
          : await api.replace<Lease>(LEASES, { ...current, spec }, WRITE, abort);
      this.#observe(written);
      this.#held = true;
      this.#mayBeHeld = false;
      return 'Held';
    } catch (error) {
      // 409: changed, or created, by another. 404: deleted since it was read.
      const refused = error instanceof KubernetesApiError && error.status >= 400 && error.status < 500;
      if (refused) this.#mayBeHeld = false;
      if (isStatus(error, 409) || isStatus(error, 404)) return 'LostRace';
      throw error;
    }
  }

  #nextSpec(before: LeaseSpec | undefined): LeaseSpec {
    const now = microTime(this.#options.clock.now());
    const isMine = before?.holderIdentity === this.#options.identity;
    return {
      ...before,
      holderIdentity: this.#options.identity,
      leaseDurationSeconds: Math.ceil(this.#options.leaseDurationMs / 1_000),
      acquireTime: (isMine ? before.acquireTime : undefined) ?? now,
      renewTime: now,
      leaseTransitions: before === undefined ? 0 : (before.leaseTransitions ?? 0) + (isMine ? 0 : 1),
    };
  }

  #observe(lease: Lease): void {
    if (JSON.stringify(lease.spec) !== JSON.stringify(this.#seen?.spec)) this.#changedAt = this.#options.clock.now();
    this.#seen = lease;
  }

  #isMine(lease: Lease): boolean {
    return lease.spec?.holderIdentity === this.#options.identity;
  }

  #isFree(lease: Lease): boolean {
    if ((lease.spec?.holderIdentity ?? '') === '') return true;
    const durationMs = (lease.spec?.leaseDurationSeconds ?? 0) * 1_000 || this.#options.leaseDurationMs;
    return this.#options.clock.now() >= this.#changedAt + durationMs;
  }
}

/** MicroTime, which the API server reads only with six fractional digits. */
export function microTime(time: EpochMs): string {
  return new Date(time).toISOString().replace('Z', '000Z');
}

function blank(lease: { readonly namespace: string; readonly name: string }): Lease {
  return { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { ...lease } };
}

function isStatus(error: unknown, status: number): boolean {
  return error instanceof KubernetesApiError && error.status === status;
}
