/** A site, and the accelerator product there; without one for what asks for none. */
export interface Place {
  readonly site: string;
  readonly product?: string | undefined;
}

/** Same site, same accelerator. */
export function isSamePlace(one: Place, other: Place): boolean {
  return one.site === other.site && one.product === other.product;
}
