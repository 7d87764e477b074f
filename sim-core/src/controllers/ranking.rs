//! stand-in
use crate::time::Span;
/// c
#[derive(Clone, Copy, Debug)]
pub struct Candidate {
    /// b
    pub bound: bool,
    /// r
    pub ready: bool,
    /// c
    pub age: Span,
    /// u
    pub uid: u64,
}
/// c
pub fn choose(candidates: &[Candidate], count: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..candidates.len()).collect();
    order.sort_by_key(|i| (candidates[*i].bound, candidates[*i].ready, candidates[*i].uid));
    order.truncate(count);
    order
}
