import type { DemoDay } from '../day/demo-day.ts';
import type { Grid } from '../day/intensity-rows.ts';
import type { DemoSite } from '../setup/scenario.ts';
import { LESSONS } from '../verdict/lessons.ts';
import type { Verdict } from '../verdict/verdict.ts';
import type { DemoRecord } from '../watch/record.ts';
import { frame, journalLine } from './frame.ts';
import { cell, row } from './line.ts';
import type { Screen } from './screen.ts';
import { closingLine, findingLines, outcomeTable } from './tables.ts';
import { viewOf } from './view-of.ts';

export interface PresenterOptions {
  /** Draw over and over; else a line an event. */
  readonly live: boolean;
  readonly record: DemoRecord;
  readonly day: DemoDay;
  readonly grid: Grid;
  readonly sites: readonly DemoSite[];
}

/** Shows the demo as it goes, and its end. */
export class Presenter {
  readonly #screen: Screen;
  readonly #options: PresenterOptions;
  #told = 0;

  constructor(screen: Screen, options: PresenterOptions) {
    this.#screen = screen;
    this.#options = options;
    if (!options.live) this.#introduce();
  }

  look(): void {
    const { live, record, day } = this.#options;
    if (live) {
      this.#screen.draw(frame(viewOf(record, this.#options, Date.now()), this.#screen.size));
      return;
    }
    for (const entry of record.journal.slice(this.#told)) {
      this.#screen.print(journalLine(entry, day));
    }
    this.#told = record.journal.length;
  }

  end(): void {
    this.#screen.endDrawing();
  }

  conclude(verdict: Verdict): void {
    const { evidence, findings } = verdict;
    const ran = evidence.filter(({ name }) => LESSONS.some(({ job, refused }) => job === name && refused !== true));
    this.#screen.print();
    for (const line of outcomeTable(ran, this.#options.day)) this.#screen.print(line);
    this.#screen.print();
    const subjects = [
      ...LESSONS.map(({ job, shows }) => ({ about: job, shows })),
      { about: 'demo', shows: 'as a whole' },
    ];
    for (const line of findingLines(subjects, findings, this.#screen.size.columns)) this.#screen.print(line);
    this.#screen.print();
    this.#screen.print(closingLine(verdict));
  }

  #introduce(): void {
    const minutes = 3_600_000 / this.#options.day.hour / 60;
    this.#screen.print();
    this.#screen.print(`It is 04:00, and a second is ${Math.round(minutes * 10) / 10} minutes. Seven jobs:`);
    for (const { job, shows } of LESSONS) this.#screen.print(row({ text: ' ' }, cell(job, 14), { text: shows }));
    this.#screen.print();
  }
}
