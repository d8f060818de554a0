import type { Objective } from '../../domain/job.ts';

/** The words of `spec.objective` that stand for prices. `Custom` brings its own. */
export type Preset = 'Carbon' | 'Balanced' | 'Cost' | 'Speed';

/**
 * What the words mean, in money of the sites' currency.
 *
 * The 100 of `Balanced` is the order of magnitude of prices that are paid and used: allowances of the EU ETS cost 60 to
 * 100 EUR a tonne in 2022 to 2025, the High-Level Commission on Carbon Prices asks for 50 to 100 USD by 2030, and the
 * social cost that the US EPA published in 2023 is 190 USD.
 *
 * Its 0.002 an hour and accelerator makes an hour of waiting worth 20 g: an H100 with its share of the host and PUE
 * draws about 1 kWh in an hour, so a job of 6 hours that runs 200 g/kWh cleaner gains 1,200 g and may wait 60 hours for it,
 * while a flat signal starts it at once.
 *
 * `Speed` prices an hour far above what an accelerator costs in one, so that money never delays a job.
 */
export const PRESETS: Readonly<Record<Preset, Objective>> = {
  Carbon: { lexicographic: true, carbonPricePerTonne: 100, delayPricePerAcceleratorHour: 0 },
  Balanced: { lexicographic: false, carbonPricePerTonne: 100, delayPricePerAcceleratorHour: 0.002 },
  Cost: { lexicographic: false, carbonPricePerTonne: 0, delayPricePerAcceleratorHour: 0 },
  Speed: { lexicographic: false, carbonPricePerTonne: 0, delayPricePerAcceleratorHour: 1_000_000 },
};
