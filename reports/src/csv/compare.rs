//! A comparison: `designs.csv`, `differences.csv`.

use scenarios::compare::Comparison;

use super::table::Table;
use crate::compare::verdict_words;

/// `designs.csv`: one row per design and service.
pub fn designs(comparison: &Comparison) -> Table<'_> {
    let mut table = Table::new(&["design", "inputs", "seed", "runs", "price_per_hour", "objectives_met"]);
    table.header.extend(["service", "measure", "availability", "low", "high", "method"].map(str::to_owned));
    table.part(move |rows| {
        for result in &comparison.designs {
            for (service, estimate) in comparison.services.iter().zip(&result.availability) {
                rows.text(&result.design.name)?;
                rows.text(&result.design.input_hash)?;
                rows.plain(comparison.seed)?;
                rows.plain(comparison.repetitions)?;
                rows.number(result.price_per_hour)?;
                rows.text(&result.objectives_met.map_or(String::new(), |met| met.to_string()))?;
                rows.text(service)?;
                rows.text(comparison.measure)?;
                rows.numbers([estimate.value, estimate.low, estimate.high])?;
                rows.text(estimate.method.name())?;
                rows.end()?;
            }
        }
        Ok(())
    });
    table
}

/// `differences.csv`: one row per other design and service: its availability less that of the first design.
pub fn differences(comparison: &Comparison) -> Table<'_> {
    let mut table = Table::new(&["design", "against", "service", "measure", "seed", "runs"]);
    let figures = ["difference", "low", "high", "method", "variance_ratio", "verdict", "runs_needed"];
    table.header.extend(figures.map(str::to_owned));
    table.part(move |rows| {
        for found in &comparison.differences {
            rows.text(&comparison.designs[found.design].design.name)?;
            rows.text(&comparison.designs[0].design.name)?;
            rows.text(&comparison.services[found.service])?;
            rows.text(comparison.measure)?;
            rows.plain(comparison.seed)?;
            rows.plain(comparison.repetitions)?;
            rows.numbers([found.difference.value, found.difference.low, found.difference.high])?;
            rows.text(found.difference.method.name())?;
            rows.number(found.saved.unwrap_or(f64::NAN))?;
            rows.text(verdict_words(found.verdict).0)?;
            rows.number(found.runs_needed.map_or(f64::NAN, |runs| runs as f64))?;
            rows.end()?;
        }
        Ok(())
    });
    table
}
