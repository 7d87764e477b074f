//! Pictures: one file per chart, all drawn by plotters as SVG. A chart says in its title what it shows, names its
//! lines directly, draws intervals and objectives, and stays sensible when there is little or nothing to draw.

mod availability;
mod axis;
mod canvas;
mod differences;
mod direct;
mod downtime;
mod fit;
mod heatmap;
mod lanes;
mod outages;
mod palette;
mod pods;
mod ratio;
mod screening;
mod services;
mod slice;
mod spell;
mod tornado;
mod window;

use std::io;

use rayon::prelude::*;
use scenarios::compare::Comparison;
use scenarios::sensitivity::Sensitivity;
use scenarios::summary::SweepResult;
use sim_core::ids::ServiceId;
use sim_core::outcome::Recording;

pub use canvas::FONT;
pub use fit::chart as of_fit;
use window::Window;

use crate::group::{Group, groups, plain_name};
use crate::labels::RunLabels;

/// A picture.
#[derive(Clone, Debug)]
pub struct Chart {
    /// Name of its files, without extension.
    pub name: String,
    /// Slug of the group that it belongs to.
    pub group: String,
    /// What it shows.
    pub title: String,
    /// How to read it.
    pub subtitle: String,
    /// The picture: an SVG document.
    pub svg: String,
}

impl Chart {
    fn new(stem: &str, slug: &str, title: String, subtitle: String, svg: String) -> Chart {
        Chart { name: format!("{stem}{slug}"), group: slug.to_owned(), title, subtitle, svg }
    }
}

/// Name of the picture of the replica ratio over a run.
pub const RATIO_CHART: &str = "run-replica-ratio";

/// Services that get pictures; the files have all.
pub const MOST_SERVICES: usize = 6;

/// All pictures of a sweep.
pub fn of_sweep(result: &SweepResult) -> io::Result<Vec<Chart>> {
    if result.points.is_empty() {
        return Ok(Vec::new());
    }
    let groups = groups(result);
    let of_group = |group| KINDS.iter().map(move |kind| (group, kind));
    let wanted: Vec<(&Group, &Kind)> = groups.iter().take(MOST_SERVICES).flat_map(of_group).collect();
    let drawn = wanted.par_iter().map(|(group, kind)| kind(result, group));
    let drawn: Vec<Option<Chart>> = drawn.collect::<io::Result<_>>()?;
    Ok(drawn.into_iter().flatten().collect())
}

/// A kind of picture of a group; none where it would show nothing.
type Kind = fn(&SweepResult, &Group) -> io::Result<Option<Chart>>;

const KINDS: [Kind; 5] = [
    availability::chart,
    services::chart,
    heatmap::chart,
    |result, group| downtime::chart(result, group).map(Some),
    |result, group| outages::chart(result, group).map(Some),
];

/// The picture of a comparison.
pub fn of_comparison(comparison: &Comparison) -> io::Result<Chart> {
    differences::chart(comparison)
}

/// The pictures of a study of sensitivity.
pub fn of_sensitivity(found: &Sensitivity) -> io::Result<Vec<Chart>> {
    Ok([tornado::chart(found)?, screening::chart(found)?].into_iter().flatten().collect())
}

/// All pictures of a run: the longest outage of each service that had one, the whole run, and the replica ratio.
pub fn of_run(labels: &RunLabels, recording: &Recording) -> io::Result<Vec<Chart>> {
    let services = (0..labels.services.len().min(MOST_SERVICES)).map(ServiceId::from);
    let windows = services.flat_map(|service| {
        let outage = Window::longest_outage(labels, recording, service);
        outage.into_iter().chain([Window::whole(labels, recording)]).map(move |window| (service, window))
    });
    let windows: Vec<(ServiceId, Window)> = windows.collect();
    let drawn = windows
        .par_iter()
        .map(|(service, window)| pods::chart(labels, recording, *service, &slug(labels, *service), window));
    let mut charts: Vec<Chart> = drawn.collect::<io::Result<_>>()?;
    charts.extend(ratio::chart(labels, recording)?);
    Ok(charts)
}

fn slug(labels: &RunLabels, service: ServiceId) -> String {
    match labels.services.len() {
        1 => String::new(),
        _ => format!("-{}", plain_name(labels.service(service))),
    }
}
