//! Pictures: one file per chart, all drawn by plotters as SVG. A chart says in its title what it shows, names its
//! lines directly, draws intervals and objectives, and stays sensible when there is little or nothing to draw.

mod availability;
mod axis;
mod canvas;
mod direct;
mod downtime;
mod heatmap;
mod lanes;
mod outages;
mod palette;
mod pods;
mod services;
mod slice;

use std::io;

use scenarios::summary::SweepResult;
use sim_core::ids::ServiceId;
use sim_core::outcome::Recording;
use sim_core::time::{Instant, Span};

pub use canvas::FONT;

use crate::group::{Group, groups, plain_name};
use crate::labels::RunLabels;
use crate::story;

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

/// Services that get pictures; the files have all.
pub const MOST_SERVICES: usize = 6;

/// All pictures of a sweep.
pub fn of_sweep(result: &SweepResult) -> io::Result<Vec<Chart>> {
    let mut charts = Vec::new();
    if result.points.is_empty() {
        return Ok(charts);
    }
    for group in groups(result).iter().take(MOST_SERVICES) {
        charts.extend(of_group(result, group)?);
    }
    Ok(charts)
}

fn of_group(result: &SweepResult, group: &Group) -> io::Result<Vec<Chart>> {
    let mut charts: Vec<Chart> = Vec::new();
    charts.extend(availability::chart(result, group)?);
    charts.extend(services::chart(result, group)?);
    charts.extend(heatmap::chart(result, group)?);
    charts.push(downtime::chart(result, group)?);
    charts.push(outages::chart(result, group)?);
    Ok(charts)
}

/// All pictures of a run: the longest outage of each service that had one, and the whole run.
pub fn of_run(labels: &RunLabels, recording: &Recording) -> io::Result<Vec<Chart>> {
    let mut charts = Vec::new();
    for service in (0..labels.services.len().min(MOST_SERVICES)).map(ServiceId::from) {
        let slug = match labels.services.len() {
            1 => String::new(),
            _ => format!("-{}", plain_name(labels.service(service))),
        };
        for window in windows(recording, service) {
            charts.push(pods::chart(labels, recording, service, &slug, &window)?);
        }
    }
    Ok(charts)
}

fn windows(recording: &Recording, service: ServiceId) -> Vec<pods::Window> {
    let last = recording.samples.iter().map(|sample| sample.at).max().unwrap_or(Instant::ZERO);
    let end = last.max(Instant::ZERO + recording.outcome.measured).max(Instant::ZERO + Span::secs(1));
    let whole = pods::Window {
        from: Instant::ZERO,
        to: end,
        origin: Instant::ZERO,
        origin_is: "start of the run",
        title: "the whole run".into(),
        stem: "run",
    };
    let outages = recording.outcome.services.get(service.index()).map(|outcome| outcome.outages.as_slice());
    let longest = outages.and_then(|outages| outages.iter().max_by_key(|outage| outage.duration()));
    let around = longest.map(|outage| {
        let margin = Span((outage.duration() / 4).0.max(Span::secs(20).0));
        pods::Window {
            from: Instant(outage.start.0.saturating_sub(margin.0)),
            to: (outage.end + margin).min(end.max(outage.end)),
            origin: outage.start,
            origin_is: "onset of the outage",
            title: format!("the longest outage, {}", story::moment(outage.start)),
            stem: "outage",
        }
    });
    around.into_iter().chain([whole]).collect()
}
