//! Input as a tree of values, each of which knows its place: what YAML and JSON become before they are typed.

pub mod decode;
mod text;
mod trail;
mod yaml;

pub use yaml::parse;

use crate::source::Place;

/// A value and its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Where it stands; of a list or mapping, where it starts.
    pub place: Place,
    /// What it is.
    pub value: Value,
}

/// The kinds of value that YAML and JSON share.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// A string.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// A mapping, in the order of the file.
    Map(Vec<Entry>),
}

/// A key of a mapping with its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Where the key stands.
    pub place: Place,
    /// The value.
    pub value: Node,
}

impl Node {
    /// The value of a key; none if this is no mapping or has no such key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The key with its value.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        match &self.value {
            Value::Map(entries) => entries.iter().find(|entry| entry.key == key),
            _ => None,
        }
    }

    /// The node at a path of keys and list positions such as `spec.containers.0.name`.
    pub fn find(&self, path: &str) -> Option<&Node> {
        path.split('.').try_fold(self, |node, segment| node.step(segment))
    }

    /// The node at a path of keys, to be changed.
    pub fn find_mut(&mut self, path: &str) -> Option<&mut Node> {
        path.split('.').try_fold(self, |node, key| match &mut node.value {
            Value::Map(entries) => {
                entries.iter_mut().find(|entry| entry.key == key).map(|entry| &mut entry.value)
            }
            _ => None,
        })
    }

    /// The place of the node at a path, or of the nearest node above it that exists.
    pub fn place_of(&self, path: &str) -> &Place {
        let mut node = self;
        let mut place = self.key_place();
        for segment in path.split('.').filter(|segment| !segment.is_empty()) {
            let Some(next) = node.step(segment) else { break };
            place = node.entry(segment).map_or(next.key_place(), |entry| match next.value {
                Value::Map(_) | Value::List(_) => &entry.place,
                _ => &next.place,
            });
            node = next;
        }
        place
    }

    /// The string here, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The elements here; none unless this is a list.
    pub fn items(&self) -> &[Node] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// The entries here; none unless this is a mapping.
    pub fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    /// Whether there is nothing here.
    pub fn is_null(&self) -> bool {
        self.value == Value::Null
    }

    fn step(&self, segment: &str) -> Option<&Node> {
        match &self.value {
            Value::List(items) => items.get(segment.parse::<usize>().ok()?),
            _ => self.get(segment),
        }
    }

    /// A mapping is best shown by its first key.
    fn key_place(&self) -> &Place {
        self.entries().first().map_or(&self.place, |entry| &entry.place)
    }
}
