/** g/kWh at each full hour of the day, straight lines in between. */
type Shape = readonly number[];

/**
 * A windy night and a sunny noon in June. Made up, after the shapes that these grids have: Sweden and France are clean all day,
 * Germany dips with the wind at night and with the sun at noon, Poland burns coal around the clock.
 */
export const SHAPES: Readonly<Record<string, Shape>> = {
  'SE-SE3': [29, 28, 28, 28, 28, 29, 30, 32, 33, 33, 32, 31, 30, 29, 29, 30, 31, 33, 34, 34, 33, 32, 31, 30],
  FR: [42, 41, 40, 39, 38, 39, 43, 52, 61, 64, 62, 57, 52, 50, 51, 54, 59, 65, 69, 69, 64, 57, 51, 46],
  DE: [
    210, 190, 175, 160, 150, 165, 260, 390, 440, 410, 310, 190, 120, 108, 140, 250, 370, 460, 520, 530, 480, 400, 320,
    250,
  ],
  PL: [
    735, 730, 725, 722, 720, 728, 750, 770, 765, 735, 690, 645, 615, 605, 620, 665, 720, 780, 815, 820, 805, 785, 765,
    750,
  ],
};

/** Intensity at an hour of the day, g/kWh; the day repeats. */
export function shapeAt(zone: string, hour: number): number {
  const shape = SHAPES[zone];
  if (shape === undefined)
    throw new Error(`no intensity of zone "${zone}"; there is ${Object.keys(SHAPES).join(', ')}`);
  const full = Math.floor(hour);
  const left = shape[full % 24] ?? NaN;
  const right = shape[(full + 1) % 24] ?? NaN;
  return left + (right - left) * (hour - full);
}
