//! Distributions of durations, as data; `crate::dist` draws from them.

use serde::Serialize;

use crate::time::Span;

/// A distribution of a non-negative duration. Parameters are validated: finite and positive.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Distribution {
    /// Always the same.
    Deterministic(Span),
    /// Memoryless.
    Exponential {
        /// Mean.
        mean: Span,
    },
    /// Weibull; shape below 1 is infant mortality, above 1 wear-out.
    Weibull {
        /// Shape k.
        shape: f64,
        /// Scale λ: the 63rd percentile.
        scale: Span,
    },
    /// Gamma; a whole shape is Erlang.
    Gamma {
        /// Shape k.
        shape: f64,
        /// Scale θ; the mean is kθ.
        scale: Span,
    },
    /// Lognormal.
    Lognormal {
        /// Median, exp(μ).
        median: Span,
        /// Standard deviation σ of the logarithm.
        sigma: f64,
    },
    /// Equally likely from `low` to `high`.
    Uniform {
        /// Least value.
        low: Span,
        /// Greatest value.
        high: Span,
    },
    /// Triangular.
    Triangular {
        /// Least value.
        low: Span,
        /// Most likely value.
        mode: Span,
        /// Greatest value.
        high: Span,
    },
    /// Pareto (type I): heavy-tailed.
    Pareto {
        /// Shape α; the mean is infinite up to 1.
        shape: f64,
        /// Least value.
        scale: Span,
    },
    /// One of these samples, equally likely; not empty.
    Empirical(Vec<Span>),
    /// One of several distributions, with these weights (positive, any sum); not empty.
    Mixture(Vec<(f64, Distribution)>),
}
