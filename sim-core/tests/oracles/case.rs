//! A file of cases, and what a case says.

use serde_json::{Map, Value};
use sim_core::time::Span;

/// Why a case cannot be run.
pub type Reason = String;

/// A question with an exact answer.
pub struct Case {
    pub name: String,
    /// What is asked.
    pub quantity: String,
    pub exact: f64,
    params: Map<String, Value>,
}

/// The cases of a file. What a case whose model is "same" does not say, the case says that it follows.
pub fn read(text: &str) -> Result<Vec<Case>, String> {
    let Value::Array(cases) = serde_json::from_str(text).map_err(|error| error.to_string())? else {
        return Err(String::from("a list of cases is expected"));
    };
    let mut base = Map::new();
    cases.iter().enumerate().map(|(at, case)| one(case, at, &mut base)).collect()
}

fn one(case: &Value, at: usize, base: &mut Map<String, Value>) -> Result<Case, String> {
    let text = |field: &str| case[field].as_str().unwrap_or_default().to_owned();
    let name = text("name");
    let bad = |what: &str| format!("case {} ({name}): {what}", at + 1);
    let exact = match &case["exact_value"] {
        Value::String(text) => text.trim().parse().ok(),
        other => other.as_f64(),
    };
    let exact = exact.filter(|value: &f64| value.is_finite()).ok_or_else(|| bad("no finite exact_value"))?;
    let own = case["params"].as_object().ok_or_else(|| bad("no params"))?.clone();
    if !text("model").starts_with("same") {
        base.clone_from(&own);
    }
    let mut params = base.clone();
    params.extend(own);
    if name.is_empty() {
        return Err(bad("no name"));
    }
    Ok(Case { name, quantity: text("quantity"), exact, params })
}

impl Case {
    /// A positive parameter, or zero.
    pub fn number(&self, key: &str) -> Result<f64, Reason> {
        let value = self.params.get(key).and_then(Value::as_f64);
        value
            .filter(|value| *value >= 0.0)
            .ok_or_else(|| format!("no parameter {key} that is a number from 0 on"))
    }

    /// A parameter that counts something.
    pub fn count(&self, key: &str) -> Result<u32, Reason> {
        Ok(self.number(key)? as u32)
    }

    /// A parameter in hours.
    pub fn hours(&self, key: &str) -> Result<Span, Reason> {
        self.number(key).map(hours)
    }

    /// A parameter in seconds.
    pub fn secs(&self, key: &str) -> Result<Span, Reason> {
        self.number(key).map(Span::from_secs_f64)
    }

    /// A parameter as written.
    pub fn text(&self, key: &str) -> Result<String, Reason> {
        match self.params.get(key) {
            Some(Value::String(text)) => Ok(text.clone()),
            Some(other) => Ok(other.to_string()),
            None => Err(format!("no parameter {key}")),
        }
    }

    /// Whether there is such a parameter.
    pub fn says(&self, key: &str) -> bool {
        self.params.contains_key(key)
    }
}

/// So many hours.
pub fn hours(hours: f64) -> Span {
    Span::from_secs_f64(3600.0 * hours)
}
