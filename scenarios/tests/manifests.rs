//! What manifests mean to the model, with upstream's defaults and admission applied.

use scenarios::diagnostic::human;
use scenarios::{Input, Options, load};
use sim_core::spec::*;
use sim_core::time::Span;

fn compile(text: &str) -> Scenario {
    let loaded =
        load(&[Input::Text { name: "test.yaml".to_owned(), text: text.to_owned() }], &[], Options::default());
    loaded.scenario(&[]).unwrap_or_else(|problems| panic!("{}", human(&problems, false))).scenario
}

/// A Deployment whose pod spec has further fields, indented by six.
fn deployment(pod_spec: &str) -> String {
    format!(
        "apiVersion: apps/v1
kind: Deployment
metadata: {{name: web, namespace: shop}}
spec:
  selector: {{matchLabels: {{app: web}}}}
  template:
    metadata: {{labels: {{app: web, tier: front}}}}
    spec:
{pod_spec}"
    )
}

fn template(pod_spec: &str) -> PodTemplate {
    compile(&deployment(pod_spec)).templates.remove(0)
}

const PLAIN: &str = "      containers: [{name: web, image: 'web:1.0'}]\n";

#[test]
fn defaults_of_a_deployment_are_those_of_the_api_server() {
    let scenario = compile(&deployment(PLAIN));
    let workload = &scenario.workloads[0];
    assert_eq!((workload.replicas, workload.min_ready, workload.namespace.as_str()), (1, Span::ZERO, "shop"));
    let quarter = IntOrPercent::Percent(25);
    let expected = DeploymentSpec {
        strategy: Strategy::RollingUpdate { max_surge: quarter, max_unavailable: quarter },
        progress_deadline: Span::mins(10),
        revision_history_limit: 10,
        paused: false,
    };
    assert_eq!(workload.kind, WorkloadKind::Deployment(expected));
    assert_eq!(scenario.templates[0].termination_grace, Span::secs(30));
}

#[test]
fn probes_have_upstream_defaults() {
    let template = template(
        "      containers:
        - name: web
          image: web:1.0
          readinessProbe: {tcpSocket: {port: 80}}
          livenessProbe: {tcpSocket: {port: 80}, initialDelaySeconds: 7, periodSeconds: 3, failureThreshold: 5}
",
    );
    let container = &template.containers[0];
    let readiness = container.readiness.unwrap();
    assert_eq!((readiness.period, readiness.timeout), (Span::secs(10), Span::secs(1)));
    assert_eq!((readiness.success_threshold, readiness.failure_threshold), (1, 3));
    let liveness = container.liveness.unwrap();
    assert_eq!(
        (liveness.initial_delay, liveness.period, liveness.failure_threshold),
        (Span::secs(7), Span::secs(3), 5)
    );
    assert_eq!(container.startup, None);
}

#[test]
fn admission_adds_tolerations_that_are_missing() {
    let seconds = |template: &PodTemplate, key: &str| {
        let taint = Taint { key: key.to_owned(), value: String::new(), effect: TaintEffect::NoExecute };
        template.tolerations.iter().find(|toleration| toleration.tolerates(&taint)).map(|found| found.seconds)
    };
    let plain = template(PLAIN);
    assert_eq!(seconds(&plain, "node.kubernetes.io/unreachable"), Some(Some(300)));
    assert_eq!(seconds(&plain, "node.kubernetes.io/not-ready"), Some(Some(300)));
    let own = "      tolerations: [{key: node.kubernetes.io/unreachable, operator: Exists, effect: NoExecute, tolerationSeconds: 30}]\n";
    let own = template(&format!("{own}{PLAIN}"));
    assert_eq!(seconds(&own, "node.kubernetes.io/unreachable"), Some(Some(30)));
    assert_eq!(own.tolerations.len(), 2);
    let all = template(&format!("      tolerations: [{{operator: Exists}}]\n{PLAIN}"));
    assert_eq!((seconds(&all, "node.kubernetes.io/not-ready"), all.tolerations.len()), (Some(None), 1));
}

/// Reference 1.7: max(app + sidecars, each init container with the sidecars before it).
#[test]
fn requests_follow_the_rule_for_init_containers_and_sidecars() {
    let template = template(
        "      initContainers:
        - {name: early, image: 'x:1', resources: {requests: {cpu: 900m, memory: 100Mi}}}
        - {name: proxy, image: 'x:1', restartPolicy: Always, resources: {requests: {cpu: 200m, memory: 64Mi}}}
        - {name: migrate, image: 'x:1', resources: {requests: {cpu: 800m, memory: 1Gi}}}
      containers:
        - {name: web, image: 'x:1', resources: {requests: {cpu: 500m}, limits: {cpu: 1, memory: 256Mi}}}
        - {name: log, image: 'x:1', resources: {requests: {cpu: 100m, nvidia.com/gpu: 0}}}
      overhead: {cpu: 50m}
",
    );
    let expected =
        Resources { cpu_milli: 1050, memory_bytes: (1024 + 64) << 20, pods: 0, extended: Vec::new() };
    assert_eq!(template.requests, expected);
    let names: Vec<&str> = template.containers.iter().map(|container| container.name.as_str()).collect();
    assert_eq!(names, ["proxy", "web", "log"], "a sidecar runs beside the app");
}

#[test]
fn affinity_and_spread_keep_upstream_meaning() {
    let template = template(
        "      affinity:
        nodeAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            nodeSelectorTerms:
              - matchExpressions: [{key: cpus, operator: Gt, values: ['8']}]
              - {}
        podAntiAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            - {topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: web}}}
          preferredDuringSchedulingIgnoredDuringExecution:
            - weight: 40
              podAffinityTerm: {topologyKey: zone, namespaceSelector: {}, labelSelector: {matchLabels: {app: db}}}
      topologySpreadConstraints:
        - {maxSkew: 1, topologyKey: zone, whenUnsatisfiable: DoNotSchedule, matchLabelKeys: [pod-template-hash, tier], labelSelector: {}}
      containers: [{name: web, image: 'web:1.0'}]
",
    );
    let terms = template.node_affinity.unwrap();
    assert_eq!(
        terms,
        [Selector(vec![Requirement { key: "cpus".to_owned(), is: Operator::Gt(8) }])],
        "an empty term holds nowhere"
    );
    let own = &template.pod_affinity.required_anti[0];
    assert_eq!(own.namespaces, Some(vec!["shop".to_owned()]));
    let (weight, preferred) = &template.pod_affinity.preferred[0];
    assert_eq!(
        (*weight, &preferred.namespaces),
        (-40, &None),
        "an empty namespace selector is every namespace"
    );
    let spread = &template.spread[0];
    assert!(spread.hard && spread.same_revision && spread.honor_affinity && !spread.honor_taints);
    let tier: Labels = [("tier", "front")].into_iter().collect();
    assert!(spread.selector.matches(&tier) && !spread.selector.matches(&Labels::default()));
}

#[test]
fn a_missing_label_selector_selects_nothing() {
    let template = template(&format!(
        "      topologySpreadConstraints: [{{maxSkew: 1, topologyKey: zone, whenUnsatisfiable: ScheduleAnyway}}]\n{PLAIN}"
    ));
    assert!(!template.spread[0].selector.matches(&template.labels));
}

#[test]
fn pre_stop_is_read_from_sleep_and_assumed_otherwise() {
    let pre_stop = |hook: &str| {
        let pod =
            format!("      containers: [{{name: web, image: 'w:1', lifecycle: {{preStop: {hook}}}}}]\n");
        template(&pod).containers[0].pre_stop
    };
    assert_eq!(pre_stop("{sleep: {seconds: 15}}"), Span::secs(15));
    assert_eq!(pre_stop("{exec: {command: [/bin/sh, -c, sleep 20]}}"), Span::secs(20));
    assert_eq!(pre_stop("{httpGet: {path: /quit, port: 80}}"), Span::secs(5));
}

#[test]
fn nodes_bring_zone_rack_capacity_and_lasting_taints() {
    let scenario = compile(&format!(
        "{}---
apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: Node
    metadata:
      name: n1
      labels: {{topology.kubernetes.io/zone: z1, topology.kubernetes.io/region: r1, topology.nines.dev/rack: a}}
    spec:
      unschedulable: true
      taints:
        - {{key: dedicated, value: db, effect: NoSchedule}}
        - {{key: node.kubernetes.io/unreachable, effect: NoExecute}}
    status:
      capacity: {{cpu: '8', memory: 32Gi}}
      allocatable: {{cpu: 7910m, memory: 30Gi, nvidia.com/gpu: '2'}}
  - {{apiVersion: v1, kind: Node, metadata: {{name: n2}}, status: {{capacity: {{cpu: 4, memory: 8Gi, pods: 30}}}}}}
",
        deployment(PLAIN)
    ));
    let [first, second] = &scenario.cluster.nodes[..] else { panic!("two nodes") };
    assert_eq!(scenario.cluster.zones[first.zone.index()].name, "z1");
    assert_eq!(scenario.cluster.regions[0], "r1");
    assert_eq!(scenario.cluster.racks[first.rack.unwrap().index()].name, "a");
    assert_eq!(first.labels.get("kubernetes.io/hostname"), Some("n1"));
    assert_eq!(first.taints.len(), 1, "the lifecycle taint is not kept");
    assert!(first.unschedulable);
    let gpu = vec![("nvidia.com/gpu".to_owned(), 2)];
    assert_eq!(
        first.allocatable,
        Resources { cpu_milli: 7910, memory_bytes: 30 << 30, pods: 110, extended: gpu }
    );
    assert_eq!(second.allocatable.pods, 30);
    assert_eq!(scenario.cluster.zones[second.zone.index()].name, "", "nodes without a zone share one");
}

#[test]
fn a_service_finds_its_pods_in_its_own_namespace_only() {
    let service = |namespace: &str| {
        let metadata = format!("metadata: {{name: front, namespace: {namespace}}}");
        format!("---\napiVersion: v1\nkind: Service\n{metadata}\nspec: {{selector: {{app: web}}}}\n")
    };
    let names =
        |text: String| compile(&text).services.into_iter().map(|service| service.name).collect::<Vec<_>>();
    assert_eq!(names(deployment(PLAIN) + &service("shop")), ["front"]);
    assert_eq!(names(deployment(PLAIN) + &service("other")), ["web"], "an assumed Service instead");
}

#[test]
fn a_bare_pod_of_kubectl_output_compiles() {
    let scenario = compile(
        "apiVersion: v1
kind: Pod
metadata: {name: solo, creationTimestamp: null, managedFields: [{manager: kubectl, operation: Update}], labels: {app: solo}}
spec:
  containers: [{name: c, image: c}]
  restartPolicy: Always
  priorityClassName: system-node-critical
status: {phase: Running, podIP: 10.0.0.1}
",
    );
    assert_eq!(scenario.workloads[0].kind, WorkloadKind::Pod);
    assert_eq!(scenario.templates[0].priority, 2_000_001_000);
    assert!(scenario.templates[0].containers[0].always_pull, "no tag means latest");
    assert_eq!(scenario.services[0].name, "solo");
}

#[test]
fn budgets_keep_upstream_meaning() {
    let budget = |name: &str, spec: &str| {
        format!(
            "---\napiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {{name: {name}, namespace: shop}}\nspec: {{{spec}}}\n"
        )
    };
    let scenario = compile(
        &(deployment(PLAIN)
            + &budget("all", "selector: {}, minAvailable: 50%")
            + &budget("none", "maxUnavailable: 1")
            + &budget("web", "selector: {matchLabels: {app: web}}, unhealthyPodEvictionPolicy: AlwaysAllow")),
    );
    let [all, none, web] = &scenario.budgets[..] else { panic!("three budgets") };
    let labels = &scenario.templates[0].labels;
    assert_eq!(all.budget, Some(Budget::MinAvailable(IntOrPercent::Percent(50))));
    assert_eq!(none.budget, Some(Budget::MaxUnavailable(IntOrPercent::Int(1))));
    assert_eq!((web.budget, web.unhealthy_pods), (None, UnhealthyPods::AlwaysAllow));
    assert_eq!([all, none, web].map(|budget| budget.selector.matches(labels)), [true, false, true]);
}

#[test]
fn a_pod_has_the_priority_of_its_class_or_of_the_default_one() {
    let classes = "---
apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata: {name: gold}
value: 1000
preemptionPolicy: Never
---
apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata: {name: usual}
value: 7
globalDefault: true
";
    let of = |pod: &str| {
        let text = format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: p, labels: {{app: p}}}}\nspec: {{containers: [{{name: c, image: c:1}}]{pod}}}\n"
        );
        let template = compile(&(text + classes)).templates.remove(0);
        (template.priority, template.preempts)
    };
    assert_eq!(of(""), (7, true));
    assert_eq!(of(", priorityClassName: gold"), (1000, false));
    assert_eq!(of(", priorityClassName: system-cluster-critical"), (2_000_000_000, true));
    assert_eq!(of(", priorityClassName: gold, preemptionPolicy: PreemptLowerPriority"), (1000, true));
    assert_eq!(of(", priority: 12"), (12, true));
}
