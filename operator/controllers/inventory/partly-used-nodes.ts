/** Nodes of which pods hold some of the devices and not all, by how many are free; kept up node by node. */
export class PartlyUsedNodes {
  readonly #byFree = new Map<number, Set<string>>();

  /** @param free at least 1 */
  add(node: string, free: number): void {
    const nodes = this.#byFree.get(free) ?? new Set();
    this.#byFree.set(free, nodes.add(node));
  }

  /** The figure must be the one that the node was added with. */
  remove(node: string, free: number): void {
    const nodes = this.#byFree.get(free);
    nodes?.delete(node);
    if (nodes?.size === 0) this.#byFree.delete(free);
  }

  /**
   * Names of those that have room for a pod, at most so many, the fewest free devices first: the fuller a node, the longer
   * it stays awake anyway. Costs what is returned, and one sort of the figures that there are, however many the nodes.
   */
  fullest(devicesAPod: number, most: number): readonly string[] {
    const names: string[] = [];
    for (const free of [...this.#byFree.keys()].filter((one) => one >= devicesAPod).sort((a, b) => a - b)) {
      for (const name of this.#byFree.get(free) ?? []) {
        if (names.length >= most) return names;
        names.push(name);
      }
    }
    return names;
  }
}
