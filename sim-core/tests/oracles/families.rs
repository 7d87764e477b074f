//! Which cases are of which family, by what their names begin with and what they ask for.

use crate::case::{Case, Reason};
use crate::estimate::Estimate;
use crate::{
    budgets, chains, common_cause, database, detection, failover, first_outage, renewal, rollouts, single,
    subsets,
};

/// What runs a case.
pub type Family = fn(&Case) -> Result<Estimate, Reason>;

/// The beginning of a name, a part of the quantity, and who runs it; the first that fits.
const FAMILIES: &[(&str, &str, Family)] = &[
    ("single_machine_A_weibull", "steady-state availability", single::long_run_in_words),
    ("single_machine", "steady-state availability", single::long_run),
    ("single_machine", "point availability", single::at_a_moment),
    ("single_machine", "interval availability", single::over_a_time),
    ("single_machine", "std.dev. of annual downtime", single::deviation),
    ("single_machine", "lim Var(D(T))/T", single::variance_rate),
    ("weibull_lognormal", "lim Var(D(T))/T", single::variance_rate),
    ("single_machine", "P(no failure", single::no_outage),
    ("single_machine", "P(total downtime", single::downtime_at_most),
    ("downtime_", "downtime per", single::downtime_in),
    ("kofn_", "P(>=k up)", subsets::enough_by_availability),
    ("kofn_", "outage frequency", subsets::frequency),
    ("kofn_", "mean time between outages", subsets::mean_time_up),
    ("kofn_", "mean outage duration", subsets::mean_outage),
    ("kofn_", "mean time to first outage", first_outage::mean_time),
    ("kofn_", "at least one service outage", first_outage::before),
    ("repairman_", "P(>=k machines up)", subsets::enough_with_crews_for_all),
    ("repairman_", "E[# machines down]", subsets::mean_down),
    ("standby_", "mean time to first outage", first_outage::hot_standby),
    ("mttdl_", "mean time to lose all replicas", subsets::time_to_loss),
    ("mttdl_", "P(lose all before full recovery", subsets::loss_after_failure),
    ("betafactor_", "unavailability 1-P", common_cause::unavailability),
    ("zones_", "unavailability", subsets::zones),
    ("fig_database", "unavailability", database::unavailability),
    ("pod_single_replica", "availability", failover::single_replica),
    ("pods_", "P(all replicas down)", failover::all_away),
    ("node_fail_total_outage", "single-replica outage", failover::outage),
    ("lb_stale_endpoint", "no retry", failover::requests),
    ("pod_competing_risks", "availability", failover::with_two_risks),
    ("pod_competing_risks", "downtime per 8760 h", failover::year_of_two_risks),
    ("node_notready_latency", "E[", detection::mean),
    ("node_notready_latency", "sd of", detection::deviation),
    ("node_notready_latency", "min latency", detection::least),
    ("node_notready_latency", "max latency", detection::greatest),
    ("rolling_", "E[rollout duration]", rollouts::of_unequal_pods),
    ("rolling_", "rollout duration", rollouts::of_equal_pods),
    ("rolling_", "min ready pods", rollouts::least_available),
    ("rolling_", "max non-terminating pods", rollouts::most_pods),
    ("weibull_renewal", "E[# failures", renewal::function),
    ("fleet_poisson", "mean # failures", renewal::fleet_mean),
    ("fleet_poisson", "P(no failure", renewal::fleet_quiet),
    ("series_", "availability", chains::product),
    ("burnrate_", "fraction consumed", budgets::consumed),
    ("burnrate_", "hours to exhaust", budgets::exhausted),
];

/// Who runs a case.
pub fn find(case: &Case) -> Option<Family> {
    let fits = |(begins, asks, _): &&(&str, &str, Family)| {
        case.name.starts_with(begins) && case.quantity.contains(asks)
    };
    FAMILIES.iter().find(fits).map(|(.., family)| *family)
}
