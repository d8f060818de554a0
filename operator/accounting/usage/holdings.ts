import { ATTRIBUTIONS, type Attribution, type Holding } from '../../domain/usage/assessment.ts';
import { holdingKey } from '../../domain/usage/holding-key.ts';
import type { DurationMs, EpochMs } from '../../domain/units.ts';
import type { ClockSpan } from '../../domain/weekly-hours/clock-spans.ts';
import { activeNow } from './activity/columns.ts';
import { quietTogether } from './activity/quiet-together.ts';
import type { HeldDevice } from './devices/held-devices.ts';
import type { NodeAccelerators } from './devices/node-accelerators.ts';
import { compareText } from '../../domain/compare-text.ts';
import { powerOfHeld, type DevicePower } from './power/device-power.ts';
import type { HostPower } from './power/host-power.ts';
import { rateOf, type Use } from './rate.ts';
import type { HoldingPod } from './usage-snapshot.ts';
import { useOf, type Holder } from './waste/holder.ts';
import { idle } from './waste/idle.ts';
import { wasteOf } from './waste/waste.ts';

export interface Around {
  readonly now: EpochMs;
  readonly host: HostPower;
  /** By IANA time zone. */
  readonly clocks: ReadonlyMap<string, readonly ClockSpan[]>;
}

/** What each workload holds of each product at each site; those that waste most come first. */
export function holdingsOf(devices: readonly HeldDevice[], around: Around): readonly Holding[] {
  return [...Map.groupBy(devices, keyOf)]
    .map(([key, held]) => ({ key, holding: holdingOf(held, around) }))
    .sort((a, b) => byWaste(a.holding, b.holding) || compareText(a.key, b.key))
    .map(({ holding }) => holding);
}

function keyOf({ accelerators, pod: { workload } }: HeldDevice): string {
  return holdingKey({ ...placeOf(accelerators), workload });
}

function placeOf({ product, resource, site }: NodeAccelerators): Pick<Holding, 'site' | 'product' | 'resource'> {
  return { site: site?.name ?? '', product, resource };
}

function holdingOf(held: readonly HeldDevice[], around: Around): Holding {
  const pods = [...new Set(held.map(({ pod }) => pod))];
  const [{ accelerators }, { owner, policy, policyName, workload }] = [first(held), newestOf(pods)];
  const powers = held.map((device) => powerOfHeld(device, around.host));
  const holder: Holder = {
    now: around.now,
    workload,
    deviceName: accelerators.product === '' ? accelerators.resource : accelerators.product,
    resource: accelerators.resource,
    policy,
    heldSince: pods.map(({ heldSince }) => heldSince),
    activeHours: pods.map(({ activeHours }) => activeHours),
    clocks: around.clocks,
    devices: held.map(({ past, track }, k) => ({ track, past, power: powers[k]?.power ?? 0 })),
    idlePower: accelerators.power.idle,
  };
  const rate = (use: Use) => rateOf(use, accelerators);
  return {
    workload,
    owner,
    policy: policyName,
    ...placeOf(accelerators),
    pods: pods.length,
    devices: held.length,
    sharing: sharingOf(held),
    attribution: attributionOf(held),
    heldSince: Math.min(...holder.heldSince),
    active: activeOf(held),
    idleFor: idleForOf(held, policy.idle.below),
    rate: rate(useOf(holder.devices)),
    powerBasis: basisOf(powers),
    idle: idleOf(holder),
    waste: wasteOf(holder, rate),
  };
}

/** The workload may have been made anew under its name: what is to come belongs to the new one. */
function newestOf(pods: readonly HoldingPod[]): HoldingPod {
  return first([...pods].sort((a, b) => b.heldSince - a.heldSince || compareText(a.name, b.name)));
}

function sharingOf(held: readonly HeldDevice[]): Holding['sharing'] {
  if (held.some(({ accelerators, sharers }) => sharers > 1 || accelerators.parts.isShared)) return 'Shared';
  const { parts, resource } = first(held).accelerators;
  return parts.isInstance || resource.includes('/mig-') ? 'Mig' : 'Whole';
}

/** That of most. */
function attributionOf(held: readonly HeldDevice[]): Attribution {
  const count = (one: Attribution): number => held.filter(({ attribution }) => attribution === one).length;
  const all = ATTRIBUTIONS.toSorted((a, b) => count(b) - count(a));
  return first(all);
}

function idleOf(holder: Holder): Holding['idle'] {
  const found = idle(holder);
  return found && { since: found.since, message: found.message };
}

/** Where several use one device nobody can tell whose work it does: each has an even part of it. */
function activeOf(held: readonly HeldDevice[]): number | undefined {
  let [sum, known] = [0, 0];
  for (const { sharers, track } of held) {
    const active = track === undefined ? undefined : activeNow(track);
    if (active === undefined) continue;
    sum += active / sharers;
    known += 1;
  }
  return known > 0 && known * 2 >= held.length ? sum / known : undefined;
}

function idleForOf(held: readonly HeldDevice[], below: number): DurationMs | undefined {
  const quiet = quietTogether(
    held.map(({ track }) => track),
    below,
  );
  return quiet === undefined ? undefined : quiet.until - quiet.since;
}

function basisOf(powers: readonly DevicePower[]): Holding['powerBasis'] {
  return powers.every(({ isMeasured }) => isMeasured) ? 'Measured' : 'Modelled';
}

/** Not by money: sites have prices in different currencies, or none. */
function byWaste(a: Holding, b: Holding): number {
  return (b.waste?.rate.power ?? 0) - (a.waste?.rate.power ?? 0) || (b.waste?.devices ?? 0) - (a.waste?.devices ?? 0);
}

function first<T>(some: readonly T[]): T {
  const [one] = some;
  if (one === undefined) throw new RangeError('nobody holds nothing');
  return one;
}
