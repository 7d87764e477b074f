//! stand-in
use crate::spec::IntOrPercent;
/// r
pub fn resolve_fenceposts(surge: IntOrPercent, unavailable: IntOrPercent, desired: u32) -> (u32, u32) {
    let s = match surge { IntOrPercent::Int(n) => n, IntOrPercent::Percent(p) => (desired * p).div_ceil(100) };
    let u = match unavailable { IntOrPercent::Int(n) => n, IntOrPercent::Percent(p) => desired * p / 100 };
    if s == 0 && u == 0 { (0, 1) } else { (s, u) }
}
