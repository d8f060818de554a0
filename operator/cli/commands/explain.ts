import type { Attempt } from '../../controllers/carbonawarejob/attempts/attempts.ts';
import type { JobRecord } from '../../controllers/carbonawarejob/job-record.ts';
import type { Decision } from '../../domain/decision.ts';
import { comparison } from '../../planning/explain/comparison.ts';
import { planOn, type Planned } from '../../planning/plan.ts';
import { placedIn } from '../../planning/what-if/around-others.ts';
import { whatIfs, type Change, type WhatIf, type WhatIfs } from '../../planning/what-if/changes.ts';
import { UsageError, type Answer } from '../answer.ts';
import type { Block } from '../page/page.ts';
import { costData, decisionData, observedData, outlookData } from '../show/data.ts';
import { decisionBlocks } from '../show/decision.ts';
import { notesBlocks } from '../show/notes.ts';
import { whyNotPlanned } from '../show/phase.ts';
import { dayAndClock } from '../page/words/instants.ts';
import { lengthShown, placeShown } from '../show/words.ts';
import type { World } from '../world/world.ts';

/**
 * Why a job is where and when it is: the decision, the alternatives, the rules that excluded others, the forecast behind it, and
 * what would change it. Throws {@link UsageError} where there is no such job.
 * @param key `namespace/name`
 */
export function explain(world: World, key: string): Answer {
  const record = world.records.get(key);
  if (record === undefined) throw new UsageError(unknownJob(world, key));
  const { snapshot, notes } = world;
  const common = { kind: 'Explanation', job: key, phase: record.status.phase ?? 'Waiting', notes };
  const history = historyBlocks(record);
  if (!snapshot.jobs.some((job) => job.key === key)) {
    const why = whyNotPlanned(record);
    const blocks: readonly Block[] = [{ kind: 'text', text: `It is not planned: ${why}.` }, ...history];
    return {
      data: { ...common, notPlanned: why },
      page: { title: key, blocks: [...blocks, ...notesBlocks(notes)] },
      exitCode: 0,
    };
  }
  const planned = planOn(undefined, snapshot);
  const { decision, job } = placedIn(planned, key);
  const changes = whatIfs(planned, key);
  const sites = new Set([decision.chosen?.site, decision.baseline?.site, ...decision.alternatives.map(siteOf)]);
  const forecasts = snapshot.sites.flatMap(({ name, outlooks }) => {
    const outlook = outlooks[job.signal];
    return outlook === undefined || !sites.has(name) ? [] : [{ site: name, ...outlookData(outlook) }];
  });
  return {
    data: {
      ...common,
      ...decisionData(decision),
      ...observedData(job),
      changes: changes.changes.map((change) => changeData(change, changes)),
      forecasts,
    },
    page: {
      title: `${key}: ${record.status.phase ?? 'Waiting'}`,
      blocks: [
        ...decisionBlocks({ decision, job, snapshot }),
        ...changesBlocks(changes),
        ...history,
        ...othersBlocks(planned, key),
        ...notesBlocks(notes),
      ],
    },
    exitCode: decision.chosen === undefined || decision.deadlineAtRisk ? 3 : 0,
  };
}

function siteOf({ site }: { readonly site: string }): string {
  return site;
}

function unknownJob({ records }: World, key: string): string {
  const [, name] = key.split('/');
  const alike = [...records.keys()].filter((one) => one.endsWith(`/${name ?? ''}`));
  const remedy =
    alike.length > 0
      ? `there is ${alike.join(', ')}: name its namespace with -n`
      : 'kubectl get carbonawarejobs --all-namespaces lists them';
  return `there is no CarbonAwareJob ${key}; ${remedy}`;
}

const CHANGE_WORDS: Readonly<Record<Exclude<Change['kind'], 'LaterDeadline'>, string>> = {
  MayPause: 'may pause (spec.interruptible)',
  AnySite: 'may run at any site (spec.placement.sites)',
  NoSlowdownLimit: 'may take longer for its data or at a slow site (spec.placement.maxSlowdownPercent)',
};

function changeShown(change: Change): string {
  return change.kind === 'LaterDeadline' ? `a deadline ${lengthShown(change.by)} later` : CHANGE_WORDS[change.kind];
}

function changesBlocks({ unchanged, changes }: WhatIfs): readonly Block[] {
  const heading: Block = { kind: 'heading', text: 'What would change it' };
  if (changes.length === 0) {
    return [heading, { kind: 'text', text: 'No later deadline, pause or other site would bring it 1 % more.' }];
  }
  const rows = changes.map(({ change, decision: { chosen } }) => ({
    cells: [
      changeShown(change),
      chosen === undefined ? '' : `${placeShown(chosen)}, ${dayAndClock(chosen.expected.startsAt)}`,
      differenceTo(unchanged, chosen) ?? 'can be carried out',
    ],
  }));
  const columns = ['Change', 'Then it runs', 'Against the decision'].map((title) => ({
    title,
    align: 'left' as const,
  }));
  return [heading, { kind: 'table', columns, rows }];
}

/** `undefined` where one of them is nothing. */
function differenceTo({ chosen: before }: Decision, after: Decision['chosen']): string | undefined {
  return before && after && comparison(after.expected, before.expected);
}

function changeData({ change, decision: { chosen } }: WhatIf, { unchanged }: WhatIfs) {
  const difference = differenceTo(unchanged, chosen);
  return {
    change: change.kind,
    ...(change.kind === 'LaterDeadline' && { by: lengthShown(change.by) }),
    ...(chosen !== undefined && { site: chosen.site, expected: costData(chosen.expected) }),
    ...(difference !== undefined && { difference }),
  };
}

function historyBlocks({ attempts, status }: JobRecord): readonly Block[] {
  const told = status.plan?.message;
  const blocks: Block[] = [];
  if (attempts.length > 0) {
    const columns = ['Attempt', 'Place', 'Started', 'Ended', 'Why it ended'];
    blocks.push(
      { kind: 'heading', text: 'So far' },
      {
        kind: 'table',
        columns: columns.map((title) => ({
          title,
          align: title === 'Attempt' ? ('right' as const) : ('left' as const),
        })),
        rows: attempts.map((attempt) => ({ cells: attemptCells(attempt) })),
      },
    );
  }
  if (told !== undefined) {
    blocks.push({ kind: 'heading', text: 'As its status tells it' }, { kind: 'text', text: told });
  }
  return blocks;
}

function attemptCells({ number, site, product, startedAt, endedAt, reason }: Attempt): readonly string[] {
  const ended = endedAt === undefined ? 'runs' : dayAndClock(endedAt);
  return [String(number), placeShown({ site, product }), dayAndClock(startedAt), ended, reason ?? ''];
}

/** Whom it shares the accelerators of its site with. */
function othersBlocks({ placed }: Planned, key: string): readonly Block[] {
  const own = placed.find(({ job }) => job.key === key)?.decision.chosen;
  if (own?.product === undefined) return [];
  const [from, until] = [own.expected.startsAt, own.expected.finishesAt];
  const beside = placed.filter(({ job, decision: { chosen } }) => {
    if (job.key === key || chosen?.site !== own.site || chosen.product !== own.product) return false;
    return chosen.windows.some(({ startsAt, endsAt }) => startsAt < until && endsAt > from);
  });
  if (beside.length === 0) return [];
  const devices = beside.reduce((sum, { job }) => sum + job.devices, 0);
  const who =
    beside.length === 1 ? `1 other job (${beside[0]?.job.key ?? ''}) is` : `${String(beside.length)} other jobs are`;
  const text = `${who} planned on ${String(devices)} of the same accelerators between ${dayAndClock(from)} and ${dayAndClock(until)}.`;
  return [{ kind: 'text', text, tone: 'dim' }];
}
