//! The way to a node: shown in messages, and followed to take a node out.

use std::fmt;

use super::{Node, Value};

/// The way from the root of the tree to a node, as a list on the stack.
pub(super) struct Trail<'t> {
    pub parent: Option<&'t Trail<'t>>,
    pub segment: Segment<'t>,
}

pub(super) enum Segment<'t> {
    Root,
    Key(&'t str),
    Index(usize),
}

impl Trail<'_> {
    pub const ROOT: Trail<'static> = Trail { parent: None, segment: Segment::Root };
}

impl fmt::Display for Trail<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(parent) = self.parent else { return Ok(()) };
        parent.fmt(out)?;
        let dot = if parent.parent.is_some() { "." } else { "" };
        match self.segment {
            Segment::Root => Ok(()),
            Segment::Key(key) if key.contains('.') => write!(out, "[{key}]"),
            Segment::Key(key) => write!(out, "{dot}{key}"),
            Segment::Index(index) => write!(out, "{dot}{index}"),
        }
    }
}

/// Takes the node at a path out of its mapping, or makes it null in its list.
pub(super) fn clear(node: &mut Node, path: &str) -> bool {
    let (segment, rest) = split_segment(path);
    match &mut node.value {
        Value::List(items) => {
            let Some(item) = segment.parse::<usize>().ok().and_then(|index| items.get_mut(index)) else {
                return false;
            };
            if rest.is_empty() {
                item.value = Value::Null;
                return true;
            }
            clear(item, rest)
        }
        Value::Map(entries) => {
            let Some(index) = entries.iter().position(|entry| entry.key == segment) else { return false };
            if rest.is_empty() {
                entries.remove(index);
                return true;
            }
            clear(&mut entries[index].value, rest)
        }
        _ => false,
    }
}

/// Splits the first segment off a dotted path; a key that has dots is in brackets.
fn split_segment(path: &str) -> (&str, &str) {
    if let Some((key, rest)) = path.strip_prefix('[').and_then(|path| path.split_once(']')) {
        return (key, rest.strip_prefix('.').unwrap_or(rest));
    }
    let end = path.find(['.', '[']).unwrap_or(path.len());
    let rest = &path[end..];
    (&path[..end], rest.strip_prefix('.').unwrap_or(rest))
}
