//! Containers of a pod: init containers, sidecars and app containers, with their hooks.

use k8s_openapi::api::core::v1::{Container as ContainerFile, LifecycleHandler, PodSpec, Probe};
use sim_core::spec::{Container, Hooks, InitContainer, InitTask, PostStart};
use sim_core::time::Span;

use super::pod::{Behaviour, Images, PodReport};
use super::probe;

/// App containers, after the sidecars.
pub(super) fn containers(
    spec: &PodSpec,
    behaviour: &Behaviour,
    images: &mut Images,
    report: &mut PodReport,
) -> Vec<Container> {
    let mut containers = Vec::new();
    for (index, given) in spec.init_containers.iter().flatten().enumerate() {
        if is_sidecar(given) {
            containers.push(container(given, &format!("initContainers.{index}"), behaviour, images, report));
        }
    }
    for (index, given) in spec.containers.iter().enumerate() {
        containers.push(container(given, &format!("containers.{index}"), behaviour, images, report));
    }
    containers
}

/// Init containers in their order, with the places of sidecars among the containers.
pub(super) fn init(spec: &PodSpec, behaviour: &Behaviour, images: &mut Images) -> Vec<InitContainer> {
    let mut sidecars = 0..;
    let mut init = |given: &ContainerFile| {
        if is_sidecar(given) {
            return InitContainer::Sidecar(sidecars.next().unwrap_or_default());
        }
        let image = given.image.as_deref().unwrap_or_default();
        InitContainer::Task(InitTask {
            name: given.name.clone(),
            image: images.id(image, behaviour.image_size),
            always_pull: always_pull(image, given.image_pull_policy.as_deref()),
            run_time: behaviour.init_run_time.clone(),
            fails: behaviour.init_fails,
        })
    };
    spec.init_containers.iter().flatten().map(&mut init).collect()
}

fn is_sidecar(given: &ContainerFile) -> bool {
    given.restart_policy.as_deref() == Some("Always")
}

fn container(
    given: &ContainerFile,
    path: &str,
    behaviour: &Behaviour,
    images: &mut Images,
    report: &mut PodReport,
) -> Container {
    let image = given.image.as_deref().unwrap_or_default();
    let mut probe = |kind: &str, given| probe::probe(given, &format!("{path}.{kind}"), report);
    Container {
        name: given.name.clone(),
        image: images.id(image, behaviour.image_size),
        always_pull: always_pull(image, given.image_pull_policy.as_deref()),
        startup_time: behaviour.startup_time.clone(),
        work: None,
        serves_after_stop_signal: behaviour.serves_after_stop,
        shutdown_time: behaviour.shutdown_time,
        pre_stop: pre_stop(given, behaviour.pre_stop),
        readiness: probe("readinessProbe", given.readiness_probe.as_ref()),
        liveness: probe("livenessProbe", given.liveness_probe.as_ref()),
        startup: probe("startupProbe", given.startup_probe.as_ref()),
        hooks: hooks(given, behaviour.post_start),
    }
}

/// Upstream's default: Always if the tag is `latest` or missing, and there is no digest.
fn always_pull(image: &str, policy: Option<&str>) -> bool {
    let name = image.rsplit('/').next().unwrap_or(image);
    let tag = name.split_once(':').map_or("latest", |(_, tag)| tag);
    policy.map_or(!image.contains('@') && tag == "latest", |policy| policy == "Always")
}

/// The length of a preStop hook.
fn pre_stop(container: &ContainerFile, assumed: Span) -> Span {
    let hook = container.lifecycle.as_ref().and_then(|lifecycle| lifecycle.pre_stop.as_ref());
    hook.map_or(Span::ZERO, |hook| hook_length(hook, assumed))
}

fn hooks(container: &ContainerFile, assumed: PostStart) -> Hooks {
    let post_start = container.lifecycle.as_ref().and_then(|lifecycle| lifecycle.post_start.as_ref());
    let grace = |probe: &Option<Probe>| {
        let seconds = probe.as_ref().and_then(|probe| probe.termination_grace_period_seconds)?;
        u64::try_from(seconds).ok().map(Span::secs)
    };
    Hooks {
        post_start: post_start.map(|hook| PostStart { takes: hook_length(hook, assumed.takes), ..assumed }),
        liveness_grace: grace(&container.liveness_probe),
        startup_grace: grace(&container.startup_probe),
    }
}

/// The length of a sleep, whether built in or by command, or else as assumed.
fn hook_length(hook: &LifecycleHandler, assumed: Span) -> Span {
    if let Some(sleep) = &hook.sleep {
        return Span::secs(u64::try_from(sleep.seconds).unwrap_or(0));
    }
    let command = hook.exec.as_ref().and_then(|exec| exec.command.as_ref()).map(|words| words.join(" "));
    command.and_then(|command| sleep_of(&command)).unwrap_or(assumed)
}

/// The sleep in `sleep 15`, `/bin/sh -c "sleep 15"` or `sleep 15 && nginx -s quit`.
fn sleep_of(command: &str) -> Option<Span> {
    let mut words = command.split(|c: char| c.is_whitespace() || matches!(c, ';' | '&' | '"' | '\''));
    words.find(|word| word.rsplit('/').next() == Some("sleep"))?;
    let seconds: f64 = words.next()?.trim_end_matches('s').parse().ok()?;
    Some(Span::from_secs_f64(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pull_policy_follows_the_tag() {
        for (image, policy, always) in [
            ("nginx", None, true),
            ("nginx:latest", None, true),
            ("nginx:1.27", None, false),
            ("registry:5000/nginx", None, true),
            ("registry:5000/nginx:1.27", None, false),
            ("nginx@sha256:0", None, false),
            ("nginx:1.27", Some("Always"), true),
            ("nginx", Some("IfNotPresent"), false),
        ] {
            assert_eq!(always_pull(image, policy), always, "{image} {policy:?}");
        }
    }

    #[test]
    fn a_sleep_is_read_from_a_command() {
        assert_eq!(sleep_of("/bin/sh -c sleep 15 && nginx -s quit"), Some(Span::secs(15)));
        assert_eq!(sleep_of("/usr/bin/sleep 2.5"), Some(Span::millis(2500)));
        assert_eq!(sleep_of("nginx -s quit"), None);
    }
}
