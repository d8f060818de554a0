import { finiteDevices } from './cases/finite-devices.ts';
import { generatedJobs } from './cases/generated-jobs.ts';
import { mlProject } from './cases/ml-project.ts';
import { nightlyWindow } from './cases/nightly-window.ts';
import { noHarm } from './cases/no-harm.ts';
import { realForecast } from './cases/real-forecast.ts';
import { regions } from './cases/regions.ts';
import { restartEnergy } from './cases/restart-energy.ts';
import { sweep } from './cases/sweep.ts';
import { unknownLength } from './cases/unknown-length.ts';
import type { QualityCase } from './quality-case.ts';

/** In the order of their numbers. */
export const QUALITY_CASES: readonly QualityCase[] = [
  nightlyWindow,
  mlProject,
  sweep,
  unknownLength,
  realForecast,
  restartEnergy,
  regions,
  finiteDevices,
  generatedJobs,
  noHarm,
];
