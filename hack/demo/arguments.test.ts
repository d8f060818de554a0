import { expect, test } from '@jest/globals';
import { readArguments, UsageError } from './arguments.ts';

test('without a word it runs on a control plane of its own, at the usual pace, and kills no one', () => {
  expect(readArguments([])).toEqual({
    kubeconfig: undefined,
    yes: false,
    hourSeconds: 6,
    carbon: 'file',
    providerOutage: undefined,
    killOperatorAfterMs: undefined,
    jsonFile: undefined,
    plain: false,
    help: false,
  });
});

test('all that can be said is understood', () => {
  const said = ['--kubeconfig', 'k', '--yes', '--speed', 'fast', '--kill-operator-at', '2.5', '--json', 'j', '--plain'];
  const ofCarbon = ['--carbon', 'electricity-maps', '--provider-outage', '8-25.5'];
  expect(readArguments([...said, ...ofCarbon])).toEqual({
    kubeconfig: 'k',
    yes: true,
    hourSeconds: 3,
    carbon: 'electricity-maps',
    providerOutage: { fromMs: 8_000, untilMs: 25_500 },
    killOperatorAfterMs: 2_500,
    jsonFile: 'j',
    plain: true,
    help: false,
  });
});

test.each([
  [['--speed', 'slow'], '--speed is "slow"; it must be normal or fast'],
  [['--kill-operator-at', 'noon'], '--kill-operator-at is "noon"; it must be a number of seconds from 0 to 3600'],
  [['--kill-operator-at', ' '], '--kill-operator-at is " "'],
  [['--kill-operator-at=-1'], '--kill-operator-at is "-1"'],
  [['--carbon', 'sun'], '--carbon is "sun"; it must be one of file, electricity-maps, uk-carbon-intensity'],
  [['--provider-outage', '8-25'], '--provider-outage needs a provider; add --carbon electricity-maps'],
  [
    ['--carbon', 'uk-carbon-intensity', '--provider-outage', '8'],
    '--provider-outage is "8"; write from when until when in seconds, at least 15 of them, such as 8-25',
  ],
  [['--carbon', 'uk-carbon-intensity', '--provider-outage', '25-8'], '--provider-outage is "25-8"'],
  [['--carbon', 'uk-carbon-intensity', '--provider-outage', '8-22'], '--provider-outage is "8-22"'],
  [['--kubeconfig', ''], '--kubeconfig is empty; name a file'],
  [['--quick'], "Unknown option '--quick'"],
  [['now'], "Unexpected argument 'now'"],
])('%j is refused with what is wrong', (args, message) => {
  expect(() => readArguments(args)).toThrow(UsageError);
  expect(() => readArguments(args)).toThrow(message);
});
