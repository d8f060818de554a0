import { describe, expect, test } from '@jest/globals';
import { KubernetesApiError, type KubernetesApi } from '../../../ports/kubernetes-api.ts';
import { aJobTemplate, JOB_UID } from '../../../../test/builders/carbon-aware-job.ts';
import { aWorkload } from '../../../../test/builders/job-view.ts';
import { interceptedKubernetesApi } from '../../../../test/fixtures/intercepted-kubernetes-api.ts';
import { JobWorkload } from './job-workload.ts';

const never = new AbortController().signal;
const request = { owner: { name: 'train', namespace: 'research', uid: JOB_UID }, template: aJobTemplate() };
const start = { attempt: 2, placement: [] };

/** Every call is refused with this answer. */
function refusing(status: number, reason: string, message = 'no'): JobWorkload {
  const refuse = () => Promise.reject(new KubernetesApiError({ status, reason, message }));
  return new JobWorkload(interceptedKubernetesApi({} as KubernetesApi, refuse));
}

describe('an API server that refuses', () => {
  test.each([
    [400, 'BadRequest'],
    [403, 'Forbidden'],
    [422, 'Invalid'],
  ])('to make a Job (%i) has its words passed on', async (status, reason) => {
    const making = refusing(status, reason, 'spec.template: wrong').create(request, never);
    await expect(making).rejects.toMatchObject({ code: 'Refused', message: 'spec.template: wrong' });
  });

  test('to make a Job whose name is taken says so', async () => {
    await expect(refusing(409, 'AlreadyExists').create(request, never)).rejects.toMatchObject({ code: 'NameTaken' });
  });

  test('to place a Job anew that has run can not move it', async () => {
    const immutable = 'Job.batch "train" is invalid: spec.template: Invalid value: field is immutable';
    const ran = aWorkload({ attempt: 1 });
    await expect(refusing(422, 'Invalid', immutable).start(ran, start, never)).rejects.toMatchObject({
      code: 'CannotMove',
    });
    await expect(refusing(422, 'Invalid', immutable).start(aWorkload(), start, never)).rejects.toMatchObject({
      code: 'Refused',
    });
  });

  test('to prefer other nodes for a Job that has run starts it with those of before', async () => {
    const ran = aWorkload({ attempt: 1, preferredNodes: ['a'] });
    const sent: object[] = [];
    const message = 'Job.batch "train" is invalid: spec.template: Invalid value: field is immutable';
    const answer = (patch: object) =>
      'template' in (patch as { spec: object }).spec
        ? Promise.reject(new KubernetesApiError({ status: 422, reason: 'Invalid', message }))
        : Promise.resolve({ ...ran, spec: { suspend: false } });
    const api = {
      mergePatch: (_type: unknown, _ref: unknown, patch: object) => {
        sent.push(patch);
        return answer(patch);
      },
    } as unknown as KubernetesApi;

    const started = await new JobWorkload(api).start(ran, { ...start, preferredNodes: ['b'] }, never);
    expect(started.suspended).toBe(false);
    expect(sent).toHaveLength(2);
    await expect(
      refusing(422, 'Invalid', message).start(ran, { ...start, preferredNodes: ['b'] }, never),
    ).rejects.toMatchObject({
      code: 'CannotMove',
    });
  });

  test('because it is another object than the one that was judged has not refused the move', async () => {
    const otherUid = refusing(422, 'Invalid', 'metadata.uid: Invalid value: field is immutable');
    await expect(otherUid.start(aWorkload({ attempt: 1 }), start, never)).rejects.toMatchObject({ code: 'Refused' });
  });

  test.each([
    [409, 'Conflict'],
    [429, 'TooManyRequests'],
    [500, 'InternalError'],
    [0, 'Unreachable'],
  ])('for the moment (%i) is to be asked again', async (status, reason) => {
    const workload = aWorkload({ attempt: 1 });
    const api = refusing(status, reason);
    const suspended = api.suspend(workload, 'Paused', never);
    for (const call of [api.create(request, never), api.start(workload, start, never), suspended]) {
      await expect(call).rejects.toMatchObject({ name: 'KubernetesApiError', status });
    }
  });

  test('to delete a Job that is gone is no error, and to read one finds none', async () => {
    const gone = refusing(404, 'NotFound');
    await expect(gone.delete(aWorkload(), never)).resolves.toBeUndefined();
    await expect(gone.read({ name: 'train', namespace: 'research' }, never)).resolves.toBeUndefined();
    await expect(refusing(409, 'Conflict').delete(aWorkload(), never)).rejects.toMatchObject({ status: 409 });
  });
});
