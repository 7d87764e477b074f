//! Samples of a duration from a CSV file.

use std::sync::Arc;

use sim_core::time::Span;

use crate::diagnostic::{Diagnostic, codes};
use crate::duration::Duration;
use crate::source::{Place, Source};
use crate::table::{Row, rows};

/// Of many lines that are wrong in the same way, these are shown.
const SHOWN: usize = 10;

/// The samples in the column of this heading, or in the first column: seconds, or durations with their unit.
pub(crate) fn read(source: &Arc<Source>, column: Option<&str>) -> Result<Vec<Span>, Vec<Diagnostic>> {
    let rows = rows(source);
    let headings = rows.first().filter(|row| column.is_some() || span(row.cell(0)).is_err());
    let at = match (column, headings) {
        (Some(name), Some(row)) => row.column(name).ok_or_else(|| no_column(name, row))?,
        _ => 0,
    };
    let lines = &rows[usize::from(headings.is_some())..];
    let mut problems = Vec::new();
    let samples: Vec<Span> = lines.iter().filter_map(|row| sample(row, at, &mut problems)).collect();
    if samples.is_empty() && problems.is_empty() {
        let message = format!("{} has no samples", source.name);
        problems.push(Diagnostic::new(&codes::TRACE, message).at(&Place::start_of(source), ""));
    }
    problems.truncate(SHOWN);
    if problems.is_empty() { Ok(samples) } else { Err(problems) }
}

fn sample(row: &Row, column: usize, problems: &mut Vec<Diagnostic>) -> Option<Span> {
    span(row.cell(column))
        .map_err(|why| problems.push(Diagnostic::new(&codes::TRACE, why).at(&row.place, "")))
        .ok()
}

/// A number counts seconds.
fn span(text: &str) -> Result<Span, String> {
    match text.parse::<f64>() {
        Ok(secs) if secs.is_finite() && secs >= 0.0 => Ok(Span::from_secs_f64(secs)),
        Ok(_) => Err(format!("`{text}` is not a length of time")),
        Err(_) => text.parse::<Duration>().map(|duration| duration.0),
    }
}

fn no_column(name: &str, headings: &Row) -> Vec<Diagnostic> {
    let message = format!("there is no column `{name}`");
    let help = format!("there is {}", headings.cells.join(", "));
    vec![Diagnostic::new(&codes::NOT_FOUND, message).at(&headings.place, "").help(help)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, column: Option<&str>) -> Result<Vec<Span>, Vec<String>> {
        let messages = |problems: Vec<Diagnostic>| problems.into_iter().map(|p| p.message).collect();
        super::read(&Source::new("repairs.csv", text), column).map_err(messages)
    }

    #[test]
    fn seconds_and_durations_with_or_without_heading() {
        let expected = vec![Span::secs(90), Span::mins(5)];
        assert_eq!(read("90\n5m\n", None), Ok(expected.clone()));
        assert_eq!(read("# repairs\r\nrepair\r\n90\r\n\r\n300.0\r\n", None), Ok(expected.clone()));
        assert_eq!(read("node,repair\na,90\nb,5m", Some("repair")), Ok(expected));
    }

    #[test]
    fn what_is_no_sample_is_told() {
        assert_eq!(read("", None), Err(vec!["repairs.csv has no samples".to_owned()]));
        assert_eq!(read("a,b\n1,2\n", Some("c")), Err(vec!["there is no column `c`".to_owned()]));
        assert_eq!(read("1\n-2\nNaN\n", None).unwrap_err().len(), 2);
    }
}
