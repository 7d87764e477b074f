//! What a sweep's result means: which design points keep the promises, and which of them is the cheapest.

use scenarios::summary::{Estimate, ObjectiveSummary, PointResult, ServiceSummary, SweepResult};

use crate::paint::Tone;
use crate::per::Per;
use crate::{sweep, words};

/// Whether at least one design point keeps every objective of every service; true if nothing was promised.
pub fn objectives_hold(result: &SweepResult) -> bool {
    result.points.is_empty() || result.points.iter().any(|point| point.services.iter().all(keeps_all))
}

/// The cheapest design point at which one service keeps its objectives; none if it has none, or nowhere does.
pub fn cheapest_that_holds(result: &SweepResult, service: usize) -> Option<usize> {
    cheapest(result, |point| holds(&point.services[service]) == Some(true))
}

/// The cheapest design point at which every service keeps its objectives; none if no service has any.
pub fn cheapest_for_all(result: &SweepResult) -> Option<usize> {
    let promised = |point: &PointResult| point.services.iter().any(|s| !s.objectives.is_empty());
    cheapest(result, |point| promised(point) && point.services.iter().all(keeps_all))
}

/// By price, then by the number of pods, then by the order in which the user wrote the levels.
fn cheapest(result: &SweepResult, holds: impl Fn(&PointResult) -> bool) -> Option<usize> {
    let pods = |point: &PointResult| point.workloads.iter().map(|w| w.mean_ready.value).sum::<f64>().round();
    let cost = |&p: &usize| (result.points[p].price_per_hour, pods(&result.points[p]));
    (0..result.points.len()).filter(|&p| holds(&result.points[p])).min_by(|a, b| {
        let ((price_a, pods_a), (price_b, pods_b)) = (cost(a), cost(b));
        price_a.total_cmp(&price_b).then(pods_a.total_cmp(&pods_b)).then(a.cmp(b))
    })
}

/// The point that pictures and explanations turn to: the cheapest that holds, or else the most available.
pub fn point_of_interest(result: &SweepResult, service: usize) -> Option<usize> {
    let availability = |p: usize| result.points[p].services[service].request_availability.value;
    cheapest_that_holds(result, service).or_else(|| {
        (0..result.points.len()).max_by(|&a, &b| availability(a).total_cmp(&availability(b)).then(b.cmp(&a)))
    })
}

/// Whether a service keeps its objectives; none if it has none.
pub fn holds(service: &ServiceSummary) -> Option<bool> {
    (!service.objectives.is_empty()).then(|| keeps_all(service))
}

fn keeps_all(service: &ServiceSummary) -> bool {
    service.objectives.iter().all(|objective| objective.met)
}

/// The promised request availability of a service, if there is one: the strictest.
pub fn request_target(service: &ServiceSummary) -> Option<f64> {
    let targets = service.objectives.iter().filter(|o| o.measure == "request").map(|o| o.target);
    targets.max_by(f64::total_cmp)
}

/// The same, if it is one and the same at every design point.
pub fn common_request_target(result: &SweepResult, service: usize) -> Option<f64> {
    let mut targets = result.points.iter().map(|point| request_target(&point.services[service]));
    let first = targets.next()?;
    first.filter(|_| targets.all(|target| target == first))
}

/// The estimate that an objective speaks of.
pub fn measured(service: &ServiceSummary, measure: &str) -> Estimate {
    match measure {
        "time" => service.time_availability,
        "capacity" => service.capacity_availability,
        _ => service.request_availability,
    }
}

/// Levels of a design point in words: `replicas 3, spread zone`; empty without factors.
pub fn point_name(result: &SweepResult, point: usize) -> String {
    let named = result.factors.iter().zip(&result.points[point].levels);
    let names: Vec<String> = named.map(|(f, &level)| format!("{} {}", f.label, f.levels[level])).collect();
    names.join(", ")
}

/// Levels of a design point where their factors are known: `3, zone`.
pub fn point_levels(result: &SweepResult, point: usize) -> String {
    let named = result.factors.iter().zip(&result.points[point].levels);
    named.map(|(factor, &level)| factor.levels[level].as_str()).collect::<Vec<_>>().join(", ")
}

/// The verdict in sentences, the most important first, each with its tone.
pub fn sentences(result: &SweepResult) -> Vec<(String, Tone)> {
    let mut said = match result.points.as_slice() {
        [] => vec![("Nothing was run.".into(), Tone::Bad)],
        [point] => of_one_point(result, point),
        _ => of_many_points(result),
    };
    said.extend(sweep::stopped(result));
    said
}

/// Sentences about single services that a verdict can hold; the tables say the rest.
const MOST_SENTENCES: usize = 3;

fn of_one_point(result: &SweepResult, point: &PointResult) -> Vec<(String, Tone)> {
    let per = Per::of(result);
    let services = result.services.iter().map(|name| words::name(name)).zip(&point.services);
    let (mut promised, mut free): (Vec<_>, Vec<_>) =
        services.partition(|(_, service)| holds(service).is_some());
    for services in [&mut promised, &mut free] {
        services.sort_by(|a, b| a.1.request_availability.value.total_cmp(&b.1.request_availability.value));
    }
    let missed: Vec<_> = promised.iter().filter(|(_, service)| !keeps_all(service)).collect();
    let mut said = Vec::new();
    if missed.len() > 1 {
        let sentence = format!("{} of {} services miss their objectives.", missed.len(), promised.len());
        said.push((sentence, Tone::Bad));
    }
    let broken = missed.iter().flat_map(|(name, service)| broken(service).map(move |o| (name, service, o)));
    let sentences = broken.map(|(name, service, objective)| missed_sentence(name, service, objective, per));
    said.extend(sentences.take(MOST_SENTENCES).map(|sentence| (sentence, Tone::Bad)));
    match (promised.as_slice(), free.as_slice()) {
        ([], []) => said.push(("No service was measured.".into(), Tone::Plain)),
        ([], free) => said.push((free_sentence(free, per), Tone::Plain)),
        ([(name, service)], _) if missed.is_empty() => said.push((kept_sentence(name, service), Tone::Good)),
        ([worst, ..], _) if missed.is_empty() => {
            said.push((all_kept_sentence(promised.len(), worst, per), Tone::Good))
        }
        _ => {}
    }
    said
}

fn all_kept_sentence(services: usize, (name, worst): &(String, &ServiceSummary), per: Per) -> String {
    format!(
        "All {services} services keep their objectives; the least available is {name}: {}.",
        availability_and_downtime(worst, per)
    )
}

fn broken(service: &ServiceSummary) -> impl Iterator<Item = &ObjectiveSummary> {
    service.objectives.iter().filter(|objective| !objective.met)
}

fn missed_sentence(name: &str, service: &ServiceSummary, objective: &ObjectiveSummary, per: Per) -> String {
    let estimate = measured(service, &objective.measure);
    format!(
        "{name} misses its objective: {} availability {} against {}, {} {} instead of {}{}.",
        objective.measure,
        words::availability_value(&estimate),
        words::target(objective.target),
        words::duration(per.downtime_s(estimate.value)),
        per.words(),
        words::duration(per.downtime_s(objective.target)),
        doubt(estimate, objective.target),
    )
}

fn kept_sentence(name: &str, service: &ServiceSummary) -> String {
    let each = service.objectives.iter().map(|objective| {
        let estimate = measured(service, &objective.measure);
        let kept = words::availability_value(&estimate);
        let (measure, target) = (&objective.measure, words::target(objective.target));
        format!("{measure} availability {kept} against {target}{}", doubt(estimate, objective.target))
    });
    format!("{name} keeps its objective: {}.", each.collect::<Vec<_>>().join(", "))
}

/// Of services without a promise, the least available first.
fn free_sentence(services: &[(String, &ServiceSummary)], per: Per) -> String {
    let (name, worst) = &services[0];
    let said = availability_and_downtime(worst, per);
    match services.len() {
        1 => format!("{name}: request availability {said}; no objective is set."),
        all => format!("No objective is set. The least available of {all} services is {name}: {said}."),
    }
}

/// `99.9954%, 24 min of downtime a year`.
fn availability_and_downtime(service: &ServiceSummary, per: Per) -> String {
    format!("{}, {}", words::availability_value(&service.request_availability), downtime(service, per))
}

fn downtime(service: &ServiceSummary, per: Per) -> String {
    let seconds = per.of_annual(service.annual_downtime_s.value);
    format!("{} of downtime {}", words::duration(seconds), per.words())
}

/// A verdict that the interval does not bear out is not sold as one that it does.
fn doubt(estimate: Estimate, target: f64) -> &'static str {
    if estimate.low < target && target < estimate.high {
        " (too close to call: the objective lies in the interval)"
    } else {
        ""
    }
}

fn of_many_points(result: &SweepResult) -> Vec<(String, Tone)> {
    let promised = |&s: &usize| result.points.iter().any(|point| holds(&point.services[s]).is_some());
    let services: Vec<usize> = (0..result.services.len()).filter(promised).collect();
    let mut said: Vec<(String, Tone)> = Vec::new();
    if services.len() > 1 {
        said.push(for_all(result, services.len()));
    }
    said.extend(services.iter().take(MOST_SENTENCES).map(|&service| for_one(result, service)));
    if services.is_empty() {
        said.extend((0..result.services.len()).take(1).filter_map(|service| most_available(result, service)));
    }
    said
}

fn for_all(result: &SweepResult, services: usize) -> (String, Tone) {
    match cheapest_for_all(result) {
        Some(point) => {
            let name = point_name(result, point);
            (
                format!(
                    "All {services} services keep their objectives at: {name} (the cheapest that holds)."
                ),
                Tone::Good,
            )
        }
        None => (format!("No design point keeps the objectives of all {services} services."), Tone::Bad),
    }
}

fn for_one(result: &SweepResult, service: usize) -> (String, Tone) {
    let name = words::name(&result.services[service]);
    let promise = promise(result, service);
    let all = result.points.len();
    let holding = result.points.iter().filter(|point| holds(&point.services[service]) == Some(true)).count();
    let Some(cheapest) = cheapest_that_holds(result, service) else {
        let best = point_of_interest(result, service).map(|point| closest(result, service, point));
        return (
            format!("{name}: none of {all} design points keeps {promise}. {}", best.unwrap_or_default()),
            Tone::Bad,
        );
    };
    let summary = &result.points[cheapest].services[service];
    let unsure = summary.objectives.iter().map(|o| doubt(measured(summary, &o.measure), o.target));
    let sentence = format!(
        "{name}: {holding} of {all} design points keep {promise}; the cheapest is {}, with {}{}.",
        point_name(result, cheapest),
        downtime(summary, Per::of(result)),
        unsure.max_by_key(|text| text.len()).unwrap_or_default(),
    );
    (sentence, Tone::Good)
}

/// `99.95%` where that is all that was promised, at every design point.
fn promise(result: &SweepResult, service: usize) -> String {
    let only = result.points.iter().all(|point| point.services[service].objectives.len() == 1);
    let target = common_request_target(result, service).filter(|_| only);
    target.map_or("the objectives".into(), words::target)
}

fn closest(result: &SweepResult, service: usize, point: usize) -> String {
    let best = &result.points[point].services[service];
    let said = availability_and_downtime(best, Per::of(result));
    format!("The best is {}: {said}.", point_name(result, point))
}

fn most_available(result: &SweepResult, service: usize) -> Option<(String, Tone)> {
    let best = closest(result, service, point_of_interest(result, service)?);
    Some((format!("{}: no objective is set. {best}", words::name(&result.services[service])), Tone::Plain))
}
