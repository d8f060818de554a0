import { TypicalDaySource } from '../../../operator/adapters/carbon/typical-day/typical-day-source.ts';
import { carbonSourceContract } from './contract.ts';

carbonSourceContract('typical-day', () =>
  Promise.resolve({
    source: new TypicalDaySource(),
    known: {
      zone: 'SE-SE3',
      signal: 'Average',
      interval: { startsAt: Date.parse('2026-11-30T20:30:00Z'), endsAt: Date.parse('2026-12-01T04:00:00Z') },
    },
    otherZones: ['DE', 'PL'],
    unknownZone: 'XX-NOWHERE',
    missingSignal: 'Marginal',
    uncovered: { knowsAllTimeBecause: 'every month and hour of any year has a typical figure' },
    truth: {
      scope: 'Lifecycle',
      synthetic: true,
      estimated: [true, true, true, true, true, true, true, true],
      issuedBy: Date.parse('2023-01-01T00:00:00Z'),
    },
    past: { noneBecause: 'it knows no single day' },
  }),
);
