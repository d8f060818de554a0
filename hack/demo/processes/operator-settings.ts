import { formatDuration } from '../../../operator/domain/duration.ts';
import { HOUR_MS } from '../../../operator/domain/units.ts';
import type { FeedSettings } from '../carbon/carbon-feed.ts';

export interface OperatorSettings {
  readonly feed: FeedSettings;
  /** Someone kills it on purpose: what follows must not wait long for the lease of the dead. */
  readonly takesOverQuickly: boolean;
}

/** The operator's configuration: as usual, but in seconds, and with the intensity of the demo's day. */
export function operatorConfig({ feed, takesOverQuickly }: OperatorSettings): object {
  return {
    planning: { slot: '1s', settle: '100ms', interval: '2s' },
    ...feed,
    carbon: { ...feed.carbon, refresh: '1s', horizon: formatDuration(HOUR_MS / 6) },
    jobs: { unschedulableAfter: '10s', avoidFor: '30s' },
    server: { host: '127.0.0.1', port: 0 },
    ...(takesOverQuickly && { leaderElection: { leaseDuration: '3s', renewDeadline: '2s', retryPeriod: '400ms' } }),
  };
}
