//! `--set path=value`: changes single fields of the documents before they are typed. Sweeps set their factors
//! in the same way.
//!
//! A path names an object and a field in it. Brackets hold what has dots of its own.
//!
//! ```text
//! Deployment/web.spec.replicas                          a field of a Deployment
//! Deployment/shop/web.spec.replicas                     the same with a namespace
//! Deployment/*.spec.template.spec.priority              of every Deployment
//! Deployment/web.spec.template.spec.containers[0].image a list element by position
//! Deployment/web.spec.template.spec.containers[server]  or by name
//! Node/[n1.example.com].spec.unschedulable              a name with dots
//! scenario.spec.faults.node-crash.timeToRepair          the scenario
//! ```

use std::fmt;
use std::str::FromStr;

use crate::diagnostic::{Diagnostic, codes};
use crate::document::{Document, Documents};
use crate::source::{Place, Source};
use crate::tree::{Entry, Node, Value};

/// Prefix of the names of sources that hold values set from outside.
const SOURCE_PREFIX: &str = "--set ";

/// A field, or several alike, of the documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    object: Object,
    segments: Vec<String>,
    text: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Object {
    Scenario,
    /// A namespace of `None` is any, a name of `*` is every one.
    Manifest {
        kind: String,
        namespace: Option<String>,
        name: String,
    },
}

impl FromStr for Path {
    type Err = Box<Diagnostic>;

    fn from_str(text: &str) -> Result<Path, Box<Diagnostic>> {
        let mut segments = split(text).ok_or_else(|| not_understood(text))?;
        let object = Object::parse(&segments.remove(0)).ok_or_else(|| not_understood(text))?;
        if segments.is_empty() || segments.iter().any(String::is_empty) {
            return Err(not_understood(text));
        }
        Ok(Path { object, segments, text: text.to_owned() })
    }
}

impl fmt::Display for Path {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}

/// Whether a value was set from outside rather than read from a file.
pub fn is_set(place: &Place) -> bool {
    place.source.name.starts_with(SOURCE_PREFIX)
}

/// Applies an argument `path=value`.
pub(crate) fn apply_argument(documents: &mut Documents, argument: &str) -> Result<(), Box<Diagnostic>> {
    let Some((path, value)) = argument.split_once('=') else {
        let message = format!("`{argument}` has no `=`");
        return Err(Box::new(Diagnostic::new(&codes::PATH, message).help("write PATH=VALUE")));
    };
    apply(documents, &path.trim().parse()?, value)
}

/// Sets the field at a path to a value given as YAML.
pub(crate) fn apply(documents: &mut Documents, path: &Path, value: &str) -> Result<(), Box<Diagnostic>> {
    let value = parse_value(path, value)?;
    let known = documents.names();
    let chosen: Vec<&mut Document> =
        documents.iter_mut().filter(|document| path.object.is(document)).collect();
    if chosen.is_empty() {
        return Err(leads_nowhere(path, "no such object", known));
    }
    if chosen.len() > 1 && !path.object.is_wildcard() {
        return Err(leads_nowhere(path, "several namespaces have such an object: name one of them", known));
    }
    for document in chosen {
        put(&mut document.node, &path.segments, &value)
            .map_err(|stop| leads_nowhere(path, &stop.why, stop.known))?;
        document.refresh();
    }
    Ok(())
}

fn parse_value(path: &Path, text: &str) -> Result<Node, Box<Diagnostic>> {
    let name = format!("{SOURCE_PREFIX}{path}");
    let source = Source::new(&name, text);
    let mut problems = Vec::new();
    let nodes = crate::tree::parse(&source, &mut problems);
    if let Some(problem) = problems.pop() {
        return Err(Box::new(problem));
    }
    Ok(nodes.into_iter().next().unwrap_or(Node { place: Place::start_of(&source), value: Value::Null }))
}

/// Where a path could not be followed, and what would have been there.
struct Stop {
    why: String,
    known: Vec<String>,
}

/// Walks down, making mappings where there is nothing yet, and replaces the node at the end.
fn put(node: &mut Node, segments: &[String], value: &Node) -> Result<(), Stop> {
    let Some((segment, rest)) = segments.split_first() else {
        *node = value.clone();
        return Ok(());
    };
    if node.is_null() {
        *node = Node { place: value.place.clone(), value: Value::Map(Vec::new()) };
    }
    match &mut node.value {
        Value::Map(entries) => put(child(entries, segment, &value.place), rest, value),
        Value::List(items) => put(element(items, segment)?, rest, value),
        _ => Err(Stop { why: format!("there is no `{segment}` in a plain value"), known: Vec::new() }),
    }
}

fn child<'a>(entries: &'a mut Vec<Entry>, key: &str, place: &Place) -> &'a mut Node {
    let index = entries.iter().position(|entry| entry.key == key).unwrap_or_else(|| {
        let value = Node { place: place.clone(), value: Value::Null };
        entries.push(Entry { key: key.to_owned(), place: place.clone(), value });
        entries.len() - 1
    });
    &mut entries[index].value
}

fn element<'a>(items: &'a mut [Node], segment: &str) -> Result<&'a mut Node, Stop> {
    let names: Vec<String> =
        items.iter().enumerate().map(|(index, item)| element_name(index, item)).collect();
    let by_name = names.iter().position(|name| name == segment);
    let index = by_name.or_else(|| segment.parse().ok()).filter(|index| *index < items.len());
    let missing = || Stop { why: format!("the list has no element `{segment}`"), known: names };
    index.map(|index| &mut items[index]).ok_or_else(missing)
}

/// What an element of a list goes by: its name or another key that tells it apart, or else its position.
fn element_name(index: usize, item: &Node) -> String {
    let keys = ["name", "topologyKey", "key", "service"];
    let name = keys.iter().find_map(|key| item.get(key).and_then(Node::as_str));
    name.map_or_else(|| index.to_string(), str::to_owned)
}

impl Object {
    fn parse(text: &str) -> Option<Object> {
        if text.eq_ignore_ascii_case("scenario") {
            return Some(Object::Scenario);
        }
        let parts: Vec<&str> = text.split('/').collect();
        let (kind, namespace, name) = match parts[..] {
            [kind, name] => (kind, None, name),
            [kind, namespace, name] => (kind, Some(namespace.to_owned()), name),
            _ => return None,
        };
        let complete = !kind.is_empty() && !name.is_empty();
        complete.then(|| Object::Manifest { kind: kind.to_owned(), namespace, name: name.to_owned() })
    }

    fn is(&self, document: &Document) -> bool {
        match self {
            Object::Scenario => document.is_scenario(),
            Object::Manifest { kind, namespace, name } => {
                kind.eq_ignore_ascii_case(&document.kind)
                    && namespace.as_ref().is_none_or(|namespace| *namespace == document.namespace)
                    && (name == "*" || *name == document.name)
            }
        }
    }

    fn is_wildcard(&self) -> bool {
        matches!(self, Object::Manifest { name, .. } if name == "*")
    }
}

/// Splits at dots and brackets. A bracket after a slash belongs to the name of the object.
fn split(text: &str) -> Option<Vec<String>> {
    let mut segments = vec![String::new()];
    let (mut inside, mut closed) = (false, false);
    for c in text.chars() {
        let last = segments.last_mut()?;
        match c {
            ']' if inside => (inside, closed) = (false, true),
            _ if inside => last.push(c),
            '[' => {
                if !last.is_empty() && !last.ends_with('/') {
                    segments.push(String::new());
                }
                (inside, closed) = (true, false);
            }
            '.' => {
                segments.push(String::new());
                closed = false;
            }
            _ if closed => return None,
            _ => last.push(c),
        }
    }
    (!inside).then_some(segments)
}

fn not_understood(text: &str) -> Box<Diagnostic> {
    let help = "for example Deployment/web.spec.replicas, or scenario.spec.faults.node-crash.timeToRepair";
    Box::new(Diagnostic::new(&codes::PATH, format!("the path `{text}` is not understood")).help(help))
}

fn leads_nowhere(path: &Path, why: &str, known: Vec<String>) -> Box<Diagnostic> {
    let diagnostic =
        Diagnostic::new(&codes::PATH_NOT_FOUND, format!("the path `{path}` leads nowhere: {why}"));
    Box::new(if known.is_empty() {
        diagnostic
    } else {
        diagnostic.help(format!("there is {}", listed(&known)))
    })
}

/// The first few of many names.
fn listed(names: &[String]) -> String {
    let shown = names.iter().take(12).cloned().collect::<Vec<_>>().join(", ");
    if names.len() > 12 { format!("{shown} and {} more", names.len() - 12) } else { shown }
}

impl Documents {
    fn iter_mut(&mut self) -> impl Iterator<Item = &mut Document> {
        self.manifests.iter_mut().chain(&mut self.scenario)
    }

    fn names(&self) -> Vec<String> {
        let manifests = self.manifests.iter().map(|document| format!("{}/{}", document.kind, document.name));
        manifests.chain(["scenario".to_owned()]).collect()
    }
}

impl Document {
    fn is_scenario(&self) -> bool {
        self.kind == "Scenario" && self.api_version.starts_with("nines.dev/")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::own_text;

    #[test]
    fn paths_split_at_dots_and_brackets() {
        for (text, expected) in [
            ("a/b.c.d", vec!["a/b", "c", "d"]),
            ("a/b.c[0].d", vec!["a/b", "c", "0", "d"]),
            ("a/b.c[x.y/z]", vec!["a/b", "c", "x.y/z"]),
            ("a/[n.1].c", vec!["a/n.1", "c"]),
            ("a/b.c[0][k]", vec!["a/b", "c", "0", "k"]),
        ] {
            assert_eq!(split(text).unwrap(), expected, "{text}");
        }
        assert_eq!(split("a/b.c[0"), None);
        assert_eq!(split("a/b.c[0]x"), None);
    }

    #[test]
    fn fields_are_set_by_position_and_by_name() {
        let mut node = own_text("test", "list: [{name: a, x: 1}, {name: b}]\nmap: {}").unwrap();
        let value = |text| parse_value(&"X/y.z".parse().unwrap(), text).unwrap();
        let path = |text: &str| text.split('.').map(str::to_owned).collect::<Vec<_>>();
        put(&mut node, &path("list.a.x"), &value("7")).ok().unwrap();
        put(&mut node, &path("list.1.x"), &value("8")).ok().unwrap();
        put(&mut node, &path("map.new.deep"), &value("[1]")).ok().unwrap();
        let expected = r#"{"list":[{"name":"a","x":7},{"name":"b","x":8}],"map":{"new":{"deep":[1]}}}"#;
        assert_eq!(node.to_string(), expected);
        let stop = put(&mut node, &path("list.c.x"), &value("7")).unwrap_err();
        assert_eq!(stop.known, ["a", "b"]);
    }
}
