/** What must be true for the process to be of use, by name; each answers at once. */
export type HealthChecks = Readonly<Record<string, () => boolean>>;

export interface HealthReport {
  readonly ok: boolean;
  /** A line a check: `[+] caches` or `[-] caches`. */
  readonly text: string;
}

export function reportOf(checks: HealthChecks): HealthReport {
  const results = Object.entries(checks).map(([name, check]) => ({ name, ok: check() }));
  return {
    ok: results.every(({ ok }) => ok),
    text: [...results.map(({ name, ok }) => `[${ok ? '+' : '-'}] ${name}`), ''].join('\n'),
  };
}
