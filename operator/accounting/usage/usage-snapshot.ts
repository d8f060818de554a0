import type { MeasuredUsage } from '../../domain/usage/device-usage.ts';
import type { WorkloadRef } from '../../domain/usage/assessment.ts';
import type { ClockSpan } from '../../domain/weekly-hours/clock-spans.ts';
import type { UsagePolicy } from '../../domain/usage/usage-policy.ts';
import type { AcceleratorPower } from '../../domain/site.ts';
import type { EpochMs, GramsPerKilowattHour } from '../../domain/units.ts';

/** All that an assessment of usage depends on, at one moment. */
export interface UsageSnapshot {
  readonly now: EpochMs;
  /** `undefined` where no source of metrics is configured, or none has answered: then only who holds what is known. */
  readonly measured: MeasuredUsage | undefined;
  /** That hold devices: bound, and not ended. */
  readonly pods: readonly HoldingPod[];
  /** That ask for devices, and that the scheduler finds no node for. */
  readonly waiting: readonly WaitingPod[];
  readonly nodes: readonly UsageNode[];
  readonly sites: readonly UsageSite[];
  /** What clocks showed of late and show now, by IANA time zone: of those that active hours of the pods name and that there are. */
  readonly clocks: ReadonlyMap<string, readonly ClockSpan[]>;
}

export interface DevicesOf {
  readonly resource: string;
  readonly devices: number;
}

export interface HoldingPod {
  readonly namespace: string;
  readonly name: string;
  readonly node: string;
  readonly heldSince: EpochMs;
  readonly holds: readonly DevicesOf[];
  readonly workload: WorkloadRef;
  readonly owner: string;
  /** Name of the CarbonPolicy; absent for the built-in defaults. */
  readonly policyName: string | undefined;
  readonly policy: UsagePolicy;
  /** Value of the annotation `sunward.dev/active-hours` of the pod, else of its namespace; absent: needed at all times. */
  readonly activeHours: string | undefined;
}

export interface AskedDevices extends DevicesOf {
  /** Products that its node selector and affinity let it have; absent: any. */
  readonly products?: readonly string[];
}

export interface WaitingPod {
  readonly namespace: string;
  readonly name: string;
  readonly asks: readonly AskedDevices[];
  /** Where its node selector and affinity let it be; absent: anywhere. */
  readonly sites?: readonly string[];
  readonly unschedulableSince: EpochMs;
}

export interface UsageNode {
  readonly name: string;
  /** Name of its site; absent where it belongs to none. */
  readonly site: string | undefined;
  readonly acceptsWork: boolean;
  readonly accelerators: readonly {
    readonly resource: string;
    /** Absent where the node lacks the label. */
    readonly product: string | undefined;
    /** 0 while a device plugin starts anew: pods hold what they hold nevertheless. */
    readonly allocatable: number;
  }[];
}

export interface UsageSite {
  readonly name: string;
  readonly currency: string;
  readonly pue: number;
  /** Average intensity of now; absent where it is not known. */
  readonly averageIntensity: GramsPerKilowattHour | undefined;
  /** Of electricity, now; 0 where it is not known. */
  readonly pricePerKilowattHour: number;
  readonly products: readonly {
    readonly product: string;
    readonly power: AcceleratorPower;
    /** Of one device, all else included; 0 where it is not known. */
    readonly pricePerHour: number;
  }[];
}
