import { SECOND_MS } from '../../domain/units.ts';
import type { Route } from './routes.ts';

const BITS_PER_BYTE = 8;

/** What holds the data back most. */
export interface Bottleneck {
  /** `Link`: its bandwidth. `Reads`: those under way, over its round trip. `Storage`: what it gives where the copy lies. */
  readonly kind: 'Link' | 'Reads' | 'Storage';
  /** One that comes through it. */
  readonly route: Route;
  /** Bytes, or bytes a second, that are wanted through it. */
  readonly wanted: number;
  readonly carriesBytesPerSecond: number;
}

/** Seconds that the narrowest place takes for what is wanted; of amounts a second, how many times too much it is. */
export function secondsThrough(bottleneck: Bottleneck | undefined): number {
  return bottleneck === undefined ? 0 : bottleneck.wanted / bottleneck.carriesBytesPerSecond;
}

/**
 * The narrowest place on the routes taken together: routes over one link share its bandwidth, routes from one storage what
 * it gives, and a stream alone has no more under way than its readers have asked for. `undefined` where nothing limits.
 * @param wanted of each route, bytes or bytes a second
 */
export function narrowest(routes: readonly Route[], wanted: (route: Route) => number): Bottleneck | undefined {
  const places = routes.flatMap((route) => placesOn(route, routes, wanted));
  return places.reduce<Bottleneck | undefined>((a, b) => (secondsThrough(b) > secondsThrough(a) ? b : a), undefined);
}

function placesOn(route: Route, routes: readonly Route[], wanted: (route: Route) => number): readonly Bottleneck[] {
  const { link, from, storageBytesPerSecond } = route;
  const total = (others: readonly Route[]): number => others.reduce((sum, other) => sum + wanted(other), 0);
  const storage: Bottleneck = {
    kind: 'Storage',
    route,
    wanted: total(routes.filter((other) => other.from === from)),
    carriesBytesPerSecond: storageBytesPerSecond,
  };
  if (link === undefined) return [storage];
  return [
    {
      kind: 'Link',
      route,
      wanted: total(routes.filter((other) => other.link?.to === link.to)),
      carriesBytesPerSecond: link.bitsPerSecond / BITS_PER_BYTE,
    },
    { kind: 'Reads', route, wanted: wanted(route), carriesBytesPerSecond: readsCarry(route) },
    storage,
  ];
}

/** Bytes under way over the time that each takes to come: the bandwidth-delay product, solved for the bandwidth. */
function readsCarry({ set: { stream }, link }: Route): number {
  if (stream === undefined || link === undefined || link.roundTripTime === 0) return Infinity;
  return (stream.readers * stream.outstandingBytes) / (link.roundTripTime / SECOND_MS);
}

/** So many choices of copies are weighed together; beyond, each data set takes the copy that would be best for it alone. */
const MOST_CHOICES = 256;

/**
 * Which copy each data set comes from: those that hold the job back least, then the cheapest, then the nearest by round
 * trip, then the first. Weighed together, because data sets that come over one link share it.
 * @param enough differences below this many seconds don't matter
 */
export function bestRoutes(
  ways: readonly (readonly Route[])[],
  wanted: (route: Route) => number,
  enough: number,
): readonly Route[] {
  const choices = ways.reduce((product, { length }) => product * length, 1);
  const best = (candidates: readonly (readonly Route[])[]) => leastOf(candidates, wanted, enough);
  return choices <= MOST_CHOICES
    ? best(combinationsOf(ways))
    : ways.flatMap((routes) => best(routes.map((route) => [route])));
}

function combinationsOf(ways: readonly (readonly Route[])[]): readonly (readonly Route[])[] {
  return ways.reduce<readonly (readonly Route[])[]>(
    (begun, routes) => begun.flatMap((taken) => routes.map((route) => [...taken, route])),
    [[]],
  );
}

function leastOf(
  candidates: readonly (readonly Route[])[],
  wanted: (route: Route) => number,
  enough: number,
): readonly Route[] {
  let best: readonly Route[] = [];
  let least: readonly number[] | undefined;
  for (const routes of candidates) {
    const figures = [
      Math.max(enough, secondsThrough(narrowest(routes, wanted))),
      routes.reduce((sum, route) => sum + wanted(route) * (route.link?.pricePerGibibyte ?? 0), 0),
      routes.reduce((sum, { link }) => sum + (link?.roundTripTime ?? 0), 0),
    ];
    if (least !== undefined && !isLess(figures, least)) continue;
    best = routes;
    least = figures;
  }
  return best;
}

/** The first figure that differs decides. */
function isLess(a: readonly number[], b: readonly number[]): boolean {
  const i = a.findIndex((figure, at) => figure !== b[at]);
  return i >= 0 && (a[i] ?? 0) < (b[i] ?? 0);
}
