import type { Objective } from '../../../domain/job.ts';
import type { FieldReader } from './field-reader.ts';
import { PRESETS } from '../objectives.ts';

/** Reads `objective` and `prices` of a job or a policy; `undefined` where neither is there, or they can't be used. */
export function parseObjective(spec: FieldReader): Objective | undefined {
  const word = spec.field('objective').oneOf(['Carbon', 'Balanced', 'Cost', 'Speed', 'Custom']);
  const prices = spec.field('prices');
  if (word === 'Custom') return readPrices(prices);
  if (!prices.isAbsent) prices.refuse('acts only where objective is Custom; set objective to Custom, or remove prices');
  return word === undefined ? undefined : PRESETS[word];
}

function readPrices(prices: FieldReader): Objective | undefined {
  prices.required('add prices, or set objective to Carbon, Balanced, Cost or Speed');
  if (prices.isAbsent) return undefined;
  const carbon = prices.field('carbonPerTonne').required('write it like "100"').decimal();
  const delay = prices.field('delayPerAcceleratorHour').required('write it like "0.05"').decimal();
  if (carbon === undefined || delay === undefined) return undefined;
  return { lexicographic: false, carbonPricePerTonne: carbon, delayPricePerAcceleratorHour: delay };
}
