//! `sensitivity.csv`: one row per parameter, the largest effect first.

use scenarios::sensitivity::{Changed, Sensitivity};

use super::table::{Rows, Table, Written};

/// The ranking, in shares of unavailability.
pub fn sensitivity(found: &Sensitivity) -> Table<'_> {
    let mut table =
        Table::new(&["scenario", "seed", "runs", "service", "measure", "rank", "parameter", "value"]);
    for end in ["low", "high"] {
        table.header.push(end.to_owned());
        let columns = ["change", "change_low", "change_high", "change_method"];
        table.header.extend(columns.map(|column| format!("{end}_{column}")));
    }
    table.header.extend(["swing", "morris_mean_absolute", "morris_deviation"].map(str::to_owned));
    table.part(move |rows| {
        for (rank, ranked) in found.parameters.iter().enumerate() {
            rows.text(&found.scenario)?;
            rows.plain(found.seed)?;
            rows.plain(found.repetitions)?;
            rows.text(&found.service)?;
            rows.text(found.measure)?;
            rows.plain(rank + 1)?;
            rows.text(&ranked.path)?;
            rows.text(ranked.value.as_deref().unwrap_or_default())?;
            changed(rows, &ranked.low)?;
            changed(rows, &ranked.high)?;
            rows.number(ranked.swing)?;
            let effects = ranked.effects.map_or([f64::NAN; 2], |e| [e.mean_absolute, e.deviation]);
            rows.numbers(effects)?;
            rows.end()?;
        }
        Ok(())
    });
    table
}

fn changed(rows: &mut Rows, end: &Changed) -> Written {
    rows.text(&end.value)?;
    rows.numbers(end.change.map_or([f64::NAN; 3], |change| [change.value, change.low, change.high]))?;
    rows.text(end.change.map_or("", |change| change.method.name()))
}
