//! The registry of diagnostics: every code, what it means and what to do. Codes are never reused.

use super::Severity;

/// A kind of diagnostic.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// `N` and three digits.
    pub id: &'static str,
    /// How much it matters, unless strictness raises it.
    pub severity: Severity,
    /// What is the matter, in general.
    pub title: &'static str,
    /// Why, and what to do.
    pub explanation: &'static str,
}

/// The explanation of a code such as `N014`, in either case.
pub fn explain(id: &str) -> Option<&'static Code> {
    ALL.iter().copied().find(|code| code.id.eq_ignore_ascii_case(id))
}

macro_rules! codes {
    ($($name:ident = $id:literal $severity:ident $title:literal, $explanation:literal;)*) => {
        $(
            #[doc = $title]
            pub const $name: Code =
                Code { id: $id, severity: Severity::$severity, title: $title, explanation: $explanation };
        )*

        /// Every code, in order.
        pub const ALL: &[&Code] = &[$(&$name),*];
    };
}

codes! {
    UNREADABLE = "N001" Error "an input cannot be read",
        "The file or directory does not exist, is not readable, or is something else than a file (a socket, a device). \
        Check the name and its permissions; `-` reads standard input.";
    NOT_UTF8 = "N002" Error "an input is not UTF-8 text",
        "Manifests are text in UTF-8. Files from Windows tools are often UTF-16: save them as UTF-8, or convert them with \
        `iconv -f UTF-16 -t UTF-8`. A binary file was perhaps named by mistake.";
    TOO_LARGE = "N003" Error "an input is too large",
        "Inputs above the limit are refused rather than read for minutes. Leave out what is not modelled \
        (`kubectl get nodes,deploy,rs,rc,svc -A -o yaml`) or split the file.";
    EMPTY = "N004" Error "an input has no objects",
        "The file has no document, or the directory no .yaml, .yml or .json file.";
    SYNTAX = "N005" Error "an input is not valid YAML or JSON",
        "The text cannot be read at all from the place shown. Frequent causes: a tab in the indentation, a missing \
        space after a colon, a quote that is not closed, a key that appears twice.";
    TEMPLATE = "N006" Error "an input is a template",
        "Text such as `{{ .Values.replicas }}` is filled in by Helm or a similar tool before Kubernetes sees it. Render it \
        first: `helm template CHART | nines run -f -`, or `kustomize build DIR | nines run -f -`.";
    EXPANSION = "N007" Error "a document expands or nests too far",
        "An anchor that is repeated by aliases within aliases can make gigabytes out of a few lines, and nesting a \
        hundred levels deep has no meaning in any manifest. Write the values out.";
    NOT_AN_OBJECT = "N008" Error "a document is not a Kubernetes object",
        "Every document needs `apiVersion` and `kind`. Files of settings for other tools (values.yaml, kustomization \
        patches) are not objects; name only the manifests.";
    KIND_LEFT_OUT = "N009" Warning "kinds that are not modelled were left out",
        "Objects of these kinds do not take part in the simulation. If one of them makes or removes pods (a DaemonSet, an \
        autoscaler, an operator's own kind), the simulated cluster is different from yours in that.";
    UNKNOWN_FIELD = "N010" Warning "a field does not exist",
        "The API has no such field, so Kubernetes would drop or refuse it. Check the spelling and the indentation. In a \
        scenario file, on `--set`, and with `--strict` this is an error.";
    WRONG_TYPE = "N011" Error "a value has the wrong type",
        "The field takes another type of value. A frequent cause is quoting: `replicas: \"3\"` is a string, `port: 8080` in \
        an environment variable is a number.";
    MISSING_FIELD = "N012" Error "a required field is missing",
        "The API server would refuse this object.";
    QUANTITY = "N013" Error "a quantity is impossible",
        "Quantities are numbers with an optional suffix: 500m, 2, 1.5Gi, 1e3. They are not negative.";
    NO_PROGRESS = "N014" Error "maxUnavailable and maxSurge cannot both be zero",
        "A rolling update must either create a pod above the desired number (maxSurge) or go below it (maxUnavailable). \
        With both zero it can never replace the first pod, so the API server refuses the Deployment. The default of both \
        is 25%.";
    DURATION = "N015" Error "a duration is invalid",
        "Durations carry a unit: 30s, 5m, 1h30m, 7d, 1y (365 days). A bare number is refused because nobody can tell \
        seconds from minutes; months are refused because they differ in length.";
    SELECTOR_MISMATCH = "N016" Error "a selector does not match its own template",
        "The controller would create pods that it does not recognize as its own, for ever; the API server refuses this. \
        The labels of `spec.template.metadata` must include everything that `spec.selector` asks for.";
    SELECTOR = "N017" Error "a selector is invalid",
        "A workload's selector must not be empty, operators are In, NotIn, Exists and DoesNotExist, and In and NotIn need \
        values.";
    DUPLICATE = "N018" Error "two things have the same name",
        "Names identify: of objects within a kind and namespace, of containers within a pod, of faults, node pools and the \
        like within a scenario. Remove or rename one.";
    NAME = "N019" Error "a name is invalid",
        "Names of objects are made of lower-case letters, digits, `-` and `.`, begin and end with a letter or digit, and \
        have at most 253 characters.";
    RANGE = "N020" Error "a number is out of range",
        "The value is not one that the field can have.";
    CHOICE = "N021" Error "a value is not one of those allowed",
        "The field takes one of a few words, shown in the message. They are case-sensitive.";
    NOT_MODELLED = "N022" Warning "a field matters but is not modelled",
        "The field changes how Kubernetes behaves, but the model does not know it, so the result is as if it were absent.";
    LEFT_OUT = "N023" Note "an object was left out",
        "The object plays no part in the simulation: a Service without selector, a pod that has finished, a pod or \
        ReplicaSet whose owner is in the input and will create it anew.";
    NO_OWNER = "N024" Warning "the owner of pods is not in the input",
        "The pods say that a controller made them, but that controller is not in the input, so nothing replaces them when \
        they are lost. Export the owners as well: `kubectl get deploy,rs,rc,pods,svc,nodes -A -o yaml`.";
    TOO_BIG = "N030" Error "a pod is larger than every node",
        "No node has the capacity that the pod requests, even when empty, so it can never be placed. Lower the requests or \
        offer larger nodes.";
    NOT_SERVED = "N031" Note "no Service selects a workload",
        "Availability is what users of a Service meet. For a workload that no Service selects, one is assumed: cluster \
        internal, with the default traffic. Write a Service to say something else.";
    SELECTS_NOTHING = "N032" Warning "a selector matches nothing",
        "Check the labels for spelling, and the namespace: Services and Deployments meet only within one.";
    NOTHING = "N033" Error "there is nothing to simulate",
        "The input has no Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob or Pod.";
    NODE_CAPACITY = "N034" Note "a node does not say its capacity",
        "Node manifests from `kubectl get nodes -o yaml` carry `status.allocatable`. Without it the default capacity is \
        assumed.";
    NODE_NAME = "N035" Warning "a pod is bound to a node that is not in the input",
        "The binding is dropped, and the scheduler places the pod.";
    OVER_LIMIT = "N036" Error "a request is above its limit",
        "The API server refuses a container that requests more than it may use.";
    CROWDED = "N037" Warning "the pods do not fit the cluster",
        "Even with every machine up, some pods stay Pending for want of capacity, so part of every figure is due to a \
        cluster that is too small.";
    SCHEDULE = "N038" Error "a schedule is not understood",
        "A schedule has five fields: minute, hour, day of the month, month, day of the week from 0 (Sunday) to 6. Each is `*`, \
        a number or a name, a range `1-5`, steps `*/15`, or a list of these. `@hourly`, `@daily`, `@weekly`, `@monthly`, \
        `@yearly` and `@every 90m` are known too. The time is UTC, counted from `scenario.spec.start`.";
    TWO_SCENARIOS = "N040" Error "there is more than one scenario",
        "One run has one Scenario and at most one Sweep. Name one file only.";
    FAULT_TIMING = "N041" Error "a fault needs one kind of timing",
        "A fault is either random (`timeToFailure`, `timeToRepair`) or scheduled (`at` or `every`, with `duration`).";
    TARGET = "N042" Error "a fault has no target",
        "The targets of the fault name nothing that exists, or things that this kind of fault cannot strike.";
    BARE_TIME_TO_FAILURE = "N043" Error "a time to failure needs a distribution",
        "Everywhere a bare duration means exactly this long. For a time to failure that is rarely meant: every machine would \
        fail at the same moment. Write `{exponential: {mean: 30d}}`, or `{deterministic: 30d}` if it is meant.";
    DISTRIBUTION = "N044" Error "a distribution is invalid",
        "Parameters are positive and finite, and least values are below greatest ones.";
    NOT_FOUND = "N045" Error "a name refers to nothing",
        "Something is named that is not in the input. The message lists what is.";
    RATE = "N046" Error "a rate must be positive",
        "Rates of requests are positive numbers; a Service without users has no availability to measure.";
    VERSION = "N047" Error "a Kubernetes version is not known",
        "Versions 1.29 to 1.35 are modelled; later ones run with the rules of 1.35. Write it in quotes: \"1.30\" without them \
        is the number 1.3.";
    CYCLE = "N048" Error "services depend on each other in a circle",
        "If a needs b and b needs a, neither can ever start to answer. Remove one of the dependencies.";
    SHARE = "N049" Error "a share is impossible",
        "Shares are above 0 and at most 1 (targets below 1): 0.9995 or 99.95%.";
    ASSUMED = "N050" Note "a value was assumed",
        "The input does not say it. The note names the value, where it comes from, and the field that sets it.";
    HORIZON = "N051" Error "the warm-up leaves nothing to measure",
        "The warm-up is the start of the horizon that is left out of every measure; it must be shorter.";
    CONTROL_PLANE = "N052" Error "the control plane cannot work like this",
        "A control plane has `members` with everything on each, or `apiServers` and `etcdMembers` on machines of their own. \
        Its leases must outlast the deadline for renewing them, as the components themselves demand at their start. A \
        fault of the control plane needs `scenario.spec.controlPlane`, if only as `{}`: without it the control plane \
        never fails.";
    NO_METRIC = "N053" Warning "a metric of an autoscaler has no samples, or never moves",
        "Kubernetes cannot compute replicas from such a metric: with others the autoscaler then only scales up, and with none \
        it does nothing. CPU follows from requests where `requestsPerSecond` or `cpuPerRequest` is set for the pods; other \
        metrics are given in `scenario.spec.metrics`.";
    NO_TARGET = "N054" Warning "an autoscaler was left out",
        "Its scaleTargetRef names a Deployment, StatefulSet, ReplicaSet or ReplicationController that is not in the input, or \
        more than one autoscaler has the same target.";
    PATH = "N060" Error "a path is not understood",
        "Paths name an object and a field in it: `Deployment/web.spec.replicas`, `Deployment/shop/web.spec.replicas` with a \
        namespace, `scenario.spec.horizon`. Elements of lists are named by position or by name: \
        `containers[0].image`, `containers[server].image`, `scenario.spec.faults.node-crash.timeToRepair`. Brackets also hold \
        keys with dots: `nodeSelector[kubernetes.io/os]`. `Deployment/*` is every Deployment.";
    PATH_NOT_FOUND = "N061" Error "a path leads nowhere",
        "The object, or the list element that the path names, is not in the input. The message lists what is.";
    SWEEP = "N062" Error "a sweep is invalid",
        "A factor has a path and levels: a list of values, or `{from, to, step}`. Levels are different from each other.";
    PRESET = "N070" Error "a preset of faults is not known",
        "Presets stand in the list of faults as `{preset: NAME}`, and are taken whole; to change a figure, set the field of \
        the fault that comes from it, such as `scenario.spec.faults.node-crash.timeToRepair`. `nines explain faults` lists \
        them with their sources.";
    COMMON_CAUSE = "N071" Error "a common cause is impossible",
        "A `commonCause` or `bursts` belongs to a random fault of machines, and takes a share of its failures that is \
        less than all. Bursts strike two machines or more. A `groupOutage` says by what machines belong together: \
        `groupBy: pool`, `zone`, `rack`, `region`, `all`, or the key of a node label.";
    STATIONARY = "N072" Error "a fault has no stationary state",
        "A fault that begins stationary is random, strikes something that exists when the run begins, and has a time to \
        failure and to repair with finite means.";
    TRACE = "N073" Error "a file of failures is invalid",
        "A failure trace has lines `entity,down,up`, or the events of the Failure Trace Archive; times are seconds or such as \
        2006-01-31T12:00:00Z. The lines of each machine ascend, it is up later than down, and does not fail while it is \
        down. A file of samples has a length of time in each line.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_ascend() {
        assert!(ALL.windows(2).all(|pair| pair[0].id < pair[1].id));
    }

    #[test]
    fn codes_are_found_in_either_case() {
        assert_eq!(explain("n014"), Some(&NO_PROGRESS));
        assert_eq!(explain("N999"), None);
    }
}
