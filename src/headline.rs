//! What is about to be run, in two lines.

use reports::words::counted;
use scenarios::sweep::Experiment;

/// The cluster and its load; then how much of it is run.
pub fn headline(experiment: &Experiment) -> String {
    let scenario = experiment.points[0].scenario();
    let cluster = &scenario.cluster;
    let system = [
        counted(cluster.zones.len(), "zone"),
        counted(cluster.nodes.len(), "node"),
        counted(scenario.workloads.len(), "workload"),
        counted(scenario.services.len(), "service"),
        counted(scenario.faults.len(), "fault"),
    ];
    let span = reports::words::duration(scenario.horizon.as_secs_f64());
    let factors =
        experiment.factors.iter().map(|factor| format!("{} {}", factor.label, factor.levels.join("|")));
    let factors = factors.collect::<Vec<_>>().join(" x ");
    format!(
        "Nines {} · scenario {}: {}\n{}{} x {} of {span} · seed {}",
        env!("CARGO_PKG_VERSION"),
        scenario.name,
        system.join(", "),
        if factors.is_empty() { String::new() } else { format!("{factors} · ") },
        counted(experiment.points.len(), "design point"),
        counted(experiment.repetitions as usize, "run"),
        experiment.seed,
    )
}
