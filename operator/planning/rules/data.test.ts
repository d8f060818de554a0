import { describe, expect, test } from '@jest/globals';
import { aLink, GIGABIT, streamedData } from '../../../test/builders/data.ts';
import { aPlannableJob, aPool, aSite } from '../../../test/builders/planning.ts';
import { anObservation } from '../../../test/builders/slowdown.ts';
import type { ObservedSlowdown } from '../../domain/length/observed-slowdown.ts';
import { slowdownExceeded } from './data.ts';

/** Reads 5 GB/s over a link that carries 1.25: it takes four times as long away. */
const AWAY = aSite('away', [], { links: [aLink('home', { bitsPerSecond: 10 * GIGABIT })] });

function wordsFor(observation: Partial<ObservedSlowdown>): string | undefined {
  const observedSlowdowns = [anObservation(observation)];
  const job = aPlannableJob({ data: [streamedData()], maxSlowdownShare: 0.01, observedSlowdowns });
  return slowdownExceeded(job, AWAY, aPool())?.message;
}

describe('the words for a site where reading takes longer than allowed', () => {
  test('name what jobs like it took as a cause where that counts', () => {
    expect(wordsFor({ share: 0.2, certainShare: 0.1 })).toMatch(
      /4\.0 times as long; measured: jobs like it took 20 % longer at away .*, spec\.placement\.maxSlowdownPercent allows 1 %$/,
    );
  });

  test('leave it out where chance may have made all of it, and where it is a gain', () => {
    const chance = { share: 0.2, certainShare: 0 };
    const gain = { share: -0.3, certainShare: -0.2 };
    for (const observation of [{ share: 0, certainShare: 0 }, chance, gain]) {
      const words = wordsFor(observation);
      expect(words).toContain('4.0 times as long, spec.placement.maxSlowdownPercent allows 1 %');
      expect(words).not.toContain('measured');
    }
  });
});
