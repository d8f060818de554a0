import { WASTE_CLASSES, type Waste, type WasteClass } from '../../../domain/usage/assessment.ts';
import type { Rate } from '../../../domain/usage/assessment.ts';
import type { Use } from '../rate.ts';
import type { Finding, Holder } from './holder.ts';
import { idle } from './idle.ts';
import { outsideHours } from './outside-hours.ts';
import { oversized } from './oversized.ts';
import { underused } from './underused.ts';

const RULES: Readonly<Record<WasteClass, (holder: Holder) => Finding | undefined>> = {
  OutsideHours: outsideHours,
  Idle: idle,
  Oversized: oversized,
  Underused: underused,
};

/** What the first rule finds that finds anything; `undefined` where none does. */
export function wasteOf(holder: Holder, rateOf: (use: Use) => Rate): Waste | undefined {
  for (const each of WASTE_CLASSES) {
    const found = RULES[each](holder);
    if (found === undefined) continue;
    const { wasted, ...told } = found;
    return { class: each, devices: wasted.devices, rate: rateOf(wasted), ...told };
  }
  return undefined;
}
