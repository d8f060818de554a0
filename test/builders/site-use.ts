import type { Statement } from '../../operator/controllers/computesite/carbon-now.ts';
import type { SiteUse } from '../../operator/controllers/usage/usage-reader.ts';
import type { SiteUsage } from '../../operator/domain/usage/assessment.ts';
import { watts } from '../../operator/domain/units.ts';
import { H100 } from './planning.ts';

interface Figures {
  readonly active?: number | undefined;
  readonly watts?: number;
  readonly message?: string;
  readonly known?: Partial<Statement>;
  /** Beside those of the H100s. */
  readonly others?: readonly SiteUsage[];
}

/** Of one product of a site `lulea`. */
export function aSiteUsage(overrides: Partial<SiteUsage> = {}): SiteUsage {
  return {
    site: 'lulea',
    product: H100,
    capacity: 16,
    usable: overrides.capacity ?? 16,
    held: 3,
    active: 0.5,
    rate: { power: watts(5_000), moneyPerHour: 40, gramsPerHour: 500 },
    currency: 'EUR',
    measured: { busy: undefined, idle: undefined },
    unplaced: undefined,
    ...overrides,
  };
}

/** Sixteen H100s of which half work, measured. */
export function aSiteUse({
  watts: power = 5_000,
  message = 'measured',
  known = {},
  others = [],
  ...rest
}: Figures = {}): SiteUse {
  const active = 'active' in rest ? rest.active : 0.5;
  const rate = { power: watts(power), moneyPerHour: 40, gramsPerHour: 500 };
  return {
    products: [aSiteUsage({ active, rate }), ...others],
    known: { status: 'True', reason: 'UsageMeasured', message, ...known },
  };
}
