import { describe, expect, test } from '@jest/globals';
import { aComputeSite } from '../../../test/builders/cluster.ts';
import type { ComputeSiteStatus } from '../../api/v1alpha1/compute-site.generated.ts';
import type { ConditionStatus } from '../../api/v1alpha1/conditions.ts';
import { changeNote, regardingOf } from './change-note.ts';
import { siteRecordOf } from './site-record.ts';

function carbonIs(reason: string, status: ConditionStatus = 'True'): ComputeSiteStatus {
  const common = { lastTransitionTime: '2026-06-01T00:00:00Z', message: `it is ${reason}` };
  return {
    conditions: [
      { ...common, type: 'Ready', status: 'True', reason: 'Ready' },
      { ...common, type: 'CarbonDataFresh', status, reason },
    ],
  };
}

describe('the event for a site', () => {
  test('warns of a lesser rung, and tells of a better one', () => {
    const [live, cached] = [carbonIs('LiveForecast'), carbonIs('CachedForecast', 'False')];
    expect(changeNote(live, cached)).toEqual({
      type: 'Warning',
      reason: 'CachedForecast',
      action: 'ReadCarbonData',
      message: 'it is CachedForecast',
    });
    expect(changeNote(cached, live)).toMatchObject({ type: 'Normal', reason: 'LiveForecast' });
  });

  test('warns where the rung is the same and has become stale, or it fails for another reason', () => {
    expect(changeNote(carbonIs('CachedForecast'), carbonIs('CachedForecast', 'False'))).toMatchObject({
      type: 'Warning',
    });
    expect(changeNote(carbonIs('Unavailable', 'False'), carbonIs('Unauthorised', 'False'))).toMatchObject({
      type: 'Warning',
      reason: 'Unauthorised',
    });
  });

  test('is none where the rung is the same, whatever the message', () => {
    const [condition] = carbonIs('LiveForecast').conditions?.slice(1) ?? [];
    const reworded = { conditions: condition === undefined ? [] : [{ ...condition, message: 'in other words' }] };
    expect(changeNote(carbonIs('LiveForecast'), reworded)).toBeUndefined();
  });

  test('is none for the first answer, and for a site that was new', () => {
    expect(changeNote({}, carbonIs('LiveForecast'))).toBeUndefined();
    expect(changeNote(carbonIs('NoData', 'Unknown'), carbonIs('TypicalDay', 'False'))).toBeUndefined();
  });

  test('is none where it was not looked at, for that is another matter', () => {
    expect(changeNote(carbonIs('LiveForecast'), carbonIs('InvalidSpec', 'Unknown'))).toBeUndefined();
    expect(changeNote(carbonIs('LiveForecast'), {})).toBeUndefined();
  });

  test('regards the site, by its uid where it has one', () => {
    const site = aComputeSite('lulea');
    expect(regardingOf(siteRecordOf(site))).toEqual({
      apiVersion: 'sunward.dev/v1alpha1',
      kind: 'ComputeSite',
      metadata: { name: 'lulea', uid: 'uid-of-lulea' },
    });
    const { uid: _, ...metadata } = site.metadata;
    expect(regardingOf(siteRecordOf({ ...site, metadata })).metadata).toEqual({ name: 'lulea' });
  });
});
