//! How much of the beginning of a run is unlike the rest.

/// Neighbours that are averaged first, so that single jumps do not decide.
const GROUP: usize = 5;

/// How many values at the beginning of a series to leave out: MSER-5 (White, Simulation 69, 1997; White, Cobb and
/// Spratt, Winter Simulation Conference 2000). It takes the cut that leaves the mean of the rest with the least squared
/// standard error. None where that is in the second half: the series has not settled, or is too short to tell.
pub fn mser5(series: &[f64]) -> Option<usize> {
    let means: Vec<f64> =
        series.chunks_exact(GROUP).map(|group| group.iter().sum::<f64>() / GROUP as f64).collect();
    let cut =
        (0..means.len().saturating_sub(1)).min_by(|&a, &b| error(&means[a..]).total_cmp(&error(&means[b..])));
    cut.filter(|cut| 2 * cut < means.len()).map(|cut| cut * GROUP)
}

fn error(rest: &[f64]) -> f64 {
    let n = rest.len() as f64;
    let mean = rest.iter().sum::<f64>() / n;
    rest.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (n * n)
}
