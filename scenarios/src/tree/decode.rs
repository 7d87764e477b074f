//! Trees to typed values, by serde, with the place of every problem and of every field that no type knows.

use std::cell::RefCell;
use std::fmt;

use serde::de::value::{MapAccessDeserializer, StrDeserializer};
use serde::de::{DeserializeSeed, Deserializer, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor};
use serde::{Deserialize, forward_to_deserialize_any};

use super::trail::{Segment, Trail, clear};
use super::{Entry, Node, Value};
use crate::source::Place;

/// What could be made of a tree.
#[derive(Debug)]
pub struct Decoded<T> {
    /// The value; none if it lacks something that it cannot do without.
    pub value: Option<T>,
    /// Everything that has the wrong type or an impossible value.
    pub problems: Vec<Problem>,
    /// Fields that the type does not have.
    pub unknown: Vec<Problem>,
}

/// A problem of one node.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// Dotted path of the node below the root of the tree.
    pub path: String,
    /// Where it stands.
    pub place: Place,
    /// What is the matter with it; empty for an unknown field.
    pub message: String,
}

/// After this many problems of one tree, the rest is not looked for.
const MAX_PROBLEMS: usize = 100;

/// Decodes a tree. A node that does not fit is reported, taken for null, and decoding goes on, so that all
/// such nodes are found.
pub fn decode<T: for<'de> Deserialize<'de>>(node: &Node) -> Decoded<T> {
    let mut problems: Vec<Problem> = Vec::new();
    let mut tree = std::borrow::Cow::Borrowed(node);
    loop {
        let unknown = RefCell::new(Vec::new());
        let decoder = Decoder { node: &tree, trail: &Trail::ROOT, unknown: &unknown };
        let failure = match T::deserialize(decoder) {
            Ok(value) => return Decoded { value: Some(value), problems, unknown: unknown.into_inner() },
            Err(failure) => failure.0,
        };
        let was_cleared = problems.iter().any(|problem| failure.is_about(problem));
        let path = failure.path.clone();
        if !was_cleared {
            problems.push(failure);
        }
        let enough = was_cleared || path.is_empty() || problems.len() >= MAX_PROBLEMS;
        if enough || !clear(tree.to_mut(), &path) {
            return Decoded { value: None, problems, unknown: unknown.into_inner() };
        }
    }
}

impl Problem {
    /// Whether this failure only follows from having cleared the node of an earlier one.
    fn is_about(&self, earlier: &Problem) -> bool {
        earlier.path == self.path
            || (earlier.path.starts_with(&self.path) && self.message.contains("missing field"))
    }
}

#[derive(Clone, Copy)]
struct Decoder<'de, 't> {
    node: &'de Node,
    trail: &'t Trail<'t>,
    unknown: &'t RefCell<Vec<Problem>>,
}

/// A serde error that knows where it arose.
#[derive(Debug)]
struct Failure(Problem);

impl Failure {
    fn or_here(mut self, decoder: &Decoder<'_, '_>) -> Failure {
        if self.0.place.source.name.is_empty() {
            self.0.path = decoder.trail.to_string();
            self.0.place = decoder.node.key_place().clone();
        }
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0.message)
    }
}

impl std::error::Error for Failure {}

impl serde::de::Error for Failure {
    fn custom<M: fmt::Display>(message: M) -> Failure {
        let nowhere = Place::start_of(&crate::source::Source::new("", ""));
        Failure(Problem { path: String::new(), place: nowhere, message: plain(&message.to_string()) })
    }
}

/// Says in words what serde says in Rust types.
fn plain(message: &str) -> String {
    let words = [
        ("expected i32", "expected a whole number"),
        ("expected i64", "expected a whole number"),
        ("expected u32", "expected a whole number that is not negative"),
        ("expected u64", "expected a whole number that is not negative"),
        ("expected f64", "expected a number"),
        ("expected a map", "expected a mapping"),
        ("expected a sequence", "expected a list"),
        ("invalid type: map", "invalid type: mapping"),
        ("invalid type: sequence", "invalid type: list"),
        ("invalid type: unit value", "invalid type: nothing"),
        ("expected Quantity", "expected a quantity such as 500m or 2Gi"),
        ("expected IntOrString", "expected a number or a string"),
    ];
    words.iter().fold(message.to_owned(), |text, (from, to)| text.replace(from, to))
}

impl<'de> Decoder<'de, '_> {
    fn visit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        let visited = match &self.node.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::Int(value) => visitor.visit_i64(*value),
            Value::Float(value) => visitor.visit_f64(*value),
            Value::Text(value) => visitor.visit_borrowed_str(value),
            Value::List(items) => visitor.visit_seq(Items { decoder: self, items: items.iter().enumerate() }),
            Value::Map(entries) => visitor.visit_map(Entries::new(self, entries)),
        };
        visited.map_err(|failure: Failure| failure.or_here(&self))
    }
}

impl<'de> Deserializer<'de> for Decoder<'de, '_> {
    type Error = Failure;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        self.visit(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        if self.node.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Failure> {
        visitor.visit_newtype_struct(self).map_err(|failure: Failure| failure.or_here(&self))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Failure> {
        let visited = match &self.node.value {
            Value::Text(name) => visitor.visit_enum(StrDeserializer::new(name)),
            Value::Map(entries) if entries.len() == 1 => {
                visitor.visit_enum(Variant { decoder: self, entry: &entries[0] })
            }
            Value::Map(_) => visitor.visit_enum(MapAccessDeserializer::new(Entries::new(self, &[]))),
            _ => return self.visit(visitor),
        };
        visited.map_err(|failure: Failure| failure.or_here(&self))
    }

    /// serde asks this of the value of a field that the type does not have.
    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        let place = self.node.place.clone();
        self.unknown.borrow_mut().push(Problem {
            path: self.trail.to_string(),
            place,
            message: String::new(),
        });
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq
        tuple tuple_struct map struct identifier
    }
}

struct Items<'de, 't, I> {
    decoder: Decoder<'de, 't>,
    items: I,
}

impl<'de, I: Iterator<Item = (usize, &'de Node)>> SeqAccess<'de> for Items<'de, '_, I> {
    type Error = Failure;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Failure> {
        let Some((index, node)) = self.items.next() else { return Ok(None) };
        let trail = Trail { parent: Some(self.decoder.trail), segment: Segment::Index(index) };
        seed.deserialize(Decoder { node, trail: &trail, unknown: self.decoder.unknown }).map(Some)
    }
}

struct Entries<'de, 't> {
    decoder: Decoder<'de, 't>,
    entries: std::slice::Iter<'de, Entry>,
    current: Option<&'de Entry>,
}

impl<'de, 't> Entries<'de, 't> {
    fn new(decoder: Decoder<'de, 't>, entries: &'de [Entry]) -> Entries<'de, 't> {
        Entries { decoder, entries: entries.iter(), current: None }
    }
}

impl<'de> MapAccess<'de> for Entries<'de, '_> {
    type Error = Failure;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Failure> {
        self.current = self.entries.next();
        let Some(entry) = self.current else { return Ok(None) };
        seed.deserialize(StrDeserializer::new(&entry.key)).map(Some)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Failure> {
        let entry = self.current.expect("serde asks for the key first");
        decode_entry(&self.decoder, entry, seed)
    }
}

/// A problem of an entry that is unknown as a whole is best shown at its key.
fn decode_entry<'de, T: DeserializeSeed<'de>>(
    decoder: &Decoder<'de, '_>,
    entry: &'de Entry,
    seed: T,
) -> Result<T::Value, Failure> {
    let trail = Trail { parent: Some(decoder.trail), segment: Segment::Key(&entry.key) };
    let before = decoder.unknown.borrow().len();
    let value = seed.deserialize(Decoder { node: &entry.value, trail: &trail, unknown: decoder.unknown });
    if let Some(added) = decoder.unknown.borrow_mut().get_mut(before)
        && added.place == entry.value.place
    {
        added.place = entry.place.clone();
    }
    value
}

/// An enum written as a mapping with one key: the variant's name.
struct Variant<'de, 't> {
    decoder: Decoder<'de, 't>,
    entry: &'de Entry,
}

impl<'de> EnumAccess<'de> for Variant<'de, '_> {
    type Error = Failure;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Failure> {
        let name = seed.deserialize(StrDeserializer::<Failure>::new(&self.entry.key));
        Ok((name.map_err(|failure| failure.or_here(&self.decoder))?, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'de, '_> {
    type Error = Failure;

    fn unit_variant(self) -> Result<(), Failure> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Failure> {
        decode_entry(&self.decoder, self.entry, seed)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Failure> {
        Decoder { node: &self.entry.value, ..self.decoder }.visit(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Failure> {
        let trail = Trail { parent: Some(self.decoder.trail), segment: Segment::Key(&self.entry.key) };
        Decoder { node: &self.entry.value, trail: &trail, unknown: self.decoder.unknown }.visit(visitor)
    }
}
