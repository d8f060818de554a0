import type { Leg } from '../../domain/decision.ts';
import type { Block } from '../page/page.ts';
import { placeShown } from './words.ts';

type LeftOut = Pick<Leg, 'site' | 'product'> & { readonly reason: string; readonly message: string };

/** Places that rules have shut out, each with its rule; nothing where none is. */
export function leftOutBlocks(places: readonly LeftOut[]): readonly Block[] {
  if (places.length === 0) return [];
  const items = places.map(({ message, reason, ...place }) => `${placeShown(place)}: ${message} (${reason})`);
  return [
    { kind: 'heading', text: 'Left out' },
    { kind: 'list', items },
  ];
}
