//! Documents: the objects that the inputs hold, sorted into manifests, the scenario and the sweep.

use std::fmt;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, codes};
use crate::files::Files;
use crate::scenario_file::defaults;
use crate::source::{Place, Source};
use crate::tree::{Node, Value, parse};

/// The group and version of our own kinds.
pub const API_VERSION: &str = "nines.dev/v1alpha1";

/// All objects of the inputs.
#[derive(Clone, Debug, Default)]
pub struct Documents {
    /// Kubernetes objects in order of appearance.
    pub manifests: Vec<Document>,
    /// The scenario; after loading always there, if only by default.
    pub scenario: Option<Document>,
    /// Whether the scenario was in the input.
    pub has_own_scenario: bool,
    /// The sweep.
    pub sweep: Option<Document>,
    /// Files that the scenario and the sweep name.
    pub files: Files,
}

/// One object.
#[derive(Clone, Debug)]
pub struct Document {
    /// `apiVersion`.
    pub api_version: String,
    /// `kind`.
    pub kind: String,
    /// `metadata.namespace`, by default `default`.
    pub namespace: String,
    /// `metadata.name`, empty if it has none.
    pub name: String,
    /// All of it.
    pub node: Node,
}

impl Documents {
    /// Adds the default scenario if there is none, and default faults and nodes to one that has none.
    pub(crate) fn complete(&mut self) {
        self.has_own_scenario = self.scenario.is_some();
        let has_nodes = self.manifests.iter().any(|document| document.is("v1", "Node"));
        let mut document = self.scenario.take().unwrap_or_else(default_scenario);
        defaults::fill(&mut document.node, has_nodes);
        self.scenario = Some(document);
    }
}

fn default_scenario() -> Document {
    let text = format!("apiVersion: {API_VERSION}\nkind: Scenario\nmetadata:\n  name: default\nspec: {{}}\n");
    let nodes = parse(&Source::new("default scenario", text), &mut Vec::new());
    let node = nodes.into_iter().next().expect("the text above is one document");
    Document::new(node)
}

impl Document {
    /// Sorts a tree into the documents: lists are taken apart, what is no object is reported.
    pub(crate) fn add(node: Node, documents: &mut Documents, diagnostics: &mut Vec<Diagnostic>) {
        if let Some(problem) = not_an_object(&node) {
            diagnostics.push(problem);
            return;
        }
        let document = Document::new(node);
        if document.is_list() {
            document.add_items(documents, diagnostics);
        } else if !document.api_version.starts_with("nines.dev/") {
            documents.manifests.push(document);
        } else {
            document.add_own(documents, diagnostics);
        }
    }

    fn new(node: Node) -> Document {
        let text = |path: &str| node.find(path).and_then(Node::as_str).unwrap_or_default().to_owned();
        let namespace = text("metadata.namespace");
        Document {
            api_version: text("apiVersion"),
            kind: text("kind"),
            namespace: if namespace.is_empty() { "default".to_owned() } else { namespace },
            name: text("metadata.name"),
            node,
        }
    }

    /// Reads name and type again after a change.
    pub(crate) fn refresh(&mut self) {
        let nothing = Node { place: self.node.place.clone(), value: Value::Null };
        *self = Document::new(std::mem::replace(&mut self.node, nothing));
    }

    /// Whether it is of this version and kind.
    pub fn is(&self, api_version: &str, kind: &str) -> bool {
        self.api_version == api_version && self.kind == kind
    }

    /// Where its name stands, or else its beginning.
    pub fn name_place(&self) -> &Place {
        self.node.place_of("metadata.name")
    }

    /// `kind: List` and typed lists such as `DeploymentList`.
    fn is_list(&self) -> bool {
        self.kind.ends_with("List") && self.node.get("items").is_some()
    }

    fn add_items(self, documents: &mut Documents, diagnostics: &mut Vec<Diagnostic>) {
        let item_kind = self.kind.strip_suffix("List").unwrap_or_default().to_owned();
        let Value::Map(entries) = self.node.value else { return };
        for entry in entries.into_iter().filter(|entry| entry.key == "items") {
            let Value::List(items) = entry.value.value else { continue };
            for item in items {
                Document::add(with_type(item, &self.api_version, &item_kind), documents, diagnostics);
            }
        }
    }

    fn add_own(self, documents: &mut Documents, diagnostics: &mut Vec<Diagnostic>) {
        let slot = match self.kind.as_str() {
            "Scenario" if self.api_version == API_VERSION => &mut documents.scenario,
            "Sweep" if self.api_version == API_VERSION => &mut documents.sweep,
            _ => return diagnostics.push(unknown_own_kind(&self)),
        };
        if let Some(first) = slot {
            let message = format!("there are two objects of kind {}", self.kind);
            let diagnostic = Diagnostic::new(&codes::TWO_SCENARIOS, message);
            diagnostics.push(diagnostic.at(self.name_place(), "second").at(first.name_place(), "first"));
        } else {
            *slot = Some(self);
        }
    }
}

/// Items of a typed list may leave out their type.
fn with_type(mut item: Node, api_version: &str, kind: &str) -> Node {
    if item.get("kind").is_some() || kind.is_empty() {
        return item;
    }
    let place = item.place.clone();
    if let Value::Map(entries) = &mut item.value {
        for (key, text) in [("apiVersion", api_version), ("kind", kind)] {
            let value = Node { place: place.clone(), value: Value::Text(text.to_owned()) };
            entries.push(crate::tree::Entry { key: key.to_owned(), place: place.clone(), value });
        }
    }
    item
}

fn not_an_object(node: &Node) -> Option<Diagnostic> {
    let missing: Vec<&str> = ["apiVersion", "kind"]
        .into_iter()
        .filter(|key| node.get(key).and_then(Node::as_str).is_none())
        .collect();
    if missing.is_empty() {
        return None;
    }
    let message = format!("this document is not a Kubernetes object: it has no {}", missing.join(" and no "));
    Some(Diagnostic::new(&codes::NOT_AN_OBJECT, message).at(node.place_of(""), ""))
}

fn unknown_own_kind(document: &Document) -> Diagnostic {
    let message = format!("nines has no kind {} in {}", document.kind, document.api_version);
    Diagnostic::new(&codes::CHOICE, message)
        .at(document.node.place_of("kind"), "")
        .help(format!("kinds are Scenario and Sweep, in {API_VERSION}"))
}

impl fmt::Display for Document {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.namespace.as_str() {
            _ if self.name.is_empty() => write!(out, "{} without a name", self.kind),
            "default" => write!(out, "{} {}", self.kind, self.name),
            namespace => write!(out, "{} {namespace}/{}", self.kind, self.name),
        }
    }
}

/// Text of our own as a tree; it is tested to be valid.
pub(crate) fn own_text(name: &str, text: &str) -> Option<Node> {
    let source: Arc<Source> = Source::new(name, text);
    parse(&source, &mut Vec::new()).into_iter().next()
}
