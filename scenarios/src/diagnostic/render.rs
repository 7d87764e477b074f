//! Diagnostics as text for people and as JSON lines for programs.

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};
use serde_json::json;

use super::{Diagnostic, Label, Severity};
use crate::source::Place;

/// Renders diagnostics as rustc does, each followed by an empty line.
pub fn human(diagnostics: &[Diagnostic], colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let render = |diagnostic: &Diagnostic| renderer.render(&[group(diagnostic)]) + "\n\n";
    diagnostics.iter().map(render).collect()
}

/// Renders diagnostics as JSON, one object on a line.
pub fn json_lines(diagnostics: &[Diagnostic]) -> String {
    diagnostics.iter().map(|diagnostic| json_object(diagnostic).to_string() + "\n").collect()
}

fn group(diagnostic: &Diagnostic) -> Group<'_> {
    let title = level(diagnostic.severity).primary_title(&diagnostic.message).id(diagnostic.code.id);
    let mut group = Group::with_title(title);
    for snippet in snippets(&diagnostic.labels) {
        group = group.element(snippet);
    }
    match &diagnostic.help {
        Some(help) => group.element(Level::HELP.message(help)),
        None => group,
    }
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    }
}

/// One snippet a source, in order of first mention; only the text around the labels is handed over, because
/// a source may be very large.
fn snippets(labels: &[Label]) -> Vec<Snippet<'_, Annotation<'_>>> {
    let mut snippets: Vec<Snippet<'_, Annotation<'_>>> = Vec::new();
    let mut done: Vec<&Place> = Vec::new();
    for (index, label) in labels.iter().enumerate() {
        if done.iter().any(|place| place.source == label.place.source) {
            continue;
        }
        done.push(&label.place);
        let same: Vec<(usize, &Label)> = labels
            .iter()
            .enumerate()
            .skip(index)
            .filter(|(_, l)| l.place.source == label.place.source)
            .collect();
        snippets.push(snippet(&same));
    }
    snippets
}

fn snippet<'a>(labels: &[(usize, &'a Label)]) -> Snippet<'a, Annotation<'a>> {
    let source = &labels[0].1.place.source;
    let window = window(labels);
    let first_line = source.text[..window.start].bytes().filter(|byte| *byte == b'\n').count() + 1;
    let annotations = labels.iter().map(|(index, label)| annotation(*index, label, window.start));
    Snippet::source(&source.text[window.clone()])
        .line_start(first_line)
        .path(&source.name)
        .annotations(annotations.collect::<Vec<_>>())
}

fn annotation(index: usize, label: &Label, offset: usize) -> Annotation<'_> {
    let kind = if index == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
    let range = label.place.range();
    let annotation = kind.span(range.start - offset..range.end - offset);
    if label.text.is_empty() { annotation } else { annotation.label(&label.text) }
}

/// Whole lines from one before the first label to one after the last.
fn window(labels: &[(usize, &Label)]) -> std::ops::Range<usize> {
    let text = &labels[0].1.place.source.text;
    let ranges = || labels.iter().map(|(_, label)| label.place.range());
    let first = ranges().map(|range| range.start).min().unwrap_or(0);
    let last = ranges().map(|range| range.end).max().unwrap_or(0);
    let line_start = |at: usize| text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let line_end = |at: usize| text[at..].find('\n').map_or(text.len(), |newline| at + newline);
    let start = line_start(line_start(first).saturating_sub(1));
    let end = line_end(last);
    start..if end < text.len() { line_end(end + 1) } else { end }
}

fn json_object(diagnostic: &Diagnostic) -> serde_json::Value {
    json!({
        "code": diagnostic.code.id,
        "severity": diagnostic.severity.to_string(),
        "message": diagnostic.message,
        "labels": diagnostic.labels.iter().map(json_label).collect::<Vec<_>>(),
        "help": diagnostic.help,
    })
}

fn json_label(label: &Label) -> serde_json::Value {
    let (line, column) = label.place.line_and_column();
    let range = label.place.range();
    json!({
        "file": label.place.source.name,
        "line": line,
        "column": column,
        "start": range.start,
        "end": range.end,
        "text": label.text,
    })
}
