//! Where the time goes: why requests fail, and which faults begin the outages.

use scenarios::summary::ServiceSummary;
use sim_core::outcome::Loss;

use crate::words;

/// `61% waiting for eviction, 22% undetected`: lost requests by reason, largest first; none if none was lost.
pub fn losses(lost_share: [f64; Loss::ALL.len()]) -> Option<String> {
    let of_each = Loss::ALL.iter().zip(lost_share);
    let mut shares: Vec<(f64, &str)> = of_each.map(|(&loss, share)| (share, loss_words(loss))).collect();
    shares.retain(|(share, _)| *share > 0.0);
    shares.sort_by(|a, b| b.0.total_cmp(&a.0));
    list_of_shares(shares.into_iter())
}

/// `80% machine-crash, 12% pod-kill`: outage time by the fault that began it; none without outages.
pub fn roots(service: &ServiceSummary) -> Option<String> {
    let shares = service.root_share.iter().filter(|(_, share)| *share > 0.0);
    list_of_shares(
        shares.map(|(name, share)| (*share, if name == "none" { "no fault" } else { name.as_str() })),
    )
}

/// The four largest, and the rest in one.
fn list_of_shares<'a>(shares: impl Iterator<Item = (f64, &'a str)>) -> Option<String> {
    let shares: Vec<_> = shares.collect();
    let (said, rest) = shares.split_at(shares.len().min(4));
    let mut parts: Vec<String> =
        said.iter().map(|(share, name)| format!("{} {name}", words::share(*share))).collect();
    if !rest.is_empty() {
        parts.push(format!("{} other", words::share(rest.iter().map(|(share, _)| share).sum())));
    }
    (!parts.is_empty()).then(|| parts.join(" · "))
}

/// A reason for a failed request, as a person would give it.
pub fn loss_words(loss: Loss) -> &'static str {
    match loss {
        Loss::Undetected => "failure not yet noticed",
        Loss::LoadBalancer => "load balancer not yet aware",
        Loss::AwaitingEviction => "waiting for eviction",
        Loss::Pending => "pods not placed",
        Loss::Starting => "pods starting",
        Loss::BackOff => "crash-loop delay",
        Loss::Overload => "overload",
        Loss::Dependency => "a dependency down",
        Loss::NotHere => "no endpoint on the node",
    }
}
