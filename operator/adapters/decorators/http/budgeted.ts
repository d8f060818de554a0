import type { HttpClient } from '../../../ports/http.ts';
import { SourceError } from '../../../ports/source-error.ts';

/** Whoever keeps account of what a provider may be asked. */
export interface RequestBudget {
  /** Takes one request out of it. `false`: there is none left for now. */
  spend(abort: AbortSignal): Promise<boolean>;
  /** For people: `1000 requests a Day`. */
  readonly inWords: string;
}

/** Every request that goes out is paid for first, retries and logins as well. */
export function budgeted(http: HttpClient, budget: RequestBudget): HttpClient {
  return {
    async getJson(request, abort) {
      if (await budget.spend(abort)) return http.getJson(request, abort);
      throw new SourceError(
        'BudgetSpent',
        `the budget of ${budget.inWords} for ${request.provider} has nothing left for now; raise it in the configuration where the plan allows more`,
      );
    },
  };
}
