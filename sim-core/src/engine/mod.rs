//! The engine: it wakes processes in order of time, carries their requests to the API and its changes to whom they
//! concern. Rules of Kubernetes are elsewhere.

pub mod agenda;
mod api_changes;
mod arrivals;
mod autoscaling;
mod beginning;
mod control_plane;
mod digest;
mod disruptions;
mod ending;
mod failover;
mod gate;
mod jobs;
mod narrate;
mod narrate_control_plane;
mod narrate_disruption;
mod narrate_jobs;
mod narrate_physical;
mod node_scaling;
mod node_wakes;
mod own_pods;
mod physical_changes;
mod preempting;
mod programming;
mod readings;
mod refusing;
mod sim;
mod striking;
mod timers;
mod unread;
mod wake;
mod wakes;
mod workload_readings;

pub use agenda::{Agenda, Slot};
pub use sim::Sim;

use crate::model::{Model, Seed};
use crate::observers::timeline::{Recorder, Silent};
use crate::outcome::{Outcome, Recording};

/// Runs the model once.
pub fn run(model: &Model, seed: Seed) -> Outcome {
    Sim::new(model, seed, Silent).run().0
}

/// Runs the model once and tells everything.
pub fn record(model: &Model, seed: Seed) -> Recording {
    let (outcome, recorder) = Sim::new(model, seed, Recorder::default()).run();
    Recording { outcome, timeline: recorder.entries, samples: recorder.samples, replicas: recorder.replicas }
}
