/** The process that runs the sample on the original or on ours. The suite talks to it over IPC. */
import { report } from './report.ts';
import { settings } from './settings.ts';

const logTo = (level: string) => (message: string) => {
  report({ what: 'log', level, message });
};
const logger = { debug: logTo('debug'), info: logTo('info'), warn: logTo('warn'), error: logTo('error') };

const { MyOperator } =
  settings.subject === 'original' ? await import('./on-original.ts') : await import('./on-ours.ts');
const operator = new MyOperator(logger);
await operator.start();
report({ what: 'started' });

process.on('message', (command) => {
  if (command !== 'stop') return;
  // What the original gives is no promise: both can be awaited.
  void Promise.resolve(operator.stop()).then(() => {
    report({ what: 'stopped' });
    process.disconnect();
  });
});
