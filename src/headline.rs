//! What is about to be run.

use std::io::IsTerminal;

use reports::words::counted;
use scenarios::one_run::start_up;
use scenarios::sweep::Experiment;
use sim_core::time::Span;

use crate::voice::Voice;

/// The cluster and its load.
pub fn headline(experiment: &Experiment) -> String {
    let scenario = experiment.points[0].scenario();
    let cluster = &scenario.cluster;
    let system = [
        counted(cluster.zones.len(), "zone"),
        counted(cluster.nodes.iter().filter(|node| !node.spare).count(), "node"),
        counted(scenario.workloads.len(), "workload"),
        counted(scenario.services.len(), "service"),
        counted(scenario.faults.len(), "fault"),
    ];
    format!("Nines {} · scenario {}: {}", env!("CARGO_PKG_VERSION"), scenario.name, system.join(", "))
}

/// Says it before the wait. At a terminal the summary says right below how much is run; elsewhere it is said here.
pub fn announce(experiment: &Experiment, voice: &Voice) {
    voice.announce(&headline(experiment));
    if !std::io::stdout().is_terminal() {
        voice.announce(&extent(experiment));
    }
}

/// Says where the start of a run takes longer than what is left out of the measures for it.
pub fn mention_start_up(experiment: &Experiment, voice: &Voice) {
    let scenario = experiment.points[0].scenario();
    let Some(start) = start_up(scenario, experiment.seed).filter(|start| *start > scenario.warm_up) else {
        return;
    };
    let say = |span: Span| reports::words::duration(span.as_secs_f64());
    voice.note(&format!(
        "the start of a run takes {}, more than its warm-up of {}, and is measured with the rest \
         (scenario.spec.warmUp sets it)",
        say(start),
        say(scenario.warm_up)
    ));
}

/// How much of it is run: factors, design points, repetitions.
pub fn extent(experiment: &Experiment) -> String {
    let span = reports::words::duration(experiment.points[0].scenario().horizon.as_secs_f64());
    let factors =
        experiment.factors.iter().map(|factor| format!("{} {}", factor.label, factor.levels.join(", ")));
    let factors = factors.collect::<Vec<_>>().join(" x ");
    format!(
        "{}{} x {}{} of {span} · seed {}",
        if factors.is_empty() { String::new() } else { format!("{factors} · ") },
        counted(experiment.points.len(), "design point"),
        if experiment.stopping.is_some() { "at most " } else { "" },
        counted(experiment.most_repetitions() as usize, "run"),
        experiment.seed,
    )
}
