//! What StatefulSets and DaemonSets mean to the model, with the defaults of the API server.

use scenarios::diagnostic::human;
use scenarios::{Input, Options, load};
use sim_core::spec::*;

fn compile(text: &str) -> Scenario {
    let loaded =
        load(&[Input::Text { name: "test.yaml".to_owned(), text: text.to_owned() }], &[], Options::default());
    loaded.scenario(&[]).unwrap_or_else(|problems| panic!("{}", human(&problems, false))).scenario
}

/// A StatefulSet or DaemonSet `db` with these lines below its spec.
fn set(kind: &str, lines: &str) -> String {
    format!(
        "apiVersion: apps/v1
kind: {kind}
metadata: {{name: db}}
spec:
  selector: {{matchLabels: {{app: db}}}}
{lines}  template:
    metadata: {{labels: {{app: db}}}}
    spec:
      containers: [{{name: db, image: 'db:1'}}]
"
    )
}

fn stateful_set(lines: &str) -> StatefulSetSpec {
    match compile(&set("StatefulSet", lines)).workloads.remove(0).kind {
        WorkloadKind::StatefulSet(spec) => spec,
        other => panic!("{other:?}"),
    }
}

#[test]
fn defaults_of_a_stateful_set_are_those_of_the_api_server() {
    let expected = StatefulSetSpec {
        management: PodManagement::OrderedReady,
        update: StatefulSetUpdate::RollingUpdate {
            partition: Some(0),
            max_unavailable: Some(IntOrPercent::Int(1)),
        },
        start: 0,
        volume: None,
    };
    assert_eq!(stateful_set(""), expected);
}

#[test]
fn a_stateful_set_is_read_as_it_is_written() {
    let spec = stateful_set(
        "  podManagementPolicy: Parallel
  ordinals: {start: 3}
  updateStrategy: {rollingUpdate: {partition: 2, maxUnavailable: 30%}}
",
    );
    let max_unavailable = Some(IntOrPercent::Percent(30));
    assert_eq!((spec.management, spec.start), (PodManagement::Parallel, 3));
    assert_eq!(spec.update, StatefulSetUpdate::RollingUpdate { partition: Some(2), max_unavailable });
    assert_eq!(stateful_set("  updateStrategy: {type: OnDelete}\n").update, StatefulSetUpdate::OnDelete);
}

/// The volumes of a pod are where the most confined of them is; those that many nodes share are anywhere.
#[test]
fn volumes_reach_as_far_as_their_storage_class_says() {
    let claim = |class: &str, mode: &str| {
        format!(
            "    - {{metadata: {{name: d}}, spec: {{storageClassName: {class}, accessModes: [{mode}]}}}}\n"
        )
    };
    let reach = |claims: &[String]| {
        let scenario = "---
apiVersion: nines.dev/v1alpha1
kind: Scenario
spec: {storageClasses: [{name: local, reach: node}, {name: replicated, reach: region}]}
";
        let set = set("StatefulSet", &format!("  volumeClaimTemplates:\n{}", claims.concat()));
        match &compile(&format!("{set}{scenario}")).workloads[0].kind {
            WorkloadKind::StatefulSet(spec) => spec.volume,
            other => panic!("{other:?}"),
        }
    };
    let (block, local) = (claim("ssd", "ReadWriteOnce"), claim("local", "ReadWriteOnce"));
    let (replicated, shared) = (claim("replicated", "ReadWriteOnce"), claim("files", "ReadWriteMany"));
    assert_eq!(reach(std::slice::from_ref(&block)), Some(VolumeReach::Zone));
    assert_eq!(reach(std::slice::from_ref(&shared)), None);
    assert_eq!(reach(&[shared, replicated.clone()]), Some(VolumeReach::Region));
    assert_eq!(reach(&[replicated, block, local]), Some(VolumeReach::Node));
}

#[test]
fn a_daemon_set_tolerates_what_its_controller_adds() {
    let scenario = compile(&set("DaemonSet", ""));
    let update = DaemonSetUpdate::RollingUpdate {
        max_surge: IntOrPercent::Int(0),
        max_unavailable: IntOrPercent::Int(1),
    };
    assert_eq!(scenario.workloads[0].kind, WorkloadKind::DaemonSet(DaemonSetSpec { update }));
    assert_eq!(scenario.workloads[0].replicas as usize, scenario.cluster.nodes.len());
    let tolerations = &scenario.templates[0].tolerations;
    let added =
        ["not-ready", "unreachable", "disk-pressure", "memory-pressure", "pid-pressure", "unschedulable"];
    let keys: Vec<_> = tolerations.iter().filter_map(|toleration| toleration.key.as_deref()).collect();
    assert_eq!(keys, added.map(|key| format!("node.kubernetes.io/{key}")));
    assert!(tolerations.iter().all(|toleration| toleration.seconds.is_none() && toleration.value.is_none()));
}
