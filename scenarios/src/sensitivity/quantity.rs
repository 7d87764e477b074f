//! Values that can be larger or smaller: durations, rates, counts.

use sim_core::time::Span;

use crate::duration::Duration;
use crate::tree::{Node, Value};

/// A positive value of a parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Quantity {
    /// A length of time.
    Duration(Span),
    /// Any positive number.
    Number(f64),
    /// A whole number, at least 1.
    Count(u64),
}

impl Quantity {
    /// The value in a document, if it is one that can be scaled.
    pub fn of(node: &Node, whole: bool) -> Option<Quantity> {
        match &node.value {
            Value::Text(text) => Quantity::of_text(text),
            Value::Int(number) if whole => {
                u64::try_from(*number).ok().filter(|n| *n > 0).map(Quantity::Count)
            }
            Value::Int(number) => Some(*number as f64).filter(|n| *n > 0.0).map(Quantity::Number),
            Value::Float(number) => Some(*number).filter(|n| *n > 0.0 && n.is_finite()).map(Quantity::Number),
            _ => None,
        }
    }

    /// A value as it is typed: `5m`, `0.7`, `3`.
    pub fn of_text(text: &str) -> Option<Quantity> {
        if let Ok(count) = text.parse::<u64>() {
            return (count > 0).then_some(Quantity::Count(count));
        }
        if let Ok(number) = text.parse::<f64>() {
            return (number > 0.0 && number.is_finite()).then_some(Quantity::Number(number));
        }
        let span = text.parse::<Duration>().ok()?.0;
        (span > Span::ZERO).then_some(Quantity::Duration(span))
    }

    /// So many times as large.
    pub fn scaled(self, factor: f64) -> Quantity {
        match self {
            Quantity::Duration(span) => {
                Quantity::Duration(Span::nanos((span.0 as f64 * factor).round().max(1.0) as u64))
            }
            Quantity::Number(number) => Quantity::Number(number * factor),
            Quantity::Count(count) => Quantity::Count((count as f64 * factor).round().max(1.0) as u64),
        }
    }

    /// How many times as large the other one is.
    pub fn ratio_to(self, other: Quantity) -> f64 {
        other.size() / self.size()
    }

    /// As it is written in a document.
    pub fn text(self) -> String {
        match self {
            Quantity::Duration(Span(nanos)) if nanos % 1_000_000_000 == 0 => {
                format!("{}s", nanos / 1_000_000_000)
            }
            Quantity::Duration(Span(nanos)) if nanos % 1_000_000 == 0 => format!("{}ms", nanos / 1_000_000),
            Quantity::Duration(Span(nanos)) => format!("{nanos}ns"),
            Quantity::Number(number) => number.to_string(),
            Quantity::Count(count) => count.to_string(),
        }
    }

    fn size(self) -> f64 {
        match self {
            Quantity::Duration(span) => span.0 as f64,
            Quantity::Number(number) => number,
            Quantity::Count(count) => count as f64,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_scaled_and_written_again() {
        for (text, half, twice) in [
            ("5m", "150s", "600s"),
            ("500ms", "250ms", "1s"),
            ("1ns", "1ns", "2ns"),
            ("0.7", "0.35", "1.4"),
            ("3", "2", "6"),
            ("1", "1", "2"),
        ] {
            let quantity = Quantity::of_text(text).expect(text);
            assert_eq!(
                (quantity.scaled(0.5).text().as_str(), quantity.scaled(2.0).text().as_str()),
                (half, twice)
            );
            assert_eq!(Quantity::of_text(&quantity.text()), Some(quantity));
        }
        for text in ["0", "0s", "-1", "many", "inf"] {
            assert_eq!(Quantity::of_text(text), None, "{text}");
        }
    }
}
