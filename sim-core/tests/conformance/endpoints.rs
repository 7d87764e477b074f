//! Conditions of endpoints, and which of them a proxy sends to.

use serde_json::{Value, json};
use sim_core::agents::endpoint_choice::{Hint, Seen, for_cluster, for_local};
use sim_core::ids::{NodeId, PodId};
use sim_core::world::api::Endpoint;

use crate::Answer;
use crate::common::{ZONE, add_node, scenario};
use crate::fields::{flag, list, word};

pub fn answer(case: &Value) -> Answer {
    match word(case, "fn") {
        "conditions" => Some(conditions(case)),
        "usable_endpoints" => Some(usable(case)),
        _ => None,
    }
}

fn conditions(case: &Value) -> Value {
    let pod = PodId { slot: 0, generation: 0 };
    let publish = flag(case, "publishNotReadyAddresses");
    let (ready, terminating) = (flag(case, "pod_ready"), flag(case, "pod_terminating"));
    let endpoint = Endpoint::new(pod, NodeId(0), ready, terminating, publish);
    json!({ "expect": {
        "ready": endpoint.ready,
        "serving": endpoint.serving,
        "terminating": endpoint.terminating,
        "zone": zone(case["node_zone"].as_str()),
    }})
}

/// The zone of an endpoint is its node's label.
fn zone(label: Option<&str>) -> Option<String> {
    let mut scenario = scenario();
    add_node(&mut scenario, "node", label.map(|zone| (ZONE, zone)));
    scenario.cluster.nodes[0].labels.get(ZONE).map(str::to_owned)
}

fn usable(case: &Value) -> Value {
    let endpoints = list(case, "endpoints");
    let see = |endpoint: &Value| Seen {
        ready: flag(endpoint, "ready"),
        serves_while_terminating: flag(endpoint, "serving") && flag(endpoint, "terminating"),
        is_local: flag(endpoint, "local"),
        node_hint: hint(list(endpoint, "nodes"), &case["node_name"]),
        zone_hint: hint(list(endpoint, "zones"), &case["node_zone"]),
    };
    let names =
        |chosen: Vec<&Value>| chosen.iter().map(|endpoint| endpoint["name"].clone()).collect::<Vec<_>>();
    let (cluster, local) = (flag(case, "uses_cluster_policy"), flag(case, "uses_local_policy"));
    json!({
        "expect_cluster": cluster.then(|| names(for_cluster(endpoints, see).collect())),
        "expect_local": local.then(|| names(for_local(endpoints, see).collect())),
    })
}

fn hint(hints: &[Value], own: &Value) -> Hint {
    match hints {
        [] => Hint::None,
        _ if hints.contains(own) => Hint::Here,
        _ => Hint::Elsewhere,
    }
}
