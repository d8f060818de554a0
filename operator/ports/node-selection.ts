/** A label that a node must have, with its value. */
export interface NodeRequirement {
  readonly label: string;
  readonly value: string;
}

/** core/v1 NodeSelectorRequirement. */
export interface NodeSelectorRequirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

/** core/v1 NodeSelectorTerm: what it lists must all hold. One that lists nothing matches no node. */
export interface NodeSelectorTerm {
  readonly matchExpressions?: readonly NodeSelectorRequirement[];
  readonly matchFields?: readonly NodeSelectorRequirement[];
}

/** core/v1 PreferredSchedulingTerm: nodes that it matches are better by its weight, 1 to 100. */
export interface PreferredSchedulingTerm {
  readonly weight: number;
  readonly preference: NodeSelectorTerm;
}
