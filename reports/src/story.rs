//! What happened in one run, in order: its timeline, or the story of its longest outage.

use sim_core::ids::Cause;
use sim_core::outcome::{Entry, Outage, Recording};
use sim_core::time::{Instant, Span};

use crate::labels::{RunLabels, ServiceLabel};
use crate::paint::{Paint, Tone};
use crate::words;

/// What follows the summary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Telling {
    /// The first lines of the timeline, at most so many.
    Timeline(usize),
    /// The longest outage of any service, in at most so many lines.
    LongestOutage(usize),
}

/// The longest outage of a run, and whose it is.
pub fn longest_outage<'a>(
    labels: &'a RunLabels,
    recording: &'a Recording,
) -> Option<(&'a ServiceLabel, Outage)> {
    (labels.services.iter().zip(&recording.outcome.services))
        .flat_map(|(label, outcome)| outcome.outages.iter().map(move |&outage| (label, outage)))
        .reduce(|a, b| if b.1.duration() > a.1.duration() { b } else { a })
}

/// The timeline or the story as plain text.
pub fn told(labels: &RunLabels, recording: &Recording, telling: Telling) -> String {
    painted(labels, recording, telling, Paint { colour: false })
}

/// The same in colour.
pub(crate) fn painted(labels: &RunLabels, recording: &Recording, telling: Telling, paint: Paint) -> String {
    match telling {
        Telling::Timeline(most) => {
            let whole = lines(&recording.timeline, most, true, paint);
            format!("{}\n{whole}", paint.tone("Timeline", Tone::Strong))
        }
        Telling::LongestOutage(most) => match longest_outage(labels, recording) {
            None => "No outage in this run.\n".into(),
            Some((label, outage)) => story(labels, recording, label, outage, most, paint),
        },
    }
}

/// Context before the onset and after the end of an outage that belongs to its story.
const BEFORE: Span = Span::secs(1);
const AFTER: Span = Span::secs(15);

fn story(
    labels: &RunLabels,
    recording: &Recording,
    label: &ServiceLabel,
    outage: Outage,
    most: usize,
    paint: Paint,
) -> String {
    let from = Instant(outage.start.0.saturating_sub(BEFORE.0));
    let inside = |entry: &&Entry| entry.at >= from && entry.at <= outage.end + AFTER;
    let entries: Vec<Entry> = recording.timeline.iter().filter(inside).cloned().collect();
    let head = format!(
        "Longest outage of {}: {} at {} (run {}, seed {})",
        words::name(&label.name),
        words::duration(outage.duration().as_secs_f64()),
        moment(outage.start),
        labels.seed.run,
        labels.seed.master,
    );
    let root = match outage.root {
        None => "no fault".to_owned(),
        Some(cause @ Cause::Fault(_)) => format!("fault {}", labels.cause(cause)),
        Some(cause @ Cause::Operation(_)) => format!("operation {}", labels.cause(cause)),
    };
    let lost = words::count(outage.lost_requests.round() as u64);
    let worst = words::share(outage.worst);
    let detail = format!("  begun by {root}; up to {worst} of requests failed, {lost} in all\n");
    format!("{}\n{detail}{}", paint.tone(&head, Tone::Strong), lines(&entries, most, false, paint))
}

/// `03:12:09.3 on day 211`.
pub fn moment(at: Instant) -> String {
    format!("{} on day {}", words::time_of_day(at), words::day(at))
}

/// Timeline entries in aligned columns; what is beyond `most` is counted, not shown.
fn lines(entries: &[Entry], most: usize, with_day: bool, paint: Paint) -> String {
    let shown = &entries[..entries.len().min(most)];
    let actor = |entry: &Entry| format!("{:?}", entry.actor);
    let widest = shown.iter().map(|entry| actor(entry).len()).max().unwrap_or(0);
    let mut text = String::new();
    for entry in shown {
        let day = if with_day { format!("day {:<4} ", words::day(entry.at)) } else { String::new() };
        let at = words::time_of_day(entry.at);
        let who = paint.tone(&format!("{:<widest$}", actor(entry)), Tone::Quiet);
        text += &format!("  {day}{at}  {who}  {}\n", entry.text);
    }
    let hidden = entries.len() - shown.len();
    if hidden > 0 {
        text += &format!("  ... {} left out\n", words::counted(hidden, "line"));
    }
    text
}
