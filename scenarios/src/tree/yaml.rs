//! Text to trees. The one module that knows the YAML library.

use std::fmt;
use std::sync::Arc;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{Location, Options, Spanned};

use super::{Entry, Node, Value};
use crate::diagnostic::{Diagnostic, codes};
use crate::source::{Place, Source};

/// Trees are walked by recursion; the deepest field of the Kubernetes API is at about 20.
const MAX_DEPTH: usize = 100;

const PARSER_STACK_BYTES: usize = 32 << 20;

/// Which reading of plain scalars applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// As kubectl reads manifests: YAML 1.1 booleans (`yes`, `on`) and octal numbers (`0644`).
    Kubernetes,
    /// YAML 1.2 only, for our own files.
    Strict,
}

/// Parses all documents of a source; empty documents are left out. A document that is not YAML is a
/// diagnostic, and the others are parsed all the same.
pub fn parse(source: &Arc<Source>, diagnostics: &mut Vec<Diagnostic>) -> Vec<Node> {
    let mut nodes = Vec::new();
    for parsed in with_large_stack(|| parse_documents(source)) {
        match parsed {
            Ok(node) => nodes.extend(node),
            Err(diagnostic) => diagnostics.push(*diagnostic),
        }
    }
    nodes
}

type Parsed = Result<Option<Node>, Box<Diagnostic>>;

fn parse_documents(source: &Arc<Source>) -> Vec<Parsed> {
    documents(&source.text).into_iter().map(|(offset, text)| parse_document(source, offset, text)).collect()
}

/// The library recurses with some 40 kB a level in debug builds, too much for a thread of usual size.
fn with_large_stack<T: Send>(work: impl Fn() -> T + Sync) -> T {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(PARSER_STACK_BYTES).spawn_scoped(scope, &work);
        match thread.map(std::thread::ScopedJoinHandle::join) {
            Ok(Ok(result)) => result,
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            Err(_) => work(),
        }
    })
}

/// Splits at `---` lines, which YAML gives no other meaning at the start of a line (YAML 1.2.2, 9.1.2).
fn documents(text: &str) -> Vec<(usize, &str)> {
    let mut documents = Vec::new();
    let (mut start, mut offset) = (0, 0);
    for line in text.split_inclusive('\n') {
        if is_marker(line) && offset > start {
            documents.push((start, &text[start..offset]));
            start = offset;
        }
        offset += line.len();
    }
    documents.push((start, &text[start..]));
    documents
}

fn is_marker(line: &str) -> bool {
    line.strip_prefix("---").is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\r', '\n']))
}

fn parse_document(source: &Arc<Source>, offset: usize, text: &str) -> Parsed {
    if is_blank(text) {
        return Ok(None);
    }
    let frame = Frame { source, offset, text };
    let dialect = if text.contains("apiVersion: nines.dev/") { Dialect::Strict } else { Dialect::Kubernetes };
    match serde_saphyr::from_str_with_options::<Spanned<Raw>>(text, options(dialect)) {
        Ok(spanned) if matches!(spanned.value, Raw::Null) => Ok(None),
        Ok(spanned) => Ok(Some(frame.node(spanned))),
        Err(error) => Err(Box::new(frame.diagnose(&error))),
    }
}

fn is_blank(text: &str) -> bool {
    text.lines().map(str::trim).all(|line| line.is_empty() || line.starts_with('#') || line == "---")
}

fn options(dialect: Dialect) -> Options {
    serde_saphyr::options! {
        legacy_octal_numbers: dialect == Dialect::Kubernetes,
        strict_booleans: dialect == Dialect::Strict,
        with_snippet: false,
        // The library's own limits refuse the output of `kubectl get` for a few thousand objects.
        budget: serde_saphyr::budget! { max_nodes: 50_000_000, max_events: 200_000_000, max_depth: MAX_DEPTH },
        alias_limits: serde_saphyr::alias_limits! {
            max_total_replayed_events: 100_000,
            max_alias_expansions_per_anchor: 10_000,
        },
    }
}

/// A document within its source: what turns the library's locations into places.
struct Frame<'a> {
    source: &'a Arc<Source>,
    offset: usize,
    text: &'a str,
}

impl Frame<'_> {
    fn node(&self, spanned: Spanned<Raw>) -> Node {
        let place = self.place(spanned.referenced);
        let value = match spanned.value {
            Raw::Null => Value::Null,
            Raw::Bool(value) => Value::Bool(value),
            Raw::Int(value) => Value::Int(value),
            Raw::Float(value) => Value::Float(value),
            Raw::Text(value) => Value::Text(value),
            Raw::List(items) => Value::List(items.into_iter().map(|item| self.node(item)).collect()),
            Raw::Map(entries) => Value::Map(entries.into_iter().map(|entry| self.entry(entry)).collect()),
        };
        Node { place, value }
    }

    fn entry(&self, (key, value): (Spanned<String>, Spanned<Raw>)) -> Entry {
        let place = self.place(key.referenced);
        Entry { key: key.value, place, value: self.node(value) }
    }

    fn place(&self, location: Location) -> Place {
        let span = location.span();
        let start = span.byte_offset().map_or_else(|| self.byte_of(location), |offset| offset as usize);
        let len = span.byte_len().unwrap_or(0);
        // A block's extent would underline everything below it.
        let line_rest = self.text[start.min(self.text.len())..].lines().next().map_or(0, str::len);
        self.place_at(start, (len as usize).min(line_rest))
    }

    fn place_at(&self, start: usize, len: usize) -> Place {
        Place { source: self.source.clone(), start: (self.offset + start) as u32, len: len as u32 }
    }

    /// Errors carry a line and a column only.
    fn byte_of(&self, location: Location) -> usize {
        let (line, column) = (location.line() as usize, location.column() as usize);
        let before: usize = self.text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
        let in_line = self.text[before..].chars().take(column.saturating_sub(1)).map(char::len_utf8);
        before + in_line.sum::<usize>()
    }

    fn diagnose(&self, error: &serde_saphyr::Error) -> Diagnostic {
        if let Some(at) = self.text.find("{{") {
            return Diagnostic::new(&codes::TEMPLATE, "this is a template, not a manifest")
                .at(&self.place_at(at, 2), "templates must be rendered first")
                .help("for a Helm chart: helm template CHART | nines run -f -");
        }
        let message = plain_message(error);
        let place = error.location().map_or(self.place_at(0, 0), |location| self.place(location));
        if is_excessive(error) {
            return Diagnostic::new(&codes::EXPANSION, "this is larger or deeper than any manifest")
                .at(&place, message)
                .help("write values out instead of nesting YAML aliases");
        }
        Diagnostic::new(&codes::SYNTAX, "this is not valid YAML").at(&place, message)
    }
}

/// Whether a limit was met rather than a mistake found.
fn is_excessive(error: &serde_saphyr::Error) -> bool {
    use serde_saphyr::Error::*;
    match error {
        AliasError { error, .. } | WithSnippet { error, .. } => is_excessive(error),
        Budget { .. } | AliasReplayLimitExceeded { .. } | AliasExpansionLimitExceeded { .. } => true,
        AliasReplayStackDepthExceeded { .. } | AliasReplayCounterOverflow { .. } => true,
        _ => false,
    }
}

fn plain_message(error: &serde_saphyr::Error) -> String {
    let text = error.without_snippet().to_string();
    match text.find(" at line ") {
        Some(end) => text[..end].to_owned(),
        None => text,
    }
}

/// What the library fills in: a tree whose nodes it has located.
enum Raw {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    List(Vec<Spanned<Raw>>),
    Map(Vec<(Spanned<String>, Spanned<Raw>)>),
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Raw, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_none<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Raw, D::Error> {
        Raw::deserialize(deserializer)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Raw, E> {
        Ok(Raw::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Raw, E> {
        Ok(Raw::Int(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Raw, E> {
        Ok(i64::try_from(value).map_or(Raw::Float(value as f64), Raw::Int))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Raw, E> {
        Ok(Raw::Float(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Raw, E> {
        Ok(Raw::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Raw, E> {
        Ok(Raw::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Raw, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Raw::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Raw, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Raw::Map(entries))
    }
}
