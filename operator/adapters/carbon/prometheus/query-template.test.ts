import { describe, expect, test } from '@jest/globals';
import { parseQueryTemplate } from './query-template.ts';

function filled(template: string, zone: string): string {
  const parsed = parseQueryTemplate(template);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.value(zone);
}

function complaintAbout(template: string): string {
  const parsed = parseQueryTemplate(template);
  return parsed.ok ? 'none' : parsed.message;
}

describe('a query with a place for the zone', () => {
  test('gets the zone wherever its place is', () => {
    expect(filled('sum(a{zone="{zone}"}) / sum(b{place=\'x/{zone}/{zone}\'})', 'SE-SE3')).toBe(
      'sum(a{zone="SE-SE3"}) / sum(b{place=\'x/SE-SE3/SE-SE3\'})',
    );
  });

  test.each([
    ['a quote', '"', String.raw`\x22`],
    ['a single quote', "'", String.raw`\x27`],
    ['a backslash', '\\', String.raw`\x5c`],
    ['an end of line', '\n', String.raw`\x0a`],
    ['a dollar and what JavaScript makes of it', '$&', '$&'],
    ['letters of any kind', 'Ä', 'Ä'],
  ])('%s in a zone stays in the literal', (_, zone, written) => {
    expect(filled('a{zone="{zone}"}', zone)).toBe(`a{zone="${written}"}`);
    expect(filled("a{zone='{zone}'}", zone)).toBe(`a{zone='${written}'}`);
  });

  test.each([
    ['a{zone=~"({zone})|FR"}', String.raw`a{zone=~"(A\x5c.\x5c*)|FR"}`],
    ['a{zone !~  \'{zone}\', b="{zone}"}', String.raw`a{zone !~  'A\x5c.\x5c*', b="A.*"}`],
    ['a{zone=~"DE", b!="{zone}"}', 'a{zone=~"DE", b!="A.*"}'],
  ])('a zone is no regular expression after =~ and !~: %s', (template, query) => {
    expect(filled(template, 'A.*')).toBe(query);
  });

  test('keeps what is in comments and in other literals', () => {
    const template = 'a{b="\\"{zone}", c=`"`} # "{zone}" of {zone}\n';
    expect(filled(template, 'DE')).toBe('a{b="\\"DE", c=`"`} # "{zone}" of {zone}\n');
  });

  test.each([
    ['without a place', 'grid_intensity', 'has no {zone} within quotes'],
    ['with a place outside of quotes', 'grid_intensity{zone={zone}}', 'has no {zone} within quotes'],
    ['with a place in a comment', 'grid_intensity # "{zone}"', 'has no {zone} within quotes'],
    ['with a place in backticks, which know no escapes', 'a{zone=`{zone}`, b="{zone}"}', 'within double quotes'],
  ])('is refused %s', (_, template, words) => {
    expect(complaintAbout(template)).toContain(words);
    expect(complaintAbout(template)).toContain(template);
  });
});
