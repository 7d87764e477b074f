//! How likely something is that happened in some of many runs. The interval of Wald, p ± z sqrt(p(1-p)/n), is nowhere
//! used: near 0 and 1, where availability lives, it covers almost nothing.

use super::special::{beta_quantile, normal_quantile};
use super::{Estimate, Method, SURE, TAIL};

/// `hits` of `n` with Wilson's score interval (J. Amer. Statist. Assoc. 22, 1927): close to 95% on average over all
/// truths; for tables and charts.
pub fn wilson(hits: u64, n: u64) -> Estimate {
    if n == 0 {
        return Estimate { value: 0.0, low: 0.0, high: 1.0, method: Method::Wilson };
    }
    let z = normal_quantile(1.0 - TAIL);
    let (share, n) = (hits as f64 / n as f64, n as f64);
    let centre = (share + z * z / (2.0 * n)) / (1.0 + z * z / n);
    let spread = z / (1.0 + z * z / n) * (share * (1.0 - share) / n + z * z / (4.0 * n * n)).sqrt();
    let (low, high) = ((centre - spread).max(0.0), (centre + spread).min(1.0));
    Estimate { value: share, low: low.min(share), high: high.max(share), method: Method::Wilson }
}

/// `hits` of `n` with the interval of Clopper and Pearson (Biometrika 26, 1934): at least 95%, whatever the truth; for
/// promises.
pub fn clopper_pearson(hits: u64, n: u64) -> Estimate {
    let (k, all) = (hits as f64, n as f64);
    let value = if n == 0 { 0.0 } else { k / all };
    let low = if hits == 0 { 0.0 } else { beta_quantile(k, all - k + 1.0, TAIL) };
    let high = if hits == n { 1.0 } else { beta_quantile(k + 1.0, all - k, 1.0 - TAIL) };
    Estimate { value, low, high, method: Method::ClopperPearson }
}

/// The greatest share (95% sure, one-sided) of a thing that was seen in none of `n` runs: 1 - 5%^(1/n), which is about
/// 3 in n (Hanley and Lippman-Hand, J. Amer. Med. Assoc. 249, 1983).
pub fn at_most(n: u64) -> f64 {
    -libm::expm1(libm::log(1.0 - SURE) / n as f64)
}
