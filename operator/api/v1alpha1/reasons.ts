/**
 * Every reason that the operator gives, by what it speaks of. The same word is condition reason, event reason, metric
 * label and log field, so it is never renamed: alerts and scripts of users match on it.
 */

/** Why a plan chose the site and time that it did. */
export const PLAN_REASONS = [
  /** Starts at once at home: nothing within the deadline is better by enough. */
  'RunsNow',
  /** Starts later at home. */
  'BetterWindow',
  /** Starts at once at another site. */
  'BetterSite',
  /** Starts later at another site. */
  'BetterSiteAndWindow',
  /** Starts later only because its site is full: with room it would start at once. */
  'AwaitsCapacity',
  /** Running in several windows gains more than the restarts cost. */
  'PausesForCleanerPower',
  /** The same for a job whose objective does not count carbon. */
  'PausesForCheaperPower',
  /** The job runs, and going on is the best there is. */
  'RunsOn',
  /** No option holds the deadline; the chosen one finishes earliest. */
  'DeadlineAtRisk',
  /** Nothing is known about the grid for the time of the run, and the policy says what to do then. */
  'DataMissing',
  /** No site is left after the rules. */
  'NoSite',
  /** Sites are left, but none has or can have enough accelerators in time. */
  'NoCapacity',
  /** The job runs at a site or on an accelerator that is no longer in the inventory. */
  'SiteUnknown',
] as const;

/** Why a site or an accelerator was ruled out before it was priced. */
export const EXCLUSION_REASONS = [
  /** The job lists the sites that it may run at, and this is none of them. */
  'SiteNotAllowed',
  /** The job denies the site. */
  'SiteDenied',
  /** The policy lists the sites that jobs may run at, and this is none of them. */
  'PolicyForbidsSite',
  /** The node selector or affinity of the template leaves the site's region or product out. */
  'TemplateExcludesSite',
  /** The site has and can have no accelerator that the job can use. */
  'NoSuchAccelerator',
  /** No link brings data that the job reads to the site. */
  'DataOutOfReach',
  /** Reading its data there slows the job down by more than it allows, or jobs like it have taken so much longer there. */
  'SlowdownExceeded',
  /** The site is on paper: compared, never scheduled on. */
  'InventoryOnly',
  /** Pods of the job just stayed unschedulable there. */
  'RecentlyUnschedulable',
  /** The job was just paused there because its accelerators did nothing. */
  'RecentlyIdle',
  /** The site is not Ready. */
  'SiteNotReady',
  /** Its intensity counts other grams than the plan compares: life cycle against direct emissions, say. */
  'SignalNotComparable',
  /** Its prices are in another currency than those of the other sites. */
  'CurrencyNotComparable',
] as const;

/** Why an option that was priced was not chosen. */
export const COMPARISON_REASONS = [
  'MoreCarbon',
  /** There is no intensity for the whole time of it: unknown is neither more nor less. */
  'CarbonUnknown',
  'MoreMoney',
  'FinishesLater',
  'NotBetterByEnough',
] as const;

/** What happens to a job and why; conditions, events and the ends of attempts. */
export const JOB_REASONS = [
  'Accepted',
  /** A field can't be used; the message names it. */
  'InvalidSpec',
  /** Another object has the name that the Job needs. */
  'JobNameTaken',
  /** The API server refused the Job; the message has its words. */
  'TemplateRefused',
  /** The template has a Kueue queue name, so Kueue suspends and resumes it. */
  'QueueManaged',
  /** The template names another controller in `managedBy`. */
  'ManagedByOther',
  'AwaitingPlan',
  'Planned',
  'Replanned',
  /** The plan starts the job later. */
  'AwaitingWindow',
  'Started',
  'Paused',
  'Resumed',
  /** `spec.suspend` is true. */
  'Suspended',
  /** Pods stayed unschedulable; the message has the scheduler's words. */
  'Unschedulable',
  /** Accelerators that the job holds have done nothing for as long as the policy says, and it may be paused. */
  'Idle',
  /** Stopped here to run at another site. */
  'Moved',
  /** The Job disappeared after it was first started; it is never run again by itself. */
  'JobDeleted',
  'Completed',
  'Failed',
  'Refused',
  /** Someone else set `suspend` on the Job. */
  'SuspendedByOther',
  /** The Job differs from the template in something that is not ours. */
  'JobDrifted',
  'InSync',
  'NotStarted',
  'NotPaused',
  'NotFinished',
  'DeadlineHolds',
  /** The job, or jobs like it, took longer at its site than elsewhere by more than it allows. */
  'SlowerThanAllowed',
  'SlowdownWithinLimit',
  /** All figures of carbon that were weighed against one another are of one kind. */
  'Comparable',
] as const;

/** The state of a site, of its data, or of a policy. */
export const STATE_REASONS = [
  'Ready',
  /** The grid zone is neither given nor known for the region. */
  'ZoneUnknown',
  /** The source does not know the zone. */
  'NoData',
  'SignalUnsupported',
  'ForecastUnsupported',
  'HistoryUnsupported',
  'Unauthorised',
  /** The provider takes the key, and the plan behind it has not this zone or these data. */
  'NotEntitled',
  'QuotaExceeded',
  /** The budget that the configuration gives the provider is used up for now. */
  'BudgetSpent',
  'Unavailable',
  /** The provider has failed so often that it is left alone for a while. */
  'CircuitOpen',
  /** The provider's forecasts have been off by three times as much as what came at the same hour of the days before. */
  'PersistenceBetter',
  'Malformed',
  'LiveForecast',
  'CachedForecast',
  'Persistence',
  'TypicalDay',
  /** Prices of electricity are those that the market or the tariff has published. */
  'PricesPublished',
  /** Prices of electricity are those that the site's spec says, or none. */
  'PricesFlat',
  /** No node has the region, and nothing can be provisioned. */
  'NoNodes',
  /** Some nodes show their accelerators only as ResourceSlices, which are not counted yet. */
  'InventoryPartial',
  'InventoryComplete',
  'InventoryOnPaper',
  'InventoryStale',
  /** Two sites speak of the same region of one cluster. */
  'RegionTaken',
  /** The policy selects namespaces, and governs them. */
  'Governs',
  /** Every namespace that the policy selects is governed by a more specific or older one. */
  'Overruled',
  /** The policy selects no namespace. */
  'SelectsNothing',
] as const;

/** What devices that are held are used for, and what is known of it. */
export const USAGE_REASONS = [
  /** Devices are held at a time at which their owner does not need them. */
  'GPUsOutsideHours',
  /** Devices are held and have done nothing for a while. */
  'GPUsIdle',
  /** Some of the devices work, and the others have done nothing for a while. */
  'GPUsOversized',
  /** Devices work little. */
  'GPUsUnderused',
  /** They work again, or are held no longer than they are needed. */
  'GPUsInUse',
  /** The annotation that says when they are needed can't be read. */
  'ActiveHoursUnreadable',
  /** What all devices do that pods hold at the site is measured. */
  'UsageMeasured',
  /** What some of them do, or draw, is not known. */
  'UsagePartial',
  /** No source of measurements is configured. */
  'UsageNotMeasured',
] as const;

export const REASONS = [
  ...new Set([
    ...PLAN_REASONS,
    ...EXCLUSION_REASONS,
    ...COMPARISON_REASONS,
    ...JOB_REASONS,
    ...STATE_REASONS,
    ...USAGE_REASONS,
  ]),
] as const;

export type PlanReason = (typeof PLAN_REASONS)[number];
export type ExclusionReason = (typeof EXCLUSION_REASONS)[number];
export type ComparisonReason = (typeof COMPARISON_REASONS)[number];
export type JobReason = (typeof JOB_REASONS)[number];
export type StateReason = (typeof STATE_REASONS)[number];
export type UsageReason = (typeof USAGE_REASONS)[number];
export type Reason = PlanReason | ExclusionReason | ComparisonReason | JobReason | StateReason | UsageReason;
