//! Failure models of a scenario file: common causes, groups, presets, samples and traces.

use scenarios::diagnostic::human;
use scenarios::{Input, Loaded, Options, load};
use sim_core::spec::*;
use sim_core::time::{Instant, Span};

const DEPLOYMENT: &str = include_str!("../catalog/deployment.yaml");

fn web() -> Input {
    Input::Text { name: "deployment.yaml".to_owned(), text: DEPLOYMENT.to_owned() }
}

fn compiled(loaded: &Loaded) -> Scenario {
    loaded.scenario(&[]).unwrap_or_else(|problems| panic!("{}", human(&problems, false))).scenario
}

fn compile(spec: &str) -> Scenario {
    let text =
        format!("apiVersion: nines.dev/v1alpha1\nkind: Scenario\nmetadata: {{name: t}}\nspec:\n{spec}");
    let scenario = Input::Text { name: "test.yaml".to_owned(), text };
    compiled(&load(&[web(), scenario], &[], Options::default()))
}

#[test]
fn common_causes_take_their_share_of_the_failures() {
    let scenario = compile(
        "  topology: {racks: [{name: r1, zone: a}, {name: r2, zone: b}]}
  nodePools: [{name: x, count: 4, zones: [a, b]}]
  faults:
    - name: crash
      kind: machineCrash
      timeToFailure: {exponential: {mean: 100d}}
      timeToRepair: 1h
      initially: stationary
      commonCause: {beta: 20%, within: rack}
      bursts: {share: 30%, window: 2m, sizes: [{nodes: 2, weight: 1}, {nodes: 9, weight: 1}]}
",
    );
    let faults = &scenario.faults;
    let names: Vec<&str> = faults.iter().map(|fault| fault.name.as_str()).collect();
    assert_eq!(names, ["crash", "crash (common cause)", "crash (bursts)"]);
    let mean_days = |index: usize| {
        let FaultTiming::Stochastic { time_to_failure, initially, .. } = &faults[index].timing else {
            panic!()
        };
        assert_eq!(*initially, Initially::Stationary);
        (time_to_failure.mean().as_hours_f64() / 24.0).round()
    };
    assert_eq!((mean_days(0), mean_days(1)), (200.0, 500.0));
    let FaultKind::Shock(common) = &faults[1].kind else { panic!() };
    let groups: Vec<_> = common.groups.iter().map(|group| (group.name.as_str(), group.nodes.len())).collect();
    assert_eq!((groups, common.sizes.len()), (vec![("r1", 2), ("r2", 2)], 0));
    // A burst strikes three of four on average, so one in 250 days is 30% of four failures in 100 days.
    assert_eq!(mean_days(2), 250.0);
    let FaultKind::Shock(bursts) = &faults[2].kind else { panic!() };
    assert_eq!((bursts.sizes.as_slice(), bursts.window), ([(2, 1.0), (4, 1.0)].as_slice(), Span::mins(2)));
}

#[test]
fn groups_are_what_nodes_have_in_common() {
    let scenario = compile(
        "  nodePools: [{name: x, count: 2, zones: [a, b], labels: {feed: f1}}, {name: y, count: 2, labels: {feed: f2}}]
  faults:
    - {name: pool, kind: groupOutage, groupBy: pool, every: 30d, duration: 1h}
    - {name: feed, kind: groupOutage, groupBy: feed, every: 30d, duration: 1h, targets: {groups: [f2]}}
    - {name: zone, kind: groupOutage, groupBy: zone, every: 30d, duration: 1h, targets: {pools: [x]}}
    - {name: region, kind: regionOutage, every: 30d, duration: 1h}
",
    );
    let names = |index: usize| match &scenario.faults[index].kind {
        FaultKind::GroupOutage(groups) => groups.iter().map(|group| group.name.clone()).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    assert_eq!(
        (names(0), names(1), names(2)),
        (vec!["x".into(), "y".into()], vec!["f2".into()], vec!["a".into(), "b".into()])
    );
    assert!(matches!(&scenario.faults[3].kind, FaultKind::RegionOutage(regions) if regions.len() == 1));
}

#[test]
fn presets_stand_for_their_faults() {
    let scenario = compile(
        "  faults:
    - preset: hpc-lanl
    - preset: zone
",
    );
    let names: Vec<&str> = scenario.faults.iter().map(|fault| fault.name.as_str()).collect();
    assert_eq!(names, ["node-crash", "node-crash (bursts)", "zone-outage"]);
}

/// Every preset compiles for any cluster; what a cluster has not is left out with a note.
#[test]
fn every_preset_can_be_used() {
    for preset in scenarios::presets::ALL {
        let scenario = compile(&format!("  faults: [{{preset: {}}}]\n", preset.name));
        assert!(!scenario.faults.is_empty(), "{}", preset.name);
    }
}

#[test]
fn samples_and_traces_come_from_files() {
    let folder = std::env::temp_dir().join(format!("nines-files-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).unwrap();
    write("repairs.csv", "repair\n60\n2m\n");
    write("trace.csv", "entity,down,up\nb,10,20\na,15,30\nb,4000,5000\n");
    write(
        "scenario.yaml",
        "apiVersion: nines.dev/v1alpha1
kind: Scenario
metadata: {name: files}
spec:
  horizon: 2h
  nodePools: [{name: n, count: 3}]
  faults:
    - {name: crash, kind: machineCrash, timeToFailure: {exponential: {median: 1d}}, timeToRepair: {empirical: {file: repairs.csv}}}
    - {name: past, kind: machineCrash, trace: {file: trace.csv, from: '12', assign: order}}
",
    );
    let inputs = [Input::from(folder.join("scenario.yaml").to_str().unwrap()), web()];
    let loaded = load(&inputs, &[], Options::default());
    let hash = loaded.input_hash.clone();
    let scenario = compiled(&loaded);
    let FaultTiming::Stochastic { time_to_repair, .. } = &scenario.faults[0].timing else { panic!() };
    assert_eq!(*time_to_repair, Distribution::Empirical(vec![Span::mins(1), Span::mins(2)]));
    let at = |secs: u64| Instant(Span::secs(secs).0);
    let down = |from: u64, until: u64| Downtime { from: at(from), until: at(until) };
    let FaultTiming::Replayed(histories) = &scenario.faults[1].timing else { panic!() };
    assert_eq!(*histories, [vec![down(0, 8), down(3988, 4988)], vec![down(3, 18)], vec![]]);
    write("trace.csv", "entity,down,up\nb,10,21\n");
    assert_ne!(load(&inputs, &[], Options::default()).input_hash, hash, "files belong to the input");
    std::fs::remove_dir_all(folder).unwrap();
}
