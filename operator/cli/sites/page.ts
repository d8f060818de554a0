import type { ComputeSiteStatusIntensity } from '../../api/v1alpha1/compute-site.generated.ts';
import { HOUR_MS, type DurationMs, type EpochMs } from '../../domain/units.ts';
import type { Block, Page, TableBlock, TimelineBlock, Tone } from '../page/page.ts';
import { amountShown } from '../page/words/amounts.ts';
import { dateAndClock, weekdayAndClock } from '../page/words/instants.ts';
import { moneyWords, tableOf, type Column } from '../show/columns.ts';
import { notesBlocks } from '../show/notes.ts';
import { intensityStrip } from '../show/strip.ts';
import { shortNames, UNKNOWN } from '../show/words.ts';
import { toldShown } from '../world/told.ts';
import type { PoolSeen, SiteSeen } from './site-seen.ts';

/** Further ahead a typical day is a typical day, and a forecast not much of one. */
const SHOWN_AHEAD_MS: DurationMs = 72 * HOUR_MS;

export interface Around {
  readonly now: EpochMs;
  readonly notes: readonly string[];
}

/** Electricity, then accelerators, then what is wrong. */
export function sitesPage(sites: readonly SiteSeen[], { now, notes }: Around): Page {
  const scopes = new Set(sites.flatMap(({ outlook }) => outlook?.series.scope ?? []));
  const [scope = ''] = scopes;
  const counts = scopes.size === 1 ? `; average intensity, ${scope.toLowerCase()}` : '; average intensity';
  return {
    title: sites.length === 1 ? '1 site' : `${String(sites.length)} sites`,
    blocks: [
      { kind: 'text', text: `${dateAndClock(now)} UTC${counts}` },
      { kind: 'heading', text: 'Electricity' },
      electricityTable(sites, now, scopes.size > 1),
      ...timelines(sites, now),
      { kind: 'heading', text: 'Accelerators' },
      acceleratorsTable(sites),
      ...troubleBlocks(sites),
      ...notesBlocks(notes),
    ],
  };
}

function electricityTable(sites: readonly SiteSeen[], now: EpochMs, scopesDiffer: boolean): TableBlock {
  const money = moneyWords(sites.map(({ currency }) => currency));
  const columns: readonly Column<SiteSeen>[] = [
    { title: 'Site', align: 'left', cellOf: ({ name }) => name },
    { title: 'Zone', align: 'left', cellOf: ({ zone = UNKNOWN }) => zone },
    { title: 'g/kWh', align: 'right', cellOf: ({ carbon }) => gramsShown(carbon?.intensity) },
    { title: 'Trend', align: 'left', cellOf: ({ carbon }) => carbon?.intensity?.trend?.toLowerCase() ?? UNKNOWN },
    { title: 'Cleanest 3 h', align: 'left', cellOf: (site) => cleanestShown(site, now) },
    {
      title: `${money.title}/kWh`,
      align: 'right',
      mayGo: true,
      cellOf: (site) => money.shown(priceOf(site), site.currency),
    },
    { title: 'Rests on', align: 'left', cellOf: ({ carbon }) => originShown(carbon?.intensity, scopesDiffer) },
  ];
  return tableOf(
    columns,
    sites.map((row) => ({ row, tone: toneOf(row) })),
    'no ComputeSite',
  );
}

function priceOf({ electricity }: SiteSeen): number | undefined {
  return electricity?.perKWh === undefined ? undefined : Number(electricity.perKWh);
}

function toneOf({ onPaper, refusal }: SiteSeen): Tone | undefined {
  if (refusal !== undefined) return 'bad';
  return onPaper ? 'dim' : undefined;
}

function gramsShown(intensity: ComputeSiteStatusIntensity | undefined): string {
  return intensity?.gramsPerKWh === undefined ? UNKNOWN : String(intensity.gramsPerKWh);
}

function cleanestShown({ cleanest }: SiteSeen, now: EpochMs): string {
  if (cleanest === undefined) return UNKNOWN;
  const begins = cleanest.startsAt === now ? 'now' : weekdayAndClock(cleanest.startsAt);
  return `${begins}, ${amountShown(cleanest.gramsPerKilowattHour)} g`;
}

const RUNG_WORDS: Readonly<Record<NonNullable<ComputeSiteStatusIntensity['rung']>, string>> = {
  LiveForecast: 'live forecast',
  CachedForecast: 'earlier forecast',
  Persistence: 'the days before',
  TypicalDay: 'typical day',
};

/** E.g. `live forecast of energy-charts`. */
function originShown(intensity: ComputeSiteStatusIntensity | undefined, withScope: boolean): string {
  if (intensity === undefined) return 'nothing is known';
  const { rung, scope = '', source = '' } = intensity;
  const from = rung === undefined ? source : RUNG_WORDS[rung];
  const whose = rung === undefined || rung === 'TypicalDay' ? '' : ` of ${source}`;
  return `${from}${whose}${withScope ? `, ${scope.toLowerCase()}` : ''}`;
}

/** One axis for figures that count the same: others are not to be compared, not even by eye. */
function timelines(sites: readonly SiteSeen[], now: EpochMs): readonly Block[] {
  const scopes = [...new Set(sites.flatMap(({ outlook }) => outlook?.series.scope ?? []))];
  return scopes.flatMap((scope): readonly Block[] => {
    const alike = sites.filter(({ outlook }) => outlook?.series.scope === scope);
    const timeline = timelineOf(alike, now);
    if (timeline === undefined) return [];
    const title: readonly Block[] = scopes.length > 1 ? [{ kind: 'text', text: `${scope}:`, tone: 'strong' }] : [];
    return [...title, timeline];
  });
}

function timelineOf(sites: readonly SiteSeen[], now: EpochMs): TimelineBlock | undefined {
  const known = sites.map(({ outlook }) => outlook?.series.samples.at(-1)?.endsAt ?? now);
  const span = { startsAt: now, endsAt: Math.min(now + SHOWN_AHEAD_MS, Math.max(now, ...known)) };
  if (span.endsAt <= span.startsAt) return undefined;
  const strips = sites.map(({ name, outlook, zone = '' }) => {
    return intensityStrip({ name, zone }, outlook?.series.samples ?? [], span, []);
  });
  return { kind: 'timeline', span, unit: 'g/kWh', strips, marks: [] };
}

interface PoolRow {
  readonly site: SiteSeen;
  readonly pool: PoolSeen;
}

function acceleratorsTable(sites: readonly SiteSeen[]): TableBlock {
  const rows = sites.flatMap((site) => site.pools.map((pool): PoolRow => ({ site, pool })));
  const names = shortNames(rows.map(({ pool }) => pool.product));
  const money = moneyWords(sites.map(({ currency }) => currency));
  const canGrow = rows.some(({ pool }) => pool.maxCapacity !== pool.capacity);
  const columns: readonly Column<PoolRow>[] = [
    { title: 'Site', align: 'left', cellOf: ({ site }) => site.name },
    { title: 'Region', align: 'left', cellOf: ({ site: { region = UNKNOWN } }) => region },
    { title: 'Product', align: 'left', cellOf: ({ pool: { product } }) => names.get(product) ?? product },
    { title: 'Free', align: 'right', cellOf: freeShown },
    { title: 'Of', align: 'right', cellOf: ({ pool }) => String(pool.capacity) },
    ...(canGrow ? [CAN_HAVE] : []),
    {
      title: `${money.title}/h`,
      align: 'right',
      cellOf: ({ pool, site }) => money.shown(pool.pricePerHour, site.currency),
    },
    { title: 'Active', align: 'right', mayGo: true, cellOf: ({ pool }) => percentOr(pool.measured.utilisation) },
    { title: 'kW', align: 'right', mayGo: true, cellOf: ({ pool }) => kilowattsOr(pool.measured.watts) },
    { title: '', align: 'left', mayGo: true, cellOf: ({ site }) => (site.onPaper ? 'on paper' : '') },
  ];
  return tableOf(
    columns,
    rows.map((row) => ({ row, tone: toneOf(row.site) })),
    'no site has any',
  );
}

const CAN_HAVE: Column<PoolRow> = {
  title: 'Can have',
  align: 'right',
  cellOf: ({ pool }) => String(pool.maxCapacity),
};

function freeShown({ pool: { allocated, capacity } }: PoolRow): string {
  return String(Math.max(0, capacity - allocated));
}

function percentOr(percent: number | undefined): string {
  return percent === undefined ? UNKNOWN : `${String(percent)} %`;
}

function kilowattsOr(watts: number | undefined): string {
  return watts === undefined ? UNKNOWN : amountShown(watts / 1_000);
}

/** Each trouble once, with the sites that have it. */
function troubleBlocks(sites: readonly SiteSeen[]): readonly Block[] {
  const whose = new Map<string, string[]>();
  for (const { name, refusal, troubles } of sites) {
    const all = [...(refusal === undefined ? [] : [`not Ready: ${toldShown(refusal)}`]), ...troubles.map(toldShown)];
    for (const text of all) whose.set(text, [...(whose.get(text) ?? []), name]);
  }
  if (whose.size === 0) return [];
  const items = [...whose].map(([text, names]) => `${names.join(', ')}: ${text}`);
  return [
    { kind: 'heading', text: 'What is wrong' },
    { kind: 'list', items },
  ];
}
