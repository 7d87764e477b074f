//! The interval of a mean of skewed values: Student's, with the skewness taken out of it.
//!
//! Downtime is skewed: most runs have little, a few have much. Student's interval of its mean is then too short on the
//! long side, and misses the truth there five times as often as it claims. Hall's monotone cubic transformation
//! (J. R. Statist. Soc. B 54, 1992) corrects Student's statistic for the skewness of the values. It needs no resampling,
//! and so no luck of its own, and costs one pass.
//!
//! The skewness of a heavy-tailed sample is smaller than the truth, because the largest values have not been seen
//! yet. On the long side it is therefore taken [`UNSEEN`] times as large, up to where the interval is longest.
//! `docs/statistics.md` compares this with Student's interval and two of the bootstrap.

/// How much more skewed the truth is taken to be than the sample, on the long side.
const UNSEEN: f64 = 1.25;

/// How many standard errors the interval reaches below and above the mean, given Student's quantile, and the skewness
/// of the values divided by the root of their number.
pub fn reach(student: f64, skewness: f64) -> (f64, f64) {
    let short = short_side(student, skewness.abs());
    let long = long_side(student, (UNSEEN * skewness.abs()).min(longest(student)));
    if skewness >= 0.0 { (short, long) } else { (long, short) }
}

/// The transformed statistic solved for Student's: T such that T + aT²/3 + a²T³/27 + a/6 = W.
fn solved(w: f64, a: f64) -> f64 {
    3.0 / a * (libm::cbrt(1.0 + a * (w - a / 6.0)) - 1.0)
}

fn short_side(student: f64, a: f64) -> f64 {
    solved(student, a)
}

fn long_side(student: f64, a: f64) -> f64 {
    -solved(-student, a)
}

/// The skewness at which the long side is longest: beyond it the cubic bends back. Found by thirds.
fn longest(student: f64) -> f64 {
    let (mut low, mut high) = (1e-3, 3.0);
    while high - low > 1e-9 {
        let third = (high - low) / 3.0;
        if long_side(student, low + third) < long_side(student, high - third) {
            low += third;
        } else {
            high -= third;
        }
    }
    low
}
