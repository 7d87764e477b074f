//! What stands together in one table or chart: the design points of one service, or, where nothing was varied,
//! all services.

use scenarios::summary::{PointResult, ServiceSummary, SweepResult};

use crate::{verdict, words};

/// Lanes that are compared with each other.
#[derive(Clone, Debug)]
pub struct Group<'a> {
    /// The service, or "All services".
    pub title: String,
    /// Suffix of file names, empty if there is only one group.
    pub slug: String,
    /// What a lane is: "design point" or "service".
    pub lane_is: &'static str,
    /// The service, if the lanes are its design points.
    pub service: Option<usize>,
    /// At least one, unless nothing was run.
    pub lanes: Vec<Lane<'a>>,
}

/// One service at one design point.
#[derive(Clone, Debug)]
pub struct Lane<'a> {
    /// Its name among the lanes of its group: `3, zone`.
    pub label: String,
    /// Its name on its own: `replicas 3, spread zone`.
    pub name: String,
    /// Index of the service.
    pub service: usize,
    /// Index of the design point.
    pub point: usize,
    /// The design point.
    pub result: &'a PointResult,
    /// The service there.
    pub summary: &'a ServiceSummary,
    /// Whether it is the cheapest that keeps its objectives.
    pub cheapest: bool,
}

/// The groups of a result, those with objectives first.
pub fn groups(result: &SweepResult) -> Vec<Group<'_>> {
    if result.points.len() == 1 && result.services.len() > 1 {
        return vec![of_services(result)];
    }
    let mut groups: Vec<Group> =
        (0..result.services.len()).map(|service| of_points(result, service)).collect();
    groups.sort_by_key(|group| group.lanes.iter().all(|lane| lane.summary.objectives.is_empty()));
    groups
}

fn of_services(result: &SweepResult) -> Group<'_> {
    let lanes =
        (0..result.services.len()).map(|s| lane(result, s, 0, words::name(&result.services[s]), None));
    Group {
        title: "All services".into(),
        slug: String::new(),
        lane_is: "service",
        service: None,
        lanes: lanes.collect(),
    }
}

fn of_points(result: &SweepResult, service: usize) -> Group<'_> {
    let several = result.points.len() > 1;
    let cheapest = verdict::cheapest_that_holds(result, service).filter(|_| several);
    let lanes = (0..result.points.len()).map(|point| {
        let label = verdict::point_levels(result, point);
        let label = if label.is_empty() { words::name(&result.services[service]) } else { label };
        lane(result, service, point, label, cheapest)
    });
    Group {
        title: words::name(&result.services[service]),
        slug: slug(result, service),
        lane_is: "design point",
        service: Some(service),
        lanes: lanes.collect(),
    }
}

fn lane(
    result: &SweepResult,
    service: usize,
    point: usize,
    label: String,
    cheapest: Option<usize>,
) -> Lane<'_> {
    let there = &result.points[point];
    let summary = &there.services[service];
    let name = match verdict::point_name(result, point) {
        unnamed if unnamed.is_empty() => label.clone(),
        name => name,
    };
    Lane { label, name, service, point, result: there, summary, cheapest: cheapest == Some(point) }
}

/// `-default-web`; unique, and safe in every file system.
fn slug(result: &SweepResult, service: usize) -> String {
    if result.services.len() == 1 {
        return String::new();
    }
    let plain = plain_name(&result.services[service]);
    let clash = result.services[..service].iter().any(|other| plain_name(other) == plain);
    if clash { format!("-{plain}-{service}") } else { format!("-{plain}") }
}

/// Letters, digits and dashes only.
pub fn plain_name(name: &str) -> String {
    name.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '-' }).collect()
}
