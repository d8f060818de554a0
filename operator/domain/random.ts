/** The next number of a sequence, even over [0, 1). */
export type Random = () => number;

const TWO_TO_32 = 2 ** 32;

/**
 * A sequence that depends on its seed alone: mulberry32 (Tommy Ettinger, 2017, public domain), whose period of 2^32 is ample
 * for drawing jobs and noise.
 * @param seed a whole number
 */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / TWO_TO_32;
  };
}

/** A number of the normal distribution with mean 0 and deviation 1 (Box and Muller, 1958). */
export function normal(random: Random): number {
  // 1 - u is never 0, whose logarithm is none.
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** A whole number from 0 to `below` - 1, each as likely. */
export function wholeBelow(random: Random, below: number): number {
  return Math.floor(random() * below);
}
