import { changed, type OwnFaultCases } from './provider-faults.ts';

interface Matrix {
  readonly data: { readonly result: { metric: object; values: [number, string][] }[] };
}

/** What Prometheus answers to whoever asks it, and that a question for one zone can't be answered with another. */
export function prometheusFaults(
  whyNoOtherZone: string,
  figuresThatAreNull: OwnFaultCases['figures that are null'],
): OwnFaultCases {
  return {
    'a key that it does not take': { fault: { status: 401, body: 'Unauthorized\n' }, code: 'Unauthorised' },
    'a plan that has not the zone': {
      impossibleBecause: 'Prometheus has no plans: whoever may ask may see every series',
    },
    'no data, with 404': {
      fault: { status: 404, body: '404 page not found\n' },
      code: 'Malformed',
      says: 'path prefix',
    },
    'a reply for another zone': { impossibleBecause: whyNoOtherZone },
    'figures that are null': figuresThatAreNull,
  };
}

/** The second value of the first series. */
export const secondValueNaN = changed<Matrix>((body) => {
  body.data.result[0]!.values[1]![1] = 'NaN';
  return body;
});
