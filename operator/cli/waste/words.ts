import type { Holding, Rate } from '../../domain/usage/assessment.ts';
import type { DurationMs, EpochMs } from '../../domain/units.ts';
import { amountShown } from '../page/words/amounts.ts';
import { moneyWords, type Column, type MoneyWords } from '../show/columns.ts';
import { lengthShown, percentShown, shortNames, UNKNOWN } from '../show/words.ts';
import type { UseSight, WasteFound } from './sight.ts';

/** How names and amounts are told on this page. */
export interface Words {
  readonly now: EpochMs;
  readonly lookBack: DurationMs;
  readonly money: MoneyWords;
  readonly currencyOf: UseSight['currencyOf'];
  readonly shortName: (one: Pick<Holding, 'product' | 'resource'>) => string;
  /** Workloads of more than one namespace are shown. */
  readonly withNamespace: boolean;
}

export function wordsFor({ choice, sight, stranded, unknown, wasting }: WasteFound): Words {
  const rows = [...wasting, ...unknown, ...stranded];
  const names = shortNames(rows.flatMap(({ product }) => (product === '' ? [] : [product])));
  return {
    now: sight.assessment.at,
    lookBack: sight.lookBack,
    money: moneyWords(rows.map(({ site }) => sight.currencyOf(site))),
    currencyOf: sight.currencyOf,
    shortName: ({ product, resource }) => (product === '' ? resource : (names.get(product) ?? product)),
    withNamespace: choice.namespace === undefined,
  };
}

/** Whose it is, and which devices. */
export function whoseColumns(
  { shortName, withNamespace }: Words,
  deviceTitle: string,
  devicesOf: (one: Holding, shortName: string) => string,
): readonly Column<Holding>[] {
  return [
    { title: 'Workload', align: 'left', cellOf: workloadShown },
    ...(withNamespace ? [NAMESPACE] : []),
    // Where nothing else names one, it is the namespace.
    {
      title: 'Owner',
      align: 'left',
      mayGo: true,
      cellOf: ({ owner, workload }) => (owner === workload.namespace ? '' : owner),
    },
    { title: deviceTitle, align: 'right', cellOf: (one) => devicesOf(one, shortName(one)) },
  ];
}

const NAMESPACE: Column<Holding> = { title: 'Namespace', align: 'left', cellOf: ({ workload }) => workload.namespace };

/** What it draws, costs and emits; what nobody knows is no column. */
export function rateColumns<Row extends { readonly site: string }>(
  rateOf: (row: Row) => Rate,
  { currencyOf, money }: Words,
): readonly Column<Row>[] {
  const priceOf = (row: Row): number | undefined =>
    rateOf(row).moneyPerHour > 0 ? rateOf(row).moneyPerHour : undefined;
  const gramsShown = ({ gramsPerHour }: Rate): string =>
    gramsPerHour === undefined ? UNKNOWN : amountShown(gramsPerHour / 1_000);
  return [
    { title: 'kW', align: 'right', cellOf: (row) => kilowattsShown(rateOf(row).power) },
    {
      title: `${money.title}/h`,
      align: 'right',
      mayGo: true,
      cellOf: (row) => money.shown(priceOf(row), currencyOf(row.site)),
    },
    { title: 'kg CO2e/h', align: 'right', mayGo: true, cellOf: (row) => gramsShown(rateOf(row)) },
  ];
}

/** As kubectl names it: `deployment/chat`. */
function workloadShown({ workload: { kind, name } }: Pick<Holding, 'workload'>): string {
  return `${kind.toLowerCase()}/${name}`;
}

export function labelOf(holding: Pick<Holding, 'workload'>, { withNamespace }: Pick<Words, 'withNamespace'>): string {
  return withNamespace ? `${workloadShown(holding)} in ${holding.workload.namespace}` : workloadShown(holding);
}

/** What is wrong in a few words, `idle for 40 min` say; the message has all of them. */
export function wasteShown({ active, idleFor, waste }: Holding, { lookBack }: Words): string {
  const share = active === undefined ? '' : `, ${percentShown(active)} active`;
  switch (waste?.class) {
    case 'OutsideHours':
      return 'outside its hours';
    case 'Idle':
      return idleFor === undefined ? 'idle' : `idle for ${idleShown(idleFor, lookBack)}`;
    case 'Oversized':
      return `oversized${share}`;
    case 'Underused':
      return `underused${share}`;
    case undefined:
      return '';
  }
}

function idleShown(idleFor: DurationMs, lookBack: DurationMs): string {
  // Nobody was asked for what was before.
  return idleFor >= lookBack ? `over ${lengthShown(lookBack)}` : lengthShown(idleFor);
}

/** `8 H100`, `2 of 8 H100`. */
export function wastedShown({ devices, sharing, waste }: Holding, shortName: string): string {
  const wasted = waste?.devices ?? 0;
  const count = wasted === devices ? String(devices) : `${amountShown(wasted)} of ${String(devices)}`;
  return `${count} ${shortName}${sharing === 'Shared' ? ', shared' : ''}`;
}

/** `8 H100`. */
export function heldDevicesShown({ devices, sharing }: Holding, shortName: string): string {
  return `${String(devices)} ${shortName}${sharing === 'Shared' ? ', shared' : ''}`;
}

/** A time of 0 is one that nobody wrote. */
export function heldShown(heldSince: EpochMs, { now }: Words): string {
  return heldSince > 0 && heldSince <= now ? lengthShown(now - heldSince) : UNKNOWN;
}

export function kilowattsShown(power: number): string {
  return amountShown(power / 1_000);
}
