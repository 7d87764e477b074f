//! What the model does not have, and the cases that would need it.

use crate::case::Case;

/// Repair is as parallel as it is needed.
pub const CREWS: &str = "repair crews are not limited in the model: every machine is repaired by itself";
/// Machines do not know whether they are in use.
pub const STANDBY: &str = "a unit that stands by fails as often as one in use; there is no cold or warm one";

const QUEUES: &str =
    "requests are a flow, not individuals: there is no queue, no waiting and no service time";
const RETRIES: &str = "a request is not repeated: there are no retries";
const COVERAGE: &str =
    "failover always works: there is no imperfect coverage, and one repair crew for two units";
const CREW_OF_ALL: &str =
    "one repair unit that inspects and serves all kinds of parts in turn, which the model has not";
const JUMPS: &str =
    "variance of an importance-sampling scheme on a jump chain with one repair crew: not a measure of a run";
const SHOCKS: &str =
    "a ratio to the unavailability of another system, which is exact and has no run of its own";

const REASONS: &[(&str, &str)] = &[
    ("mm1", QUEUES),
    ("mmc", QUEUES),
    ("mmn", QUEUES),
    ("mg1", QUEUES),
    ("erlang", QUEUES),
    ("random_split", QUEUES),
    ("rr_split", QUEUES),
    ("jsq", QUEUES),
    ("fig_tandem", QUEUES),
    ("kroese_nicola", QUEUES),
    ("lb_stale_endpoint_fail_retry", RETRIES),
    ("repairman", CREWS),
    ("standby", STANDBY),
    ("coverage", COVERAGE),
    ("active_standby", COVERAGE),
    ("workstation_cluster", CREW_OF_ALL),
    ("hrms_balanced", CREW_OF_ALL),
    ("hrms", JUMPS),
    ("betafactor", SHOCKS),
];

/// Why a case is of no family, if that is known.
pub fn reason(case: &Case) -> Option<String> {
    let fits = |(begins, _): &&(&str, &str)| case.name.starts_with(begins);
    REASONS.iter().find(fits).map(|(_, reason)| (*reason).to_owned())
}
