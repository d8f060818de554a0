import { formatTime } from '../../api/v1alpha1/timestamps.ts';
import type { Holding, NodeUsage, Rate } from '../../domain/usage/assessment.ts';
import { SECOND_MS } from '../../domain/units.ts';
import type { Answer } from '../answer.ts';
import { rounded } from '../show/data.ts';
import { wastePage } from './page.ts';
import type { UseSight, WasteChoice, WasteFound } from './sight.ts';
import { totalsOf, type Totals } from './totals.ts';
import { hoursNotes } from './unreadable-hours.ts';

/** Workloads by what they waste, each with what its owner can do. */
export function waste(sight: UseSight, choice: WasteChoice): Answer {
  const found = foundIn(sight, choice);
  const { notes, stranded, totals, unknown, wasting } = found;
  const shown = [...wasting, ...unknown];
  const rest = sight.assessment.holdings.filter((one) => isChosen(one, choice) && !shown.includes(one));
  const listed = choice.class === undefined ? [...wasting, ...unknown, ...rest] : wasting;
  return {
    data: {
      kind: 'Waste',
      madeAt: formatTime(sight.assessment.at),
      activity: activityOf(sight),
      ...(choice.namespace !== undefined && { namespace: choice.namespace }),
      totals: totalsData(totals),
      workloads: listed.slice(0, choice.top).map((one) => holdingData(one, sight.currencyOf)),
      strandedNodes: stranded.map((one) => strandedData(one, sight.currencyOf)),
      unknownFigures: (sight.gaps ?? []).map(({ error, figure }) => ({
        figure,
        reason: error.code,
        message: error.message,
      })),
      notes,
    },
    page: wastePage(found),
    exitCode: 0,
  };
}

function foundIn(sight: UseSight, choice: WasteChoice): WasteFound {
  const { holdings, nodes } = sight.assessment;
  const inScope = holdings.filter((one) => isChosen(one, choice));
  const seesNodes = sight.isWhole && choice.namespace === undefined && choice.class === undefined;
  return {
    ...{ sight, choice },
    totals: totalsOf(inScope, sight.currencyOf, choice.class),
    notes: [...sight.notes, ...hoursNotes(sight.unreadableHours, choice)],
    wasting: inScope.filter(({ waste: one }) => one !== undefined && (choice.class ?? one.class) === one.class),
    unknown: choice.class === undefined ? inScope.filter(isUnknown).sort(byRate) : [],
    stranded: seesNodes ? nodes.filter(({ stranded }) => stranded !== undefined) : [],
  };
}

function isChosen({ workload }: Holding, { namespace }: WasteChoice): boolean {
  return namespace === undefined || workload.namespace === namespace;
}

function isUnknown({ active, waste: found }: Holding): boolean {
  return active === undefined && found === undefined;
}

function byRate({ rate: a }: Holding, { rate: b }: Holding): number {
  return b.moneyPerHour - a.moneyPerHour || b.power - a.power;
}

/** `NotAsked`, `Unknown` where the source has no figures, `Known` where it has some. */
function activityOf({ gaps }: UseSight): 'NotAsked' | 'Unknown' | 'Known' {
  if (gaps === undefined) return 'NotAsked';
  return gaps.some(({ figure }) => figure === 'Activity') ? 'Unknown' : 'Known';
}

type CurrencyOf = UseSight['currencyOf'];

function holdingData(holding: Holding, currencyOf: CurrencyOf) {
  const { active, attribution, devices, heldSince, idleFor, owner, policy, powerBasis, product, resource } = holding;
  const { apiVersion, kind, name, namespace } = holding.workload;
  const currency = currencyOf(holding.site);
  return {
    workload: { apiVersion, kind, namespace, name },
    owner,
    ...(policy !== undefined && { policy }),
    ...(holding.site !== '' && { site: holding.site }),
    ...(product !== '' && { accelerator: product }),
    ...{ resource, pods: holding.pods, devices, sharing: holding.sharing, attribution },
    ...(heldSince > 0 && { heldSince: formatTime(heldSince) }),
    ...(active !== undefined && { activePercent: rounded(100 * active) }),
    ...(idleFor !== undefined && { idleSeconds: Math.round(idleFor / SECOND_MS) }),
    ...rateData(holding.rate, currency),
    powerBasis,
    ...(holding.waste !== undefined && {
      waste: {
        class: holding.waste.class,
        devices: rounded(holding.waste.devices),
        since: formatTime(holding.waste.since),
        ...rateData(holding.waste.rate, currency),
        message: holding.waste.message,
        remedy: holding.waste.remedy,
      },
    }),
  };
}

function strandedData({ node, product, resource, site, stranded }: NodeUsage, currencyOf: CurrencyOf) {
  return {
    ...{ node, site, accelerator: product, resource },
    ...(stranded !== undefined && {
      devices: stranded.devices,
      ...rateData(stranded.rate, currencyOf(site)),
      message: stranded.message,
    }),
  };
}

/** No price is known where it is 0. */
function rateData({ gramsPerHour, moneyPerHour, power }: Rate, currency: string) {
  return {
    watts: rounded(power),
    ...(moneyPerHour > 0 && { costPerHour: rounded(moneyPerHour), currency }),
    ...(gramsPerHour !== undefined && { carbonGramsPerHour: rounded(gramsPerHour) }),
  };
}

function totalsData({ held, unknown, wasted }: Totals) {
  const data = ({ devices, gramsAreWhole, gramsPerHour, money, power, workloads }: Totals['held']) => ({
    ...{ workloads, devices: rounded(devices), watts: rounded(power) },
    costPerHour: [...money].map(([currency, amount]) => ({ currency, amount: rounded(amount) })),
    carbonGramsPerHour: rounded(gramsPerHour),
    carbonIsWhole: gramsAreWhole,
  });
  return { held: data(held), wasted: data(wasted), unknown: data(unknown) };
}
