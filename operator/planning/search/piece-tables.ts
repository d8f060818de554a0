import type { DurationMs } from '../../domain/units.ts';
import type { ItinerarySearch, StepCosts, Steps } from './steps.ts';

/** A point in the programme: which step comes next, where the job is, and what is left. */
export interface Point {
  readonly step: number;
  /** Where it runs or ran last. */
  readonly place: number;
  /** In steps. */
  readonly workLeft: number;
  readonly piecesLeft: number;
  readonly running: boolean;
}

/** A piece that may begin: the shortest one. */
export interface Beginning {
  readonly place: number;
  /** In steps. */
  readonly length: number;
  /** The part of it in which nothing is gained, in steps. */
  readonly overhead: number;
  readonly cost: number;
}

const TIE_SHARE = 1e-12;

/** The tables of one place, a row of all amounts of work for each step and number of pieces left. */
interface PlaceTables extends StepCosts {
  readonly idle: Float64Array;
  readonly running: Float64Array;
  /** Of the row that is being filled: what beginning here costs, by work left. */
  readonly resumes: Float64Array;
}

/** Of the row that is being filled: the least that coming from another place costs, by work left, and the next best. */
interface Beginnings {
  readonly best: Float64Array;
  readonly second: Float64Array;
  readonly bestPlace: Int32Array;
}

/** One row, and the amounts of work in it that can be left. */
interface Row {
  readonly step: number;
  readonly pieces: number;
  readonly least: number;
  readonly most: number;
  readonly canBegin: boolean;
}

/**
 * The least cost from every point to the end, by Bellman's recursion backwards in time. Work left is counted in steps, w of them.
 * idle_k(s, w) = min(idle_k(s+1, w), of all places j: begin_j(s, w) with the overhead of a resume, and of a move where j is not k)
 * begin_j(s, w) = cost of the shortest piece there + running_j(s + length, w - length + overhead)
 * running_k(s, w) = min(cost_k(s) + running_k(s+1, w-1), idle_k(s+1, w), a move at once)
 * running_k(s, 0) = delay until s
 * A pause at one place lasts a step at least: to stop and begin anew at once only wastes what is repeated. Where the number of
 * pieces is limited, each has tables of its own by the pieces left.
 */
export class PieceTables {
  /** Most work that a point may have left: that of the search, and what a late resume adds to it. */
  readonly work: number;
  /** Costs that differ by less are equal: sums of floating point differ in their last digits. */
  readonly tie: number;
  readonly #search: ItinerarySearch;
  readonly #steps: Steps;
  /** Pieces that are counted; 0 where they are not. */
  readonly #pieces: number;
  readonly #places: readonly PlaceTables[];
  readonly #beginnings: Beginnings;
  readonly #minimum: number;
  readonly #resume: number;
  readonly #move: number;
  /** Before step 0. */
  readonly #head: number;
  readonly #width: number;

  /** @param countsPieces whether `piecesLeft` is kept; without it there may be any number of pieces */
  constructor(search: ItinerarySearch, steps: Steps, countsPieces: boolean) {
    const inSteps = (length: DurationMs): number => Math.ceil(length / steps.stepMs - 1e-9);
    this.#search = search;
    this.#steps = steps;
    this.#pieces = countsPieces ? search.piecesLeft : 0;
    this.#minimum = inSteps(search.minimumRun);
    this.#resume = inSteps(search.restartOverhead);
    this.#move = inSteps(search.restartOverhead + (search.places.length > 1 ? search.moveOverhead : 0));
    this.#head = inSteps(steps.headMs);
    this.work = steps.work + this.#move;
    this.#width = this.work + 1;
    const size = (steps.count + 1) * (this.#pieces + 1) * this.#width;
    this.#places = steps.places.map((costs) => ({
      ...costs,
      idle: new Float64Array(size),
      running: new Float64Array(size),
      resumes: new Float64Array(this.#width),
    }));
    this.#beginnings = {
      best: new Float64Array(this.#width),
      second: new Float64Array(this.#width),
      bestPlace: new Int32Array(this.#width),
    };
    this.tie = TIE_SHARE * this.#largestSum();
    for (let step = steps.count; step >= 0; step--) {
      for (let pieces = 0; pieces <= this.#pieces; pieces++) this.#fill(step, pieces);
    }
  }

  costFrom({ step, place, workLeft, piecesLeft, running }: Point): number {
    const { count } = this.#steps;
    if (step > count || workLeft > Math.min(this.work, count - step)) return Infinity;
    const tables = this.#at(place);
    const index = this.#row(step, this.#pieces === 0 ? 0 : piecesLeft) + workLeft;
    return (running ? tables.running : tables.idle)[index] ?? Infinity;
  }

  /** Of going on through the next step. */
  goOn({ step, place, workLeft, piecesLeft }: Point): number {
    const next = { step: step + 1, place, workLeft: workLeft - 1, piecesLeft, running: true };
    return this.#through(place, step, step + 1) + this.costFrom(next);
  }

  /** Of being idle through the next step. */
  wait({ step, place, workLeft, piecesLeft }: Point): number {
    return this.costFrom({ step: step + 1, place, workLeft, piecesLeft, running: false });
  }

  /**
   * The best piece that may begin here and now, of equal ones the one that does not move; `undefined` where none may.
   * @param elsewhere whether it must be at another place
   */
  begin(point: Point, elsewhere = false): Beginning | undefined {
    if (this.#pieces > 0 && point.piecesLeft === 0) return undefined;
    let best: Beginning | undefined;
    for (let place = 0; place < this.#places.length; place++) {
      const isHere = place === point.place;
      if (isHere && elsewhere) continue;
      const begun = this.#beginAt(place, point);
      const margin = isHere ? this.tie : -this.tie;
      if (best === undefined || begun.cost <= best.cost + margin) best = begun;
    }
    return best !== undefined && Number.isFinite(best.cost) ? best : undefined;
  }

  #beginAt(place: number, { place: from, step, workLeft, piecesLeft }: Point): Beginning {
    const moves = place !== from && !this.#isFirst(workLeft);
    const overhead = this.#isFirst(workLeft) ? 0 : moves ? this.#move : this.#resume;
    const length = Math.min(Math.max(this.#minimum, overhead + 1), workLeft + overhead);
    const after = this.costFrom({
      step: step + length,
      place,
      workLeft: workLeft - length + overhead,
      piecesLeft: Math.max(0, piecesLeft - 1),
      running: true,
    });
    const through = this.#through(place, step, step + length);
    const arrival = moves ? (this.#search.places[place]?.arrivalCost ?? 0) : 0;
    const cost = Number.isFinite(through)
      ? through + repeatedIn(this.#at(place), step, overhead) + arrival + after
      : Infinity;
    return { place, length, overhead, cost };
  }

  /** No piece has run yet: the first one repeats nothing, wherever it is. */
  #isFirst(workLeft: number): boolean {
    return !this.#search.hasRun && workLeft === this.#steps.work;
  }

  /** One row of every place: everything that does not depend on the work left is taken out of the loops over it. */
  #fill(step: number, pieces: number): void {
    const begins = this.#row(step, pieces);
    const most = Math.min(this.work, this.#steps.count - step);
    // Rows are read a little beyond what can still be done in time.
    const until = begins + Math.min(this.work, most + 1 + this.#move) + 1;
    for (const { idle, running, cost } of this.#places) {
      idle.fill(Infinity, begins, until);
      running.fill(Infinity, begins, until);
      running[begins] = this.#costAtEnd(cost, step);
    }
    if (step === this.#steps.count) return;
    // With all so far worked through, what comes before step 0 too, no less than this is left.
    const least = Math.max(1, this.#steps.work - this.#head - step);
    const row = { step, pieces, least, most, canBegin: this.#pieces === 0 || pieces > 0 };
    if (row.canBegin) this.#layBeginnings(row);
    for (const [place, tables] of this.#places.entries()) this.#fillPlace(tables, place, row);
  }

  #fillPlace({ idle, running, resumes, cost, nextBlocked }: PlaceTables, place: number, row: Row): void {
    const { step, pieces, least, most, canBegin } = row;
    const { best, second, bestPlace } = this.#beginnings;
    const here = this.#row(step, pieces);
    const next = this.#row(step + 1, pieces);
    const isOpen = (nextBlocked[step] ?? 0) > step;
    const stepCost = isOpen ? (cost[step + 1] ?? 0) - (cost[step] ?? 0) : Infinity;
    for (let w = least; w <= most; w++) {
      let leave = idle[next + w] ?? Infinity;
      let begin = Infinity;
      if (canBegin) {
        leave = Math.min(leave, (bestPlace[w] === place ? second[w] : best[w]) ?? Infinity);
        begin = resumes[w] ?? Infinity;
      }
      idle[here + w] = Math.min(leave, begin);
      running[here + w] = Math.min(leave, stepCost + (running[next + w - 1] ?? Infinity));
    }
  }

  /** What beginning a piece costs in this step, for all amounts of work left: at each place, and at the best of the others. */
  #layBeginnings(row: Row): void {
    const { places } = this.#search;
    const { best, second } = this.#beginnings;
    best.fill(Infinity);
    second.fill(Infinity);
    for (const [place, tables] of this.#places.entries()) {
      if (places.length > 1) {
        this.#layBeginning(tables, row, this.#move);
        const arrivalCost = places[place]?.arrivalCost ?? 0;
        for (let w = row.least; w <= row.most; w++)
          this.#compare(w, place, (tables.resumes[w] ?? Infinity) + arrivalCost);
      }
      this.#layBeginning(tables, row, this.#resume);
    }
    if (!this.#search.hasRun) this.#layFirstBeginning(row);
  }

  /** The very first piece repeats nothing and may be anywhere. */
  #layFirstBeginning(row: Row): void {
    const whole = this.#steps.work;
    if (whole < row.least || whole > row.most) return;
    let first = Infinity;
    for (const tables of this.#places) {
      this.#layBeginning(tables, { ...row, least: whole, most: whole }, 0);
      first = Math.min(first, tables.resumes[whole] ?? Infinity);
    }
    for (const { resumes } of this.#places) resumes[whole] = first;
    this.#beginnings.best[whole] = Infinity;
    this.#beginnings.second[whole] = Infinity;
  }

  #compare(w: number, place: number, cost: number): void {
    const { best, second, bestPlace } = this.#beginnings;
    const least = best[w] ?? Infinity;
    if (cost < least) {
      second[w] = least;
      best[w] = cost;
      bestPlace[w] = place;
    } else if (cost < (second[w] ?? Infinity)) second[w] = cost;
  }

  #layBeginning(tables: PlaceTables, { step, pieces, least, most }: Row, overhead: number): void {
    const { resumes, running, cost, nextBlocked } = tables;
    const openUntil = nextBlocked[step] ?? 0;
    const piecesAfter = Math.max(0, pieces - 1);
    const begun = repeatedIn(tables, step, overhead) - (cost[step] ?? 0);
    const shortest = Math.max(this.#minimum, overhead + 1);
    const gained = shortest - overhead;
    // What is shorter ends the job.
    for (let w = least; w < Math.min(gained, most + 1); w++) {
      const end = step + w + overhead;
      const atEnd = running[this.#row(end, piecesAfter)] ?? Infinity;
      resumes[w] = end <= openUntil ? begun + (cost[end] ?? 0) + atEnd : Infinity;
    }
    const end = step + shortest;
    const from = Math.max(least, gained);
    if (end > openUntil) {
      if (from <= most) resumes.fill(Infinity, from, most + 1);
      return;
    }
    const through = begun + (cost[end] ?? 0);
    const after = this.#row(end, piecesAfter) - gained;
    for (let w = from; w <= most; w++) resumes[w] = through + (running[after + w] ?? Infinity);
  }

  /** Delay until the end of a step, less what of it is not worked through. */
  #costAtEnd(cost: Float64Array, step: number): number {
    const { headMs, lastShare, stepMs } = this.#steps;
    const delay = this.#perDelayMs * (headMs + (step - 1 + lastShare) * stepMs);
    return step === 0 ? delay : delay - (1 - lastShare) * ((cost[step] ?? 0) - (cost[step - 1] ?? 0));
  }

  /** Cost of working through steps; infinite where one of them is full or unknown. */
  #through(place: number, from: number, to: number): number {
    const { cost, nextBlocked } = this.#at(place);
    const isOpen = to <= this.#steps.count && (nextBlocked[from] ?? 0) >= to;
    return isOpen ? (cost[to] ?? 0) - (cost[from] ?? 0) : Infinity;
  }

  #at(place: number): PlaceTables {
    const tables = this.#places[place];
    if (tables === undefined) throw new RangeError(`there is no place ${String(place)}`);
    return tables;
  }

  #row(step: number, pieces: number): number {
    return (step * (this.#pieces + 1) + pieces) * this.#width;
  }

  /** All places have one price of delay: it is the job's. */
  get #perDelayMs(): number {
    return this.#search.places[0]?.rates.perDelayMs ?? 0;
  }

  #largestSum(): number {
    const { count, headMs, stepMs } = this.#steps;
    const sums = this.#places.map(({ cost, repeatCost }) => 2 * (repeatCost[count] ?? 0) - (cost[count] ?? 0));
    return Math.max(...sums) + this.#perDelayMs * (headMs + count * stepMs);
  }
}

/** What the steps that repeat lost work cost beyond what they would cost as work. */
function repeatedIn({ cost, repeatCost }: StepCosts, step: number, overhead: number): number {
  const end = step + overhead;
  const repeated = (repeatCost[end] ?? 0) - (repeatCost[step] ?? 0);
  return repeated - ((cost[end] ?? 0) - (cost[step] ?? 0));
}
