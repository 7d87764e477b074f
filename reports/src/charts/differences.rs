//! How much downtime each other design saves against the first: a dot with its interval, a row each.

use std::io;

use scenarios::compare::{Comparison, Difference, Verdict};

use super::Chart;
use super::axis::Axis;
use super::canvas::{Canvas, LABEL_SIZE, LEFT, Room, TICK_SIZE, sheet, style, text_width};
use super::palette::{INK, PALETTE, QUIET};
use crate::compare::verdict_words;
use crate::per::Per;
use crate::words;

/// Rows that a picture can show.
const MOST_ROWS: usize = 40;

/// The differences of a comparison.
pub fn chart(comparison: &Comparison) -> io::Result<Chart> {
    let per = Per::of_span(comparison.measured_s);
    let shown: Vec<&Difference> = comparison.differences.iter().take(MOST_ROWS).collect();
    let names: Vec<String> = shown.iter().map(|difference| name(comparison, difference)).collect();
    let title = format!("Downtime {} saved against {}", per.words(), comparison.designs[0].design.name);
    let runs = words::counted(comparison.repetitions as usize, "run");
    let subtitle = format!("{runs} under the same luck, with 95% intervals; right of the line is better");
    let height = 160 + names.len().max(1) as u32 * 44;
    let svg = sheet((960, height), &title, &subtitle, |area| {
        let x = axis(&shown, per);
        let widest = names.iter().map(|name| text_width(name, TICK_SIZE)).fold(40.0, f64::max);
        let room = Room { left: (widest as u32 + 40).min(230), right: 130, bottom: 46 };
        let canvas = Canvas::new(area, x.clone(), Axis::rows(&names), room)?;
        canvas.dashes((0.0, 0.5), (0.0, 0.5 - names.len().max(1) as f64), INK)?;
        shown.iter().enumerate().try_for_each(|(row, difference)| {
            let at = -(row as f64);
            let [value, low, high] =
                [difference.difference.value, difference.difference.low, difference.difference.high]
                    .map(|share| share * per.seconds());
            let colour = PALETTE[if difference.verdict == Verdict::Worse { 1 } else { 0 }];
            canvas.interval_along(at, (low, high), colour)?;
            canvas.dot((value, at), colour, difference.verdict == Verdict::Unclear)?;
            let (verdict, _) = verdict_words(difference.verdict);
            canvas.text(verdict, (x.high, at), (12, 0), &style(LABEL_SIZE, QUIET), LEFT)
        })
    })?;
    Ok(Chart::new("differences", "", title, subtitle, svg))
}

fn name(comparison: &Comparison, difference: &Difference) -> String {
    let design = &comparison.designs[difference.design].design.name;
    match comparison.services.len() {
        1 => design.clone(),
        _ => format!("{design} {}", words::name(&comparison.services[difference.service])),
    }
}

/// From the least to the most, and zero in any case.
fn axis(shown: &[&Difference], per: Per) -> Axis {
    let ends = shown.iter().flat_map(|difference| [difference.difference.low, difference.difference.high]);
    let (low, high) = ends.fold((0.0_f64, 0.0_f64), |(low, high), end| (low.min(end), high.max(end)));
    let (low, high) = (low * per.seconds(), high * per.seconds());
    let margin = (0.06 * (high - low)).max(1e-3);
    Axis::differences(low - margin, high + margin, &format!("downtime {} saved", per.words()))
}
