import { describe, expect, test } from '@jest/globals';
import { anOutcome, DAY, GOOD_DAY } from '../../../test/builders/demo.ts';
import { verdictOn } from '../verdict/verdict.ts';
import { textOf, widthOf } from './line.ts';
import { closingLine, findingLines, outcomeTable } from './tables.ts';

const good = verdictOn(anOutcome());
const bad = verdictOn(anOutcome({ evaluation: { ...GOOD_DAY['evaluation'], site: 'warsaw', runs: [[12, 14]] } }));
const ranIn = (verdict: typeof good) => verdict.evidence.filter(({ name }) => name !== 'prototype');

describe('the table of planned against happened', () => {
  test('has a row a job and their sum, all equally wide', () => {
    const lines = outcomeTable(ranIn(good), DAY);
    expect(lines.map((line) => textOf(line).split(' ')[0])).toEqual([
      'JOB',
      ...['evaluation', 'morning-report', 'embeddings', 'transcription', 'fine-tune', 'risk-model'],
      'all',
    ]);
    expect(new Set(lines.map(widthOf)).size).toBe(1);
  });

  test('says when and where, in how many pieces, grams, and whether the deadline was held', () => {
    const lines = outcomeTable(ranIn(good), DAY).map((line) => textOf(line).replaceAll(/ {2,}/g, '  '));
    expect(lines[1]).toMatch(/^evaluation  stockholm  04:12–06:00  04:12–06:00  5\.0  1\.4  42\.\d  97 %  09:00  yes$/);
    expect(lines[3]).toContain('04:12–15:12 in 2');
    expect(lines[7]).toMatch(/ 6 of 6$/);
  });

  test('says so where a job was late', () => {
    const lines = outcomeTable(ranIn(bad), DAY).map(textOf);
    expect(lines[1]).toMatch(/NO$/);
    expect(lines[7]).toMatch(/5 of 6$/);
  });
});

describe('what the demo is to show', () => {
  const subjects = [
    { about: 'evaluation', shows: 'moves' },
    { about: 'fine-tune', shows: 'waits' },
  ];

  test('is a line each where all is so', () => {
    expect(findingLines(subjects, good.findings, 80).map(textOf)).toEqual([
      '✓ evaluation moves 6 of 6 checks',
      '✓ fine-tune  waits 7 of 7 checks',
    ]);
    expect(textOf(closingLine(good))).toBe(
      `Everything that the demo is to show was so: ${good.findings.length} checks.`,
    );
  });

  test('names below it what is not so, and what was seen instead', () => {
    const lines = findingLines(subjects, bad.findings, 80).map(textOf);
    expect(lines[0]).toMatch(/^✗ evaluation moves [0-5] of 6 checks$/);
    expect(lines).toContain('    all of its pods run in stockholm: no. they ran in warsaw');
    expect(lines.at(-1)).toBe('✓ fine-tune  waits 7 of 7 checks');
    expect(textOf(closingLine(bad))).toMatch(/^\d of \d+ checks failed/);
  });
});
