//! Which two factors a flat picture shows, and at which levels of the others.

use scenarios::summary::{FactorAxis, SweepResult};

use super::palette::PALETTE;
use crate::verdict;

/// A factor with more levels than this is better off on the horizontal axis.
const MOST_SERIES: usize = PALETTE.len();

/// Up to two factors of a sweep; every other one rests at a level.
#[derive(Clone, Debug)]
pub struct Slice {
    /// The factor along the horizontal axis: the first that has an order and more than one level.
    pub x: usize,
    /// The next one, if there is one.
    pub series: Option<usize>,
    /// Levels of all factors at the point of interest; what is not shown rests there.
    rest: Vec<usize>,
}

impl Slice {
    /// The slice through the point of interest of a service; none without factors.
    pub fn of(result: &SweepResult, service: usize) -> Option<Slice> {
        let mut factors: Vec<usize> = (0..result.factors.len()).collect();
        factors.sort_by_key(|&f| (result.factors[f].levels.len() < 2, !is_ordered(&result.factors[f])));
        if let [first, second, ..] = factors.as_mut_slice() {
            let levels = |factor: usize| result.factors[factor].levels.len();
            if levels(*second) > MOST_SERIES
                && levels(*first) <= MOST_SERIES
                && is_ordered(&result.factors[*second])
            {
                std::mem::swap(first, second);
            }
        }
        let series = factors.get(1).copied().filter(|&f| result.factors[f].levels.len() > 1);
        let rest = result.points[verdict::point_of_interest(result, service)?].levels.clone();
        Some(Slice { x: *factors.first()?, series, rest })
    }

    /// Levels of the second factor, at least one.
    pub fn series_levels(&self, result: &SweepResult) -> usize {
        self.series.map_or(1, |factor| result.factors[factor].levels.len())
    }

    /// The design point at a level of the first and of the second factor.
    pub fn point(&self, result: &SweepResult, x_level: usize, series_level: usize) -> Option<usize> {
        let mut levels = self.rest.clone();
        levels[self.x] = x_level;
        if let Some(factor) = self.series {
            levels[factor] = series_level;
        }
        result.points.iter().position(|point| point.levels == levels)
    }

    /// Where the factors that are not shown rest: ` at spread zone`; empty if all are shown.
    pub fn rest_words(&self, result: &SweepResult) -> String {
        let shown = |factor: usize| factor == self.x || Some(factor) == self.series;
        let resting = (0..result.factors.len()).filter(|&factor| !shown(factor));
        let named = resting
            .map(|f| format!("{} {}", result.factors[f].label, result.factors[f].levels[self.rest[f]]));
        let words: Vec<String> = named.collect();
        if words.is_empty() { String::new() } else { format!(" at {}", words.join(", ")) }
    }
}

/// Whether the levels are numbers, with or without a unit, so that a line from one to the next means something.
pub fn is_ordered(factor: &FactorAxis) -> bool {
    factor.levels.iter().all(|level| level.starts_with(|first: char| first.is_ascii_digit() || first == '.'))
}
