//! Failure domains by name: regions, zones and racks come into being where they are first mentioned.

use sim_core::ids::{RackId, RegionId, ZoneId};
use sim_core::spec::{Labels, Rack, Zone};

use super::report::Report;
use crate::scenario_file::Topology;

/// Node label that names the rack; Kubernetes has none of its own.
pub(crate) const RACK_LABEL: &str = "topology.nines.dev/rack";

pub(crate) const ZONE_LABEL: &str = "topology.kubernetes.io/zone";
pub(crate) const REGION_LABEL: &str = "topology.kubernetes.io/region";

/// Labels of before Kubernetes 1.17, still found on nodes.
const OLD_ZONE_LABEL: &str = "failure-domain.beta.kubernetes.io/zone";
const OLD_REGION_LABEL: &str = "failure-domain.beta.kubernetes.io/region";

/// All failure domains so far.
#[derive(Debug, Default)]
pub(crate) struct Domains {
    pub regions: Vec<String>,
    pub zones: Vec<Zone>,
    pub racks: Vec<Rack>,
}

impl Domains {
    /// The domains that the scenario names.
    pub(super) fn of_topology(topology: &Topology, report: &mut Report) -> Domains {
        report.check_unique("topology.zones", "zones", topology.zones.iter().map(|zone| zone.name.as_str()));
        report.check_unique("topology.racks", "racks", topology.racks.iter().map(|rack| rack.name.as_str()));
        let mut domains = Domains::default();
        for zone in &topology.zones {
            domains.zone(&zone.name, zone.region.as_deref());
        }
        for rack in &topology.racks {
            let zone = domains.zone(&rack.zone, None);
            domains.rack(&rack.name, zone);
        }
        domains
    }

    /// The zone of this name; a new one stands in the given region, or in the first there is.
    pub fn zone(&mut self, name: &str, region: Option<&str>) -> ZoneId {
        let known = self.zones.iter().position(|zone| zone.name == name);
        ZoneId::from(known.unwrap_or_else(|| {
            let region = self.region(region);
            self.zones.push(Zone { name: name.to_owned(), region });
            self.zones.len() - 1
        }))
    }

    /// The zone that a node's labels name; nodes without such a label share one without a name.
    pub fn zone_of_labels(&mut self, labels: &Labels) -> ZoneId {
        let zone = labels.get(ZONE_LABEL).or(labels.get(OLD_ZONE_LABEL)).unwrap_or_default();
        let region = labels.get(REGION_LABEL).or(labels.get(OLD_REGION_LABEL));
        self.zone(zone, region)
    }

    /// The rack of this name.
    pub fn rack(&mut self, name: &str, zone: ZoneId) -> RackId {
        let known = self.racks.iter().position(|rack| rack.name == name);
        RackId::from(known.unwrap_or_else(|| {
            self.racks.push(Rack { name: name.to_owned(), zone });
            self.racks.len() - 1
        }))
    }

    fn region(&mut self, name: Option<&str>) -> RegionId {
        let name = name.or(self.regions.first().map(String::as_str)).unwrap_or("region").to_owned();
        let known = self.regions.iter().position(|region| *region == name);
        RegionId::from(known.unwrap_or_else(|| {
            self.regions.push(name);
            self.regions.len() - 1
        }))
    }
}
