//! Labels, selectors, taints and tolerations, with upstream's matching rules.

use serde::Serialize;

/// Labels of an object: `(key, value)`, sorted by key, each key once.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Labels(Vec<(String, String)>);

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for Labels {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        let mut labels = Labels::default();
        for (key, value) in pairs {
            labels.set(key.into(), value.into());
        }
        labels
    }
}

impl Labels {
    /// The value of `key`.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.position(key).ok().map(|at| self.0[at].1.as_str())
    }

    /// Adds or replaces a label.
    pub fn set(&mut self, key: String, value: String) {
        match self.position(&key) {
            Ok(at) => self.0[at].1 = value,
            Err(at) => self.0.insert(at, (key, value)),
        }
    }

    /// All pairs in order of their keys.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// Whether there is no label.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn position(&self, key: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(k, _)| k.as_str().cmp(key))
    }
}

/// A label selector: every requirement must hold; no requirement selects everything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Selector(pub Vec<Requirement>);

/// One condition on one label key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Requirement {
    /// Label key.
    pub key: String,
    /// Condition on its value.
    pub is: Operator,
}

/// Selector operators of upstream's `labels` and `nodeaffinity` packages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Operator {
    /// The label exists and has one of these values.
    In(Vec<String>),
    /// The label is absent or has none of these values.
    NotIn(Vec<String>),
    /// The label exists.
    Exists,
    /// The label is absent.
    DoesNotExist,
    /// The label is an integer greater than this (node affinity only).
    Gt(i64),
    /// The label is an integer less than this (node affinity only).
    Lt(i64),
}

impl Selector {
    /// The selector that asks for exactly these labels, as `matchLabels` does.
    pub fn from_labels(labels: &Labels) -> Selector {
        let equals = |(key, value): (&str, &str)| Requirement {
            key: key.to_owned(),
            is: Operator::In(vec![value.to_owned()]),
        };
        Selector(labels.iter().map(equals).collect())
    }

    /// Whether an object with these labels is selected.
    pub fn matches(&self, labels: &Labels) -> bool {
        self.0.iter().all(|requirement| requirement.holds(labels.get(&requirement.key)))
    }
}

impl Requirement {
    fn holds(&self, value: Option<&str>) -> bool {
        let number = || value.and_then(|v| v.parse::<i64>().ok());
        match &self.is {
            Operator::In(values) => value.is_some_and(|v| values.iter().any(|x| x == v)),
            Operator::NotIn(values) => value.is_none_or(|v| values.iter().all(|x| x != v)),
            Operator::Exists => value.is_some(),
            Operator::DoesNotExist => value.is_none(),
            Operator::Gt(bound) => number().is_some_and(|n| n > *bound),
            Operator::Lt(bound) => number().is_some_and(|n| n < *bound),
        }
    }
}

/// What a taint does to pods that do not tolerate it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum TaintEffect {
    /// New pods are not scheduled here.
    NoSchedule,
    /// New pods are scheduled here only if nothing better is found.
    PreferNoSchedule,
    /// Like `NoSchedule`, and pods already here are evicted.
    NoExecute,
}

/// A taint of a node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Taint {
    /// Taint key.
    pub key: String,
    /// Taint value, often empty.
    pub value: String,
    /// Its effect.
    pub effect: TaintEffect,
}

/// A toleration of a pod.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Toleration {
    /// Tolerated key; `None` tolerates every key.
    pub key: Option<String>,
    /// Required value; `None` is the operator `Exists`.
    pub value: Option<String>,
    /// Tolerated effect; `None` tolerates every effect.
    pub effect: Option<TaintEffect>,
    /// `tolerationSeconds`: how long a `NoExecute` taint is tolerated; `None` is for ever.
    pub seconds: Option<u64>,
}

impl Toleration {
    /// Upstream's `ToleratesTaint`.
    pub fn tolerates(&self, taint: &Taint) -> bool {
        self.key.as_ref().is_none_or(|key| *key == taint.key)
            && self.effect.is_none_or(|effect| effect == taint.effect)
            && self.value.as_ref().is_none_or(|value| *value == taint.value)
    }
}
