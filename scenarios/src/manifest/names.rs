//! Names: valid, and each only once.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, codes};
use crate::document::Document;

/// Reports a name that the API server would refuse (RFC 1123 subdomain); whether it is none.
pub(super) fn check(document: &Document, diagnostics: &mut Vec<Diagnostic>) -> bool {
    let valid = document.name.is_empty() || is_valid(&document.name);
    if !valid {
        let message = format!("`{}` is not a valid name", document.name);
        let help = "names are made of lower-case letters, digits, `-` and `.`";
        diagnostics.push(Diagnostic::new(&codes::NAME, message).at(document.name_place(), "").help(help));
    }
    valid
}

fn is_valid(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    name.len() <= 253
        && name.chars().all(|c| plain(c) || matches!(c, '-' | '.'))
        && name.starts_with(plain)
        && name.ends_with(plain)
}

/// Reports objects that share kind, namespace and name.
pub(super) fn check_duplicates(documents: &[Document], diagnostics: &mut Vec<Diagnostic>) {
    let mut seen: BTreeMap<(&str, &str, &str), &Document> = BTreeMap::new();
    for document in documents.iter().filter(|document| !document.name.is_empty()) {
        let key = (document.kind.as_str(), document.namespace.as_str(), document.name.as_str());
        let Some(first) = seen.get(&key) else {
            seen.insert(key, document);
            continue;
        };
        let message = format!("there are two objects {document}");
        let diagnostic = Diagnostic::new(&codes::DUPLICATE, message);
        diagnostics.push(diagnostic.at(document.name_place(), "second").at(first.name_place(), "first"));
    }
}
