//! The replica ratio R = N / P of controllers over a run, one lane each, and below them the longest time away from 1 in
//! full: what was desired, what was there, what was ready.

use std::io;

use plotters::style::{Color, RGBColor};
use sim_core::ids::WorkloadId;
use sim_core::outcome::{Recording, ReplicaSample};
use sim_core::time::Span;

use super::axis::Axis;
use super::canvas::{
    Area, Canvas, Drawn, LABEL_SIZE, LEFT, MIDDLE, RIGHT, Room, TICK_SIZE, sheet, style, text_width,
};
use super::direct::{End, label_ends, spread};
use super::palette::{CONTEXT, INK, PALETTE, QUIET};
use super::spell::{Spell, longest_away, spells};
use super::window::{Window, staircase};
use super::{Chart, MOST_SERVICES, RATIO_CHART};
use crate::labels::RunLabels;
use crate::{ratio, story, words};

const WIDTH: u32 = 960;

/// Height of the part that shows the longest time away from R = 1.
const CLOSE_UP: u32 = 270;

/// Height of the ticks and the name of a time axis.
const TIME_AXIS: u32 = 46;

const SIDES: Room = Room { left: 84, right: 150, bottom: 6 };

/// The lane of one controller.
struct Lane<'a> {
    name: String,
    /// What the run adds up to.
    told: String,
    spells: Vec<Spell<'a>>,
}

/// R of the controllers that were away from 1 the longest; none if the run has no controller.
pub fn chart(labels: &RunLabels, recording: &Recording) -> io::Result<Option<Chart>> {
    let window = Window::whole(labels, recording);
    let chosen = most_telling(labels, recording);
    let lanes: Vec<Lane> = chosen.iter().map(|&at| lane(labels, recording, at, &window)).collect();
    if lanes.is_empty() {
        return Ok(None);
    }
    let title = "Replica ratio R = N / P, desired over current pods: the whole run".to_owned();
    let subtitle = subtitle(labels, lanes.len());
    let y = ratio_axis(&lanes);
    let away = longest_away(lanes.iter().map(|lane| lane.spells.as_slice()));
    let lanes_height = lane_height(lanes.len()) * lanes.len() as u32 + TIME_AXIS;
    let height = 84 + lanes_height + if away.is_some() { CLOSE_UP } else { 0 };
    let svg = sheet((WIDTH, height), &title, &subtitle, |area| {
        let (mut rest, close_up) = area.split_vertically(lanes_height);
        for (row, lane) in lanes.iter().enumerate() {
            let last = row + 1 == lanes.len();
            let height = lane_height(lanes.len()) + if last { TIME_AXIS } else { 0 };
            let (own, below) = rest.split_vertically(height);
            draw_lane(&own, lane, &y, &window, last)?;
            rest = below;
        }
        away.map_or(Ok(()), |(row, spell)| draw_close_up(&close_up, &lanes[row], spell, &window))
    })?;
    Ok(Some(Chart::new(RATIO_CHART, "", title, subtitle, svg)))
}

/// Controllers by the time that they were away from R = 1, as many as there is room for.
fn most_telling(labels: &RunLabels, recording: &Recording) -> Vec<usize> {
    let mut chosen: Vec<usize> = controllers(labels).collect();
    chosen.sort_by_key(|&at| recording.outcome.workloads.get(at).map(|workload| workload.at_ratio_one));
    chosen.truncate(MOST_SERVICES);
    chosen
}

fn controllers(labels: &RunLabels) -> impl Iterator<Item = usize> {
    (0..labels.workloads.len()).filter(|&at| ratio::is_controlled(&labels.workloads[at]))
}

fn subtitle(labels: &RunLabels, shown: usize) -> String {
    let all = controllers(labels).count();
    let said = match shown < all {
        true => format!("the {shown} of {all} controllers that were away from R = 1 the longest"),
        false => "above 1 pods are missing, below 1 there are more than desired".into(),
    };
    format!("Run {}, seed {}; {said}", labels.seed.run, labels.seed.master)
}

fn lane<'a>(labels: &RunLabels, recording: &'a Recording, at: usize, window: &Window) -> Lane<'a> {
    let workload = WorkloadId::from(at);
    let told = recording.outcome.workloads.get(at).map_or(String::new(), |outcome| {
        let away = recording.outcome.measured.saturating_sub(outcome.at_ratio_one);
        in_all(away, outcome.without_pods)
    });
    Lane { name: words::name(labels.workload(workload)), told, spells: spells(recording, workload, window) }
}

/// `R ≠ 1 for 15 min in all, of it 90 ms without any pod`.
fn in_all(away: Span, without_pods: Span) -> String {
    let [total, part] = [away, without_pods].map(|span| words::duration(span.as_secs_f64()));
    match without_pods {
        _ if away == Span::ZERO => "R = 1 all the time".into(),
        Span::ZERO => format!("R ≠ 1 for {total} in all"),
        all if all == away => format!("R ≠ 1 for {total} in all, without any pod"),
        _ => format!("R ≠ 1 for {total} in all, of it {part} without any pod"),
    }
}

fn lane_height(lanes: usize) -> u32 {
    match lanes {
        1 => 230,
        2 | 3 => 150,
        _ => 112,
    }
}

/// Logarithms of ratios: twice as many pods as desired lies as far from 1 as half as many. Marked are 1, the extremes,
/// and what else occurs, as far as there is room.
fn ratio_axis(lanes: &[Lane]) -> Axis {
    let finite = lanes.iter().flat_map(|lane| &lane.spells).filter_map(|spell| spell.sample.ratio());
    let mut ratios: Vec<f64> = finite.filter(|&ratio| ratio > 0.0).chain([1.0]).collect();
    ratios.sort_by(f64::total_cmp);
    ratios.dedup();
    let (least, most) = (ratios[0].log2(), ratios[ratios.len() - 1].log2());
    let (low, high) = (least.min(-0.6) - 0.2, most.max(0.6) + 0.2);
    let mut ticks: Vec<(f64, String)> = Vec::new();
    let extremes = [1.0, ratios[ratios.len() - 1], ratios[0]];
    for ratio in extremes.into_iter().chain(ratios) {
        let place = ratio.log2();
        if ticks.iter().all(|(other, _)| (place - other).abs() > 0.2 * (high - low)) {
            ticks.push((place, words::trimmed(ratio, 2)));
        }
    }
    Axis { low, high, ticks, label: "R".into() }
}

fn draw_lane(area: &Area, lane: &Lane, y: &Axis, window: &Window, last: bool) -> Drawn {
    let mut x = window.axis(&format!("time since the {}", window.origin_is));
    let mut room = Room { bottom: TIME_AXIS, ..SIDES };
    if !last {
        x.label.clear();
        x.ticks.iter_mut().for_each(|(_, text)| text.clear());
        room = SIDES;
    }
    let (_, plot) = area.split_vertically(18);
    let canvas = Canvas::new(&plot, x, y.clone(), room)?;
    let left = canvas.pixel((window.seconds(window.from), y.high));
    let heading = format!("{} · {}", lane.name, lane.told);
    canvas.text_at(&heading, (left.0, 2), &style(LABEL_SIZE, INK), LEFT)?;
    let ends = [window.seconds(window.from), window.seconds(window.to)];
    canvas.line(ends.map(|x| (x, 0.0)), CONTEXT.stroke_width(1))?;
    draw_ratio(&canvas, lane, y, window)?;
    draw_bands(&canvas, lane, y, window)?;
    name_sides(&canvas, y, window)
}

/// Step lines of R, with a gap wherever there is no pod.
fn draw_ratio(canvas: &Canvas, lane: &Lane, y: &Axis, window: &Window) -> Drawn {
    for unbroken in lane.spells.split(|spell| spell.sample.current == 0) {
        let Some(last) = unbroken.last() else { continue };
        let place = |ratio: f64| ratio.log2().max(y.low);
        let points = unbroken
            .iter()
            .filter_map(|spell| Some((window.seconds(spell.from), place(spell.sample.ratio()?))));
        canvas.line(staircase(canvas, points, window.seconds(last.to)), PALETTE[0].stroke_width(2))?;
    }
    Ok(())
}

/// A band where there is no pod, wide enough to be seen, and at the longest what it means.
fn draw_bands(canvas: &Canvas, lane: &Lane, y: &Axis, window: &Window) -> Drawn {
    let without = || lane.spells.iter().filter(|spell| spell.sample.current == 0);
    for spell in without() {
        let (from, to) = (window.seconds(spell.from), window.seconds(spell.to));
        let colour = without_pods(spell).1;
        canvas.bar((from, y.low), (to, y.high), colour.mix(0.25).filled())?;
        canvas.line([(from, y.low), (from, y.high)], colour.stroke_width(2))?;
    }
    let Some(longest) = without().max_by_key(|spell| spell.to - spell.from) else { return Ok(()) };
    let at = (window.seconds(longest.from), y.high);
    let right_half = longest.from.0 > window.to.0 / 2;
    let (aside, pos) = if right_half { (-6, RIGHT) } else { (6, LEFT) };
    let (said, colour) = without_pods(longest);
    canvas.text(said, at, (aside, 9), &style(TICK_SIZE, colour), pos)
}

/// What it means to have no pod, and in which colour that is said.
fn without_pods(spell: &Spell) -> (&'static str, RGBColor) {
    if spell.sample.desired > 0 { ("no pod: R is infinite", PALETTE[1]) } else { ("none desired", QUIET) }
}

/// What it means to lie above, on and below the line.
fn name_sides(canvas: &Canvas, y: &Axis, window: &Window) -> Drawn {
    let end = window.seconds(window.to);
    let [top, one, bottom] = [y.high, 0.0, y.low].map(|place| canvas.pixel((end, place)));
    let heights = spread(&[top.1 + 6, one.1, bottom.1 - 6], 16, top.1 + 6, bottom.1 - 6);
    let named = [("pods are missing", QUIET), ("R = 1, as desired", INK), ("surplus", QUIET)];
    named.into_iter().zip(heights).try_for_each(|((name, colour), height)| {
        canvas.text_at(name, (top.0 + 14, height), &style(LABEL_SIZE, colour), LEFT)
    })
}

type Count = fn(&ReplicaSample) -> u32;

const COUNTS: [(&str, Count); 3] = [
    ("N, desired", |sample| sample.desired),
    ("P, current", |sample| sample.current),
    ("ready", |sample| sample.ready),
];

/// The time around the longest spell away from R = 1, as counts of pods.
fn draw_close_up(area: &Area, lane: &Lane, away: Spell, whole: &Window) -> Drawn {
    let window = Window::around(away.from, away.to, away.to - away.from, whole);
    let inside: Vec<Spell> = lane.spells.iter().filter_map(|spell| spell.within(&window)).collect();
    let most = inside.iter().map(|spell| spell.sample.current.max(spell.sample.desired)).max().unwrap_or(0);
    let (_, plot) = area.split_vertically(24);
    let y = Axis { high: f64::from(most) + 0.9, ..Axis::counts(most, "pods") };
    let x = window.axis("time since R left 1");
    let canvas = Canvas::new(&plot, x, y.clone(), Room { bottom: TIME_AXIS, ..SIDES })?;
    let length = words::duration((away.to - away.from).as_secs_f64());
    let heading = format!(
        "The longest time away from R = 1: {}, {length} from {}",
        lane.name,
        story::moment(away.from)
    );
    let left = canvas.pixel((window.seconds(window.from), y.high));
    canvas.text_at(&heading, (left.0, 0), &style(LABEL_SIZE, INK), LEFT)?;
    inside.chunk_by(|a, b| a.sample.ratio() == b.sample.ratio()).try_for_each(|alike| {
        let (from, to) = (alike[0].from, alike[alike.len() - 1].to);
        shade(&canvas, &y, alike[0].sample, [from, to].map(|at| window.seconds(at)))
    })?;
    draw_counts(&canvas, &y, &inside, &window)
}

/// A band where R is not 1, with its value if there is room for it.
fn shade(canvas: &Canvas, y: &Axis, sample: &ReplicaSample, [from, to]: [f64; 2]) -> Drawn {
    if sample.desired == sample.current {
        return Ok(());
    }
    canvas.bar((from, y.low), (to, y.high), PALETTE[4].mix(0.2).filled())?;
    let said = sample.ratio().map(|ratio| format!("R = {}", words::trimmed(ratio, 2)));
    let said = said.unwrap_or_else(|| "R is infinite".into());
    let (left, right) = (canvas.pixel((from, y.high)), canvas.pixel((to, y.high)));
    if f64::from(right.0 - left.0) < text_width(&said, LABEL_SIZE) {
        return Ok(());
    }
    canvas.text_at(&said, ((left.0 + right.0) / 2, left.1 + 12), &style(LABEL_SIZE, INK), MIDDLE)
}

fn draw_counts(canvas: &Canvas, y: &Axis, spells: &[Spell], window: &Window) -> Drawn {
    let end = window.seconds(window.to);
    let mut ends = Vec::new();
    for (series, (name, count)) in COUNTS.into_iter().enumerate() {
        let aside = (1.0 - series as f64) * (y.high - y.low) / 60.0;
        let points =
            spells.iter().map(|spell| (window.seconds(spell.from), f64::from(count(spell.sample)) + aside));
        let line = staircase(canvas, points, end);
        let colour = [INK, PALETTE[0], PALETTE[2]][series];
        ends.extend(line.last().map(|&at| End { at: canvas.pixel(at), name: name.into(), colour }));
        canvas.line(line, colour.stroke_width(2))?;
    }
    let (top, corner) = (canvas.pixel((end, y.high)), canvas.pixel((end, y.low)));
    label_ends(canvas, ends, corner.0 + 14, (top.1 + 8, corner.1 - 8))
}
