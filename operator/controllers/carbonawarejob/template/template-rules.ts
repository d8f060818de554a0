import { KUEUE_QUEUE_LABEL } from '../../../api/v1alpha1/labels.ts';
import type { JobReason } from '../../../api/v1alpha1/reasons.ts';
import { fieldsAt, podSpecOf, textOf } from '../../pod-spec/unstructured.ts';

/** Why a template can't be carried out, whatever the API server says of it. */
export interface TemplateRefusal {
  readonly reason: Extract<JobReason, 'QueueManaged' | 'ManagedByOther' | 'InvalidSpec'>;
  /** Names the field, its value and the remedy. */
  readonly message: string;
}

type TemplateRule = (template: unknown) => TemplateRefusal | undefined;

/** The value of `managedBy` that says what its absence says. */
const JOB_CONTROLLER = 'kubernetes.io/job-controller';

/** The first rule that the template breaks. */
export function templateRefusal(template: unknown): TemplateRefusal | undefined {
  for (const rule of [managedByKueue, managedByOther, boundToNode]) {
    const refusal = rule(template);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

/** Kueue suspends what its queues hold; two hands on one field would fight. */
const managedByKueue: TemplateRule = (template) => {
  const queue = textOf(fieldsAt(template, 'metadata', 'labels')[KUEUE_QUEUE_LABEL]);
  if (queue === undefined) return undefined;
  return {
    reason: 'QueueManaged',
    message:
      `spec.template.metadata.labels: ${KUEUE_QUEUE_LABEL} is "${queue}", so Kueue would suspend and resume the Job as well; ` +
      'remove the label, or create the Job without a CarbonAwareJob',
  };
};

const managedByOther: TemplateRule = (template) => {
  const manager = textOf(fieldsAt(template, 'spec')['managedBy']);
  if (manager === undefined || manager === JOB_CONTROLLER) return undefined;
  return {
    reason: 'ManagedByOther',
    message: `spec.template.spec.managedBy is "${manager}", a controller that Sunward can't place jobs with; remove managedBy`,
  };
};

/** Such pods pass the scheduler by, and with it the region that the job is to run in. */
const boundToNode: TemplateRule = (template) => {
  const node = textOf(podSpecOf(template)['nodeName']);
  if (node === undefined || node === '') return undefined;
  return {
    reason: 'InvalidSpec',
    message:
      `spec.template.spec.template.spec.nodeName is "${node}", which leaves no site to choose; ` +
      'remove it, and use nodeSelector or spec.placement.sites',
  };
};
