//! From a `kind: Sweep` document to the design points that it asks for.

use crate::diagnostic::{Diagnostic, codes};
use crate::document::Document;
use crate::load::Loaded;
use crate::scenario_file::{FactorFile, LevelsFile, RangeFile, SweepFile, defaults};
use crate::set::Path;
use crate::source::Place;
use crate::typed::own_kind;

/// Most levels that a factor may have.
const MAX_LEVELS: usize = 10_000;

/// What varies, and how often each combination is run.
#[derive(Clone, Debug, PartialEq)]
pub struct SweepSpec {
    /// Factors; the last varies fastest. None at all is one design point.
    pub factors: Vec<Factor>,
    /// Runs at each design point.
    pub repetitions: u64,
    /// Master seed.
    pub seed: u64,
}

/// A field that varies.
#[derive(Clone, Debug, PartialEq)]
pub struct Factor {
    /// Short name for tables and axes.
    pub label: String,
    /// The field.
    pub path: Path,
    /// Its values; at least one.
    pub levels: Vec<Level>,
}

/// One value of a factor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Level {
    /// What tables and axes show.
    pub label: String,
    /// The value as YAML, for [`Loaded::scenario`].
    pub value: String,
}

impl Default for SweepSpec {
    fn default() -> SweepSpec {
        SweepSpec {
            factors: Vec::new(),
            repetitions: defaults::REPETITIONS.parse(),
            seed: defaults::SEED.parse(),
        }
    }
}

impl Loaded {
    /// The sweep of the input; none if it has none. Problems of it are those of [`Loaded::check_sweep`].
    pub fn sweep(&self) -> Option<SweepSpec> {
        self.check_sweep().ok().flatten()
    }

    /// The sweep of the input, or what is wrong with it.
    pub fn check_sweep(&self) -> Result<Option<SweepSpec>, Vec<Diagnostic>> {
        let Some(document) = &self.documents.sweep else { return Ok(None) };
        let mut diagnostics = Vec::new();
        let spec = compile(document, &mut diagnostics);
        if diagnostics.is_empty() { Ok(spec) } else { Err(diagnostics) }
    }
}

fn compile(document: &Document, diagnostics: &mut Vec<Diagnostic>) -> Option<SweepSpec> {
    let file: SweepFile = own_kind(document, diagnostics)?;
    let mut factors = Vec::new();
    for (index, factor) in file.spec.factors.iter().enumerate() {
        let place = document.node.place_of(&format!("spec.factors.{index}.path"));
        match compile_factor(factor, place) {
            Ok(factor) => factors.push(factor),
            Err(diagnostic) => diagnostics.push(*diagnostic),
        }
    }
    let default = SweepSpec::default();
    let repetitions = file.spec.repetitions.unwrap_or(default.repetitions);
    if repetitions == 0 {
        let place = document.node.place_of("spec.repetitions");
        diagnostics.push(Diagnostic::new(&codes::RANGE, "repetitions must be at least 1").at(place, ""));
    }
    Some(SweepSpec { factors, repetitions, seed: file.spec.seed.unwrap_or(default.seed) })
}

fn compile_factor(factor: &FactorFile, place: &Place) -> Result<Factor, Box<Diagnostic>> {
    let path: Path =
        factor.path.parse().map_err(|problem: Box<Diagnostic>| Box::new(problem.at(place, "")))?;
    let levels = levels(&factor.levels).map_err(|problem| {
        let message = format!("factor `{}`: {problem}", factor.path);
        Box::new(Diagnostic::new(&codes::SWEEP, message).at(place, ""))
    })?;
    let last = factor.path.rsplit('.').next().unwrap_or_default();
    Ok(Factor { label: factor.name.clone().unwrap_or_else(|| last.to_owned()), path, levels })
}

fn levels(levels: &LevelsFile) -> Result<Vec<Level>, String> {
    let levels: Vec<Level> = match levels {
        LevelsFile::List(list) => {
            list.iter().map(|level| Level { label: level.shown(), value: level.value.to_string() }).collect()
        }
        LevelsFile::Range(range) => range_levels(*range)?,
    };
    let mut labels: Vec<&str> = levels.iter().map(|level| level.label.as_str()).collect();
    labels.sort_unstable();
    match labels.windows(2).find(|pair| pair[0] == pair[1]) {
        _ if levels.is_empty() => Err("there are no levels".to_owned()),
        Some(pair) => Err(format!("level `{}` occurs twice", pair[0])),
        None => Ok(levels),
    }
}

/// Levels are computed from their index, so that rounding does not add up.
fn range_levels(range: RangeFile) -> Result<Vec<Level>, String> {
    let step = range.step.unwrap_or(1.0);
    if !(step > 0.0 && range.from <= range.to && range.to.is_finite()) {
        return Err("a range needs from <= to and a positive step".to_owned());
    }
    let count = ((range.to - range.from) / step + 1e-9).floor() as usize + 1;
    if count > MAX_LEVELS {
        return Err(format!("the range has {count} levels, more than {MAX_LEVELS}"));
    }
    let level = |index: usize| {
        let value = range.from + index as f64 * step;
        let text = ((value * 1e9).round() / 1e9).to_string();
        Level { label: text.clone(), value: text }
    };
    Ok((0..count).map(level).collect())
}
