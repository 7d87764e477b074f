//! Documents to typed objects, with a diagnostic for everything that does not fit.

use serde::Deserialize;

use crate::diagnostic::{Code, Diagnostic, Severity, codes};
use crate::document::Document;
use crate::set::is_set;
use crate::tree::decode::{Decoded, Problem, decode};

/// An object of a Kubernetes kind and the document that it comes from.
#[derive(Debug)]
pub(crate) struct Typed<'a, T> {
    pub document: &'a Document,
    pub object: T,
}

/// Decodes one of our own kinds, where an unknown field is always an error. What does not fit is reported and left
/// out, so that the rest can be checked too.
pub(crate) fn own_kind<T>(document: &Document, diagnostics: &mut Vec<Diagnostic>) -> Option<T>
where
    T: for<'de> Deserialize<'de>,
{
    typed(document, true, diagnostics).0
}

/// Decodes a Kubernetes object, where an unknown field is a warning unless strictness or `--set` asks for more.
pub(crate) fn manifest<'a, T>(
    document: &'a Document,
    strict: bool,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Typed<'a, T>>
where
    T: for<'de> Deserialize<'de>,
{
    let (object, fits) = typed(document, strict, diagnostics);
    object.filter(|_| fits).map(|object| Typed { document, object })
}

/// What could be made of a document, and whether that is all of it.
fn typed<T>(document: &Document, strict: bool, diagnostics: &mut Vec<Diagnostic>) -> (Option<T>, bool)
where
    T: for<'de> Deserialize<'de>,
{
    let Decoded { value, problems, unknown } = decode(&document.node);
    diagnostics.extend(problems.iter().map(|problem| does_not_fit(document, problem)));
    diagnostics.extend(unknown.iter().map(|problem| unknown_field(document, problem, strict)));
    (value, problems.is_empty())
}

fn does_not_fit(document: &Document, problem: &Problem) -> Diagnostic {
    let field = if problem.path.is_empty() { "this object" } else { &problem.path };
    let message = format!("{document}: {field}: {}", problem.message);
    Diagnostic::new(code_of(&problem.message), message).at(&problem.place, "")
}

/// serde tells its errors apart by their text only.
fn code_of(message: &str) -> &'static Code {
    let mentions = |words: &[&str]| words.iter().any(|word| message.contains(word));
    if mentions(&["missing field"]) {
        &codes::MISSING_FIELD
    } else if mentions(&["unknown variant"]) {
        &codes::CHOICE
    } else if mentions(&["invalid type"]) {
        &codes::WRONG_TYPE
    } else if mentions(&["version"]) {
        &codes::VERSION
    } else if mentions(&["not a share", "more than all"]) {
        &codes::SHARE
    } else if mentions(&["quantity"]) {
        &codes::QUANTITY
    } else if mentions(&["no unit", "duration", "months", "negative", "584 years"]) {
        &codes::DURATION
    } else {
        &codes::WRONG_TYPE
    }
}

fn unknown_field(document: &Document, problem: &Problem, strict: bool) -> Diagnostic {
    let severity = if strict || is_set(&problem.place) { Severity::Error } else { Severity::Warning };
    Diagnostic::new(&codes::UNKNOWN_FIELD, format!("{document}: there is no field `{}`", problem.path))
        .at(&problem.place, "")
        .severity(severity)
}
