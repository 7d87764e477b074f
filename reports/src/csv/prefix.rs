//! What every row of a sweep begins with: which scenario, seed and design point, and the levels of its factors.

use scenarios::summary::{PointResult, SweepResult};

use super::table::{Rows, Table, Written};

/// The first fields of all rows of one design point.
#[derive(Clone)]
pub struct Prefix<'a> {
    scenario: &'a str,
    seed: u64,
    point: usize,
    levels: Vec<&'a str>,
}

/// A table whose rows begin with a [`Prefix`].
pub fn table_of_points<'a>(result: &'a SweepResult, columns: &[&str]) -> Table<'a> {
    let mut table = Table::new(&["scenario", "seed", "point"]);
    table.header.extend(factor_columns(result, columns));
    table.header.extend(columns.iter().map(|&name| name.to_owned()));
    table
}

/// Every design point with what its rows begin with.
pub fn points(result: &SweepResult) -> impl Iterator<Item = (Prefix<'_>, &PointResult)> {
    result.points.iter().enumerate().map(|(at, point)| (Prefix::new(result, at, point), point))
}

impl<'a> Prefix<'a> {
    fn new(result: &'a SweepResult, at: usize, point: &PointResult) -> Prefix<'a> {
        let levels = result.factors.iter().zip(&point.levels);
        let levels = levels.map(|(factor, &level)| factor.levels[level].as_str()).collect();
        Prefix { scenario: &result.scenario, seed: result.seed, point: at, levels }
    }

    /// Begins a row.
    pub fn begin(&self, rows: &mut Rows) -> Written {
        rows.text(self.scenario)?;
        rows.plain(self.seed)?;
        rows.plain(self.point)?;
        self.levels.iter().try_for_each(|level| rows.text(level))
    }
}

/// Labels of factors, or their paths where a label would be taken twice.
fn factor_columns(result: &SweepResult, taken: &[&str]) -> Vec<String> {
    let is_taken = |label: &str| {
        let factors = result.factors.iter().filter(|factor| factor.label == label).count();
        factors > 1 || taken.contains(&label) || ["scenario", "seed", "point"].contains(&label)
    };
    let column = |label: &str, path: &str| if is_taken(label) { path.to_owned() } else { label.to_owned() };
    result.factors.iter().map(|factor| column(&factor.label, &factor.path)).collect()
}
