import { quietBelow, type Quiet, type Track } from './columns.ts';

/** The stretch in which none of several devices worked; `undefined` where it is not known of all of them. */
export function quietTogether(tracks: readonly (Track | undefined)[], below: number): Quiet | undefined {
  if (tracks.length === 0) return undefined;
  let since = -Infinity;
  let until = Infinity;
  for (const track of tracks) {
    const quiet = track === undefined ? undefined : quietBelow(track, below);
    if (quiet === undefined) return undefined;
    since = Math.max(since, quiet.since);
    until = Math.min(until, quiet.until);
  }
  return { since: Math.min(since, until), until };
}
