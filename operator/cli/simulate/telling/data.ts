import { formatTime } from '../../../api/v1alpha1/timestamps.ts';
import { SECOND_MS } from '../../../domain/units.ts';
import type { Usage } from '../../../simulation/outcome.ts';
import type { SimulatedJob } from '../../../simulation/scenario.ts';
import { canBeCompared, savingPercent, type JudgedJob } from '../../../simulation/score.ts';
import { placeData } from '../../show/data.ts';
import { currencyOf, useBySite } from './by-site.ts';
import type { Simulated } from './simulated.ts';

type Data = Readonly<Record<string, unknown>>;

/** What programs read of a simulation: sums, sites, and a member a job. */
export function simulationData({ gathered, simulation, notes }: Simulated): Data {
  const { world, jobs, objective, replan, source, foreseen } = gathered;
  const { score, jobs: judged } = simulation;
  const currency = currencyOf(world, score, score.baseline);
  const { slot } = world.scenario;
  return {
    kind: 'Simulation',
    slotSeconds: slot / SECOND_MS,
    ...(replan !== undefined && { replanSeconds: replan / SECOND_MS }),
    ...{ objective, intensity: source, foreseen },
    totals: {
      ...{ jobs: score.jobs, unfinished: score.leftOut.unfinished, unknown: score.leftOut.unknown },
      ...{ late: score.late, restarts: score.restarts, moves: score.moves },
      ...(score.jobs > 0 && { meanDelaySeconds: rounded(score.meanDelay / SECOND_MS) }),
      runOnArrival: usageData(score.baseline, currency),
      ours: { ...usageData(score, currency), savingPercent: rounded(score.savingPercent) },
      bound: {
        ...{ carbonGrams: rounded(score.boundGrams), savingPercent: rounded(score.boundSavingPercent) },
        basis: score.boundBasis,
      },
      ...(score.score !== null && { score: rounded(score.score) }),
    },
    sites: useBySite(world, jobs, judged).map(({ site, zone, ours, onArrival }) => ({
      ...{ site, zone, ...usageData(ours, currency) },
      runOnArrival: usageData(onArrival, currency),
    })),
    jobs: judged.map((outcome, k) => jobData(outcome, jobs[k], currency)),
    notes,
  };
}

function jobData(outcome: JudgedJob, job: SimulatedJob | undefined, currency: string | undefined): Data {
  const { baseline, boundGrams, couldBeHeld, deadline, finishesAt, key, late, moves, restarts, runs } = outcome;
  return {
    job: key,
    ...(job !== undefined && { arrival: formatTime(job.asked.createdAt) }),
    deadline: formatTime(deadline),
    ...(finishesAt !== undefined && { finish: formatTime(finishesAt) }),
    ...{ late, couldBeHeld, restarts, moves, counted: canBeCompared(outcome) },
    ...usageData(outcome, currency),
    ...(canBeCompared(outcome) && { savingPercent: rounded(savingPercent(outcome.grams, baseline.grams)) }),
    ...(Number.isFinite(boundGrams) && { boundCarbonGrams: rounded(boundGrams) }),
    runOnArrival: {
      ...(baseline.site !== undefined && { site: baseline.site, finish: formatTime(baseline.finishesAt) }),
      ...usageData(baseline, currency),
    },
    runs: runs.map((run) => ({
      ...placeData(run),
      start: formatTime(run.startsAt),
      end: formatTime(run.endsAt),
      ...(run.staging > 0 && { provisioningSeconds: rounded(run.staging / SECOND_MS) }),
    })),
  };
}

function usageData({ energy, grams, money }: Usage, currency: string | undefined): Data {
  return {
    ...(Number.isFinite(grams) && { carbonGrams: rounded(grams) }),
    energyKWh: rounded(energy),
    ...(currency !== undefined && { cost: rounded(money), currency }),
  };
}

/** Nine digits that matter: sums of floating point are no more exact. */
function rounded(value: number): number {
  return Number(value.toPrecision(9));
}
