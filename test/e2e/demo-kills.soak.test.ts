import { afterEach, expect, test } from '@jest/globals';
import { DemoProcess } from '../fixtures/demo-process.ts';

/** Seconds into the demo at which the operator is killed with SIGKILL, over the whole of its day. */
const MOMENTS = Array.from({ length: 20 }, (_, i) => String(1 + 3 * i));

let demo: DemoProcess;

afterEach(() => demo.dispose());

test.each(MOMENTS)('the demo comes to the same end when the operator is killed after %s s', async (moment) => {
  demo = await DemoProcess.start(['--speed', 'fast', '--kill-operator-at', moment]);
  await demo.untilAllWasSo();
  expect(await demo.leftBehind()).toEqual([]);
});
