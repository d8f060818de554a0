import { CARBON_AWARE_JOB_LABEL, FIELD_MANAGER } from '../../../api/v1alpha1/labels.ts';
import { KubernetesApiError } from '../../../ports/kubernetes-api.ts';
import type { KubernetesApi, ObjectReference, ResourceType, WriteOptions } from '../../../ports/kubernetes-api.ts';
import { WorkloadError } from '../../../ports/workloads.ts';
import type { SuspendableWorkload, Workload, WorkloadRequest, WorkloadStart } from '../../../ports/workloads.ts';
import type { RawJob } from './raw-job.ts';
import { prefersAnew, renderJob, startPatch, suspendPatch } from './render-job.ts';
import { workloadOfJob } from './workload-of-job.ts';

export const JOBS: ResourceType = { group: 'batch', version: 'v1', plural: 'jobs', kind: 'Job', namespaced: true };
export const PODS: ResourceType = { group: '', version: 'v1', plural: 'pods', kind: 'Pod', namespaced: true };

const WRITE: WriteOptions = { fieldManager: FIELD_MANAGER };
/** Statuses with which the API server says that it will not take what was sent, as it is. */
const REFUSALS: readonly number[] = [400, 403, 413, 422];

/**
 * batch/v1 Job as a {@link SuspendableWorkload}. Creation is a POST and the rest are merge patches with uid and
 * resourceVersion, for the reasons in `docs/adr/0007-acting-on-jobs.md`.
 */
export class JobWorkload implements SuspendableWorkload {
  readonly #api: KubernetesApi;
  readonly #project: (job: RawJob) => Workload;

  /** @param project of the cache; it may tell the cache what the API server now has, so that it need not wait for the watch */
  constructor(api: KubernetesApi, project: (job: RawJob) => Workload = workloadOfJob) {
    this.#api = api;
    this.#project = project;
  }

  async read(ref: ObjectReference, abort: AbortSignal): Promise<Workload | undefined> {
    try {
      return workloadOfJob(await this.#api.get<RawJob>(JOBS, ref, abort));
    } catch (error) {
      if (hasStatus(error, 404)) return undefined;
      throw error;
    }
  }

  async create(request: WorkloadRequest, abort: AbortSignal): Promise<Workload> {
    const options: WriteOptions = { ...WRITE, fieldValidation: 'Strict' };
    try {
      return this.#project(await this.#api.create<RawJob>(JOBS, renderJob(request), options, abort));
    } catch (error) {
      if (hasStatus(error, 409) && error.reason === 'AlreadyExists') {
        throw new WorkloadError('NameTaken', error.message, { cause: error });
      }
      throw refusal(error) ?? error;
    }
  }

  async start(workload: Workload, start: WorkloadStart, abort: AbortSignal): Promise<Workload> {
    try {
      return await this.#patch(workload, startPatch(workload, start), abort);
    } catch (error) {
      if (!isBoundToItsPlace(error, workload)) throw refusal(error) ?? error;
      // A preference is not worth making the Job anew: without a change to it the Job may go on where it was.
      if (prefersAnew(workload, start)) return this.start(workload, asBefore(workload, start), abort);
      throw new WorkloadError('CannotMove', error.message, { cause: error });
    }
  }

  suspend(workload: Workload, reason: string, abort: AbortSignal): Promise<Workload> {
    return this.#patch(workload, suspendPatch(workload, reason), abort);
  }

  async delete({ metadata }: Workload, abort: AbortSignal): Promise<void> {
    const { uid, resourceVersion } = metadata;
    const preconditions = {
      ...(uid !== undefined && { uid }),
      ...(resourceVersion !== undefined && { resourceVersion }),
    };
    try {
      await this.#api.delete(JOBS, metadata, { propagationPolicy: 'Background', preconditions }, abort);
    } catch (error) {
      if (!hasStatus(error, 404)) throw error;
    }
  }

  async hasLivePods({ name, namespace }: ObjectReference, abort: AbortSignal): Promise<boolean> {
    const pods = this.#api.listWatch(PODS, {
      ...(namespace !== undefined && { namespace }),
      labelSelector: `${CARBON_AWARE_JOB_LABEL}=${name}`,
      fieldSelector: 'status.phase!=Succeeded,status.phase!=Failed',
    });
    return (await pods.list({ limit: 1 }, abort)).items.length > 0;
  }

  async #patch({ metadata }: Workload, patch: object, abort: AbortSignal): Promise<Workload> {
    return this.#project(await this.#api.mergePatch<RawJob>(JOBS, metadata, patch, WRITE, abort));
  }
}

/** The API server lets nothing of its affinity be changed once it has run. */
function isBoundToItsPlace(error: unknown, { attempt }: Workload): error is KubernetesApiError {
  return hasStatus(error, 422) && attempt !== undefined && error.message.includes('spec.template');
}

function asBefore({ preferredNodes = [] }: Workload, start: WorkloadStart): WorkloadStart {
  return { ...start, preferredNodes };
}

function hasStatus(error: unknown, status: number): error is KubernetesApiError {
  return error instanceof KubernetesApiError && error.status === status;
}

function refusal(error: unknown): WorkloadError | undefined {
  if (!(error instanceof KubernetesApiError) || !REFUSALS.includes(error.status)) return undefined;
  return new WorkloadError('Refused', error.message, { cause: error });
}
