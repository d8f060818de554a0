/** Physical quantities as types: a number of watts can't be handed to what asks for grams. */
declare const unit: unique symbol;
type Quantity<Name extends string> = number & { readonly [unit]: Name };

/** Carbon intensity of electricity, gCO2e per kWh. */
export type GramsPerKilowattHour = Quantity<'g/kWh'>;
/** Mass of CO2e, grams. */
export type Grams = Quantity<'g'>;
/** Power, watts. */
export type Watts = Quantity<'W'>;
/** Energy, kilowatt-hours. */
export type KilowattHours = Quantity<'kWh'>;

/** A point in time: milliseconds since 1970-01-01T00:00:00Z. */
export type EpochMs = number;
/** A length of time in milliseconds. */
export type DurationMs = number;

export const SECOND_MS: DurationMs = 1_000;
export const MINUTE_MS: DurationMs = 60 * SECOND_MS;
export const HOUR_MS: DurationMs = 60 * MINUTE_MS;

export const gramsPerKilowattHour = (value: number): GramsPerKilowattHour => value as GramsPerKilowattHour;
export const grams = (value: number): Grams => value as Grams;
export const watts = (value: number): Watts => value as Watts;
export const kilowattHours = (value: number): KilowattHours => value as KilowattHours;

/** Energy of a constant power over a length of time. */
export function energyOf(power: Watts, duration: DurationMs): KilowattHours {
  return ((power / 1_000) * (duration / HOUR_MS)) as KilowattHours;
}

/** Emissions of an amount of electricity at one intensity. */
export function emissionsOf(energy: KilowattHours, averageOrMarginal: GramsPerKilowattHour): Grams {
  return (energy * averageOrMarginal) as Grams;
}
