/** Months of a year and hours of a day: the shape of a typical day table. */
export const MONTHS = 12;
export const HOURS_OF_DAY = 24;

/** Average intensity of one grid zone by month and hour of day (UTC), g/kWh: 12 x 24 figures, January 00:00 first. */
export type Profile = readonly number[];

/** The figure of an instant's month and hour of day. */
export function figureAt(profile: Profile, instant: Date): number {
  const figure = profile[instant.getUTCMonth() * HOURS_OF_DAY + instant.getUTCHours()];
  if (figure === undefined) throw new RangeError(`no typical figure for ${String(instant)}`);
  return figure;
}

/** As the data file writes it: months parted by `;`, the 24 hours of each by a blank. */
export function encodeProfile(profile: Profile): string {
  const months = Array.from({ length: MONTHS }, (_, month) =>
    profile.slice(month * HOURS_OF_DAY, (month + 1) * HOURS_OF_DAY).join(' '),
  );
  return months.join(';');
}

/** Throws a RangeError where the text is not 12 x 24 whole numbers. */
export function decodeProfile(text: string): Profile {
  const months = text.split(';').map((month) => month.split(' '));
  if (months.length !== MONTHS || months.some((hours) => hours.length !== HOURS_OF_DAY)) {
    throw new RangeError(`a profile has ${String(MONTHS)} months of ${String(HOURS_OF_DAY)} hours`);
  }
  return months.flat().map((figure) => {
    if (!/^\d+$/.test(figure)) throw new RangeError(`"${figure}" is not a whole number of g/kWh`);
    return Number(figure);
  });
}
