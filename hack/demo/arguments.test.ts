import { expect, test } from '@jest/globals';
import { readArguments, UsageError } from './arguments.ts';

test('without a word it runs on a control plane of its own, at the usual pace, and kills no one', () => {
  expect(readArguments([])).toEqual({
    kubeconfig: undefined,
    yes: false,
    hourSeconds: 6,
    killOperatorAfterMs: undefined,
    jsonFile: undefined,
    plain: false,
    help: false,
  });
});

test('all that can be said is understood', () => {
  const said = ['--kubeconfig', 'k', '--yes', '--speed', 'fast', '--kill-operator-at', '2.5', '--json', 'j', '--plain'];
  expect(readArguments(said)).toEqual({
    kubeconfig: 'k',
    yes: true,
    hourSeconds: 3,
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
  [['--kubeconfig', ''], '--kubeconfig is empty; name a file'],
  [['--quick'], "Unknown option '--quick'"],
  [['now'], "Unexpected argument 'now'"],
])('%j is refused with what is wrong', (args, message) => {
  expect(() => readArguments(args)).toThrow(UsageError);
  expect(() => readArguments(args)).toThrow(message);
});
