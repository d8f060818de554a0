import type { CarbonAwareJob, CarbonAwareJobStatus } from '../../api/v1alpha1/carbon-aware-job.generated.ts';
import { CARBON_AWARE_JOBS } from '../../api/v1alpha1/kinds.ts';
import type { KubernetesApi } from '../../ports/kubernetes-api.ts';
import { applyStatus } from '../apply-status.ts';
import { jobRecordOf, type JobRecord } from './job-record.ts';

/** Writes the status of a CarbonAwareJob. */
export interface JobStatusWriter {
  /** Only on the version that was judged: a 409 where the object has changed. Gives the job as it then is. */
  write(record: JobRecord, status: CarbonAwareJobStatus, abort: AbortSignal): Promise<JobRecord>;
}

/** Server-side apply of the whole status, so that what it no longer says is gone. */
export class ApplyingStatusWriter implements JobStatusWriter {
  readonly #api: KubernetesApi;
  readonly #project: (job: CarbonAwareJob) => JobRecord;

  /** @param project of the cache; it may tell the cache what the API server now has, so that it need not wait for the watch */
  constructor(api: KubernetesApi, project: (job: CarbonAwareJob) => JobRecord = (job) => jobRecordOf(job)) {
    this.#api = api;
    this.#project = project;
  }

  async write({ metadata }: JobRecord, status: CarbonAwareJobStatus, abort: AbortSignal): Promise<JobRecord> {
    const written = { object: metadata, status };
    return this.#project(await applyStatus<CarbonAwareJob>(this.#api, CARBON_AWARE_JOBS, written, abort));
  }
}
