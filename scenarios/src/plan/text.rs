//! A plan as text for people.

use std::fmt::{self, Display, Formatter};

use super::{Domain, FaultPlan, Plan, ServicePlan, SinglePoint};

/// Names shown of a longer list.
const NAMES: usize = 4;

impl Display for Plan {
    fn fmt(&self, out: &mut Formatter) -> fmt::Result {
        writeln!(out, "Blast radius")?;
        self.domains.iter().try_for_each(|domain| writeln!(out, "  {}", self.domain(domain)))?;
        writeln!(out, "Services")?;
        self.services.iter().try_for_each(|service| writeln!(out, "  {}", service_line(service)))?;
        self.single_points(out)?;
        writeln!(out, "Faults to expect")?;
        self.faults.iter().try_for_each(|fault| writeln!(out, "  {}", fault_line(fault)))?;
        self.cycles.iter().try_for_each(|cycle| {
            writeln!(
                out,
                "Cycle: {} need each other, so none of them can start or recover alone",
                cycle.join(", ")
            )
        })
    }
}

impl Plan {
    fn domain(&self, domain: &Domain) -> String {
        let name =
            format!("{} {}", domain.kind, if domain.name.is_empty() { "(unlabelled)" } else { &domain.name });
        let stops = match domain.stops.len() {
            0 => "stops no service for good".to_owned(),
            n if n == self.services.len() => "stops every service".to_owned(),
            _ => format!("stops {}", list(&domain.stops)),
        };
        let nodes = format!("{} of {} nodes", domain.nodes, self.nodes);
        format!("{name:<24} {nodes:<16} {:>4.0}% of CPU   {stops}", 100.0 * domain.cpu_share)
    }

    fn single_points(&self, out: &mut Formatter) -> fmt::Result {
        let found: Vec<&ServicePlan> = self.services.iter().filter(|s| !s.single_points.is_empty()).collect();
        if found.is_empty() {
            return writeln!(out, "Single points of failure: none below the whole cluster");
        }
        writeln!(out, "Single points of failure")?;
        found.iter().try_for_each(|service| {
            let points: Vec<String> = service.single_points.iter().map(point).collect();
            writeln!(out, "  {:<24} {}", service.name, list(&points))
        })
    }
}

fn service_line(service: &ServicePlan) -> String {
    let replicas =
        format!("{} {}", service.replicas, if service.replicas == 1 { "replica" } else { "replicas" });
    let apart = match (service.replicas, &service.forced_apart_over[..]) {
        (0 | 1, _) => String::new(),
        (_, []) => ", kept apart by preference only".to_owned(),
        (_, keys) => format!(", forced apart over {}", list(keys)),
    };
    let mut line = format!("{:<24} {replicas:<12} on {} possible nodes{apart}", service.name, service.hosts);
    if !service.needs.is_empty() {
        line += &format!("; needs {}", list(&service.needs));
    }
    if !service.needed_by.is_empty() {
        line += &format!("; needed by {}", list(&service.needed_by));
    }
    line
}

fn fault_line(fault: &FaultPlan) -> String {
    let often = match fault.per_year {
        Some(rate) => format!("{rate:.1} a year"),
        None => format!("{} at fixed moments", fault.scheduled),
    };
    format!("{:<24} on {:<14} {often}", fault.name, fault.targets)
}

fn point(point: &SinglePoint) -> String {
    match &point.through {
        Some(service) => format!("{} (through {service})", point.what),
        None => point.what.clone(),
    }
}

fn list(names: &[String]) -> String {
    let shown = names.iter().take(NAMES).map(String::as_str).collect::<Vec<_>>().join(", ");
    if names.len() > NAMES { format!("{shown} and {} more", names.len() - NAMES) } else { shown }
}
