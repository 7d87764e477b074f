//! Screening by elementary effects: Morris, Technometrics 33 (1991); the mean of absolute effects is that of Campolongo,
//! Cariboni and Saltelli, Environmental Modelling & Software 22 (2007).
//!
//! A trajectory begins at a random place of the grid and changes one parameter after another, each once, by two thirds
//! of its range. One-at-a-time changes from the scenario as it is see only its neighbourhood; effects that differ from
//! place to place show that parameters work together, or not in proportion.

/// Places of a parameter: 0, 1/3, 2/3 and 1 of its range.
const STEP: f64 = 2.0 / 3.0;

/// A way through the ranges of all parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct Trajectory {
    /// Places of all parameters at each of its points, which are one more than parameters.
    pub points: Vec<Vec<f64>>,
    /// Which parameter changed before the second point, the third and so on.
    pub order: Vec<usize>,
}

/// What the effects of one parameter come to, in what the change of its whole range does.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Effects {
    /// Mean of the absolute effects, mu*: how much it matters.
    pub mean_absolute: f64,
    /// Standard deviation of the effects, sigma: how much that depends on the other parameters, and on luck.
    pub deviation: f64,
}

/// Trajectories through the ranges of so many parameters; the same for the same seed.
pub fn trajectories(parameters: usize, number: usize, seed: u64) -> Vec<Trajectory> {
    let mut luck = SplitMix(seed);
    (0..number).map(|_| trajectory(parameters, &mut luck)).collect()
}

fn trajectory(parameters: usize, luck: &mut SplitMix) -> Trajectory {
    let mut order: Vec<usize> = (0..parameters).collect();
    for last in (1..parameters).rev() {
        order.swap(last, luck.below(last as u64 + 1) as usize);
    }
    let mut place: Vec<f64> = (0..parameters).map(|_| luck.below(4) as f64 / 3.0).collect();
    let mut points = vec![place.clone()];
    for &parameter in &order {
        let at = &mut place[parameter];
        *at += if *at < 0.5 { STEP } else { -STEP };
        points.push(place.clone());
    }
    Trajectory { points, order }
}

/// The effects of each parameter, given what was measured at the points of each trajectory.
pub fn effects(trajectories: &[Trajectory], measured: &[Vec<f64>], parameters: usize) -> Vec<Effects> {
    let mut found = vec![Vec::new(); parameters];
    for (trajectory, values) in trajectories.iter().zip(measured) {
        for (at, &parameter) in trajectory.order.iter().enumerate() {
            let moved = trajectory.points[at + 1][parameter] - trajectory.points[at][parameter];
            found[parameter].push((values[at + 1] - values[at]) / moved);
        }
    }
    found.iter().map(|effects| summed_up(effects)).collect()
}

fn summed_up(effects: &[f64]) -> Effects {
    let n = effects.len() as f64;
    let mean = effects.iter().sum::<f64>() / n;
    let squares: f64 = effects.iter().map(|effect| (effect - mean) * (effect - mean)).sum();
    Effects {
        mean_absolute: effects.iter().map(|effect| effect.abs()).sum::<f64>() / n,
        deviation: (squares / (n - 1.0).max(1.0)).sqrt(),
    }
}

/// Steele, Lea and Flood, OOPSLA 2014: enough for choosing places.
struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_parameter_changes_once_by_two_thirds() {
        for trajectory in trajectories(5, 20, 42) {
            assert_eq!(trajectory.points.len(), 6);
            for (at, &parameter) in trajectory.order.iter().enumerate() {
                let (before, after) = (&trajectory.points[at], &trajectory.points[at + 1]);
                let changed: Vec<usize> = (0..5).filter(|&p| before[p] != after[p]).collect();
                assert_eq!(changed, [parameter]);
                assert!(((after[parameter] - before[parameter]).abs() - STEP).abs() < 1e-12);
                assert!((-1e-12..=1.0 + 1e-12).contains(&after[parameter]));
            }
        }
        assert_ne!(trajectories(5, 2, 1), trajectories(5, 2, 2));
        assert_eq!(trajectories(5, 2, 1), trajectories(5, 2, 1));
    }

    #[test]
    fn effects_of_a_known_function() {
        // y = 3a - 2b + 4cd: a and b act alone, c and d only with each other, e not at all.
        let all = trajectories(5, 400, 42);
        let y = |x: &Vec<f64>| 3.0 * x[0] - 2.0 * x[1] + 4.0 * x[2] * x[3];
        let measured: Vec<Vec<f64>> = all.iter().map(|way| way.points.iter().map(y).collect()).collect();
        let found = effects(&all, &measured, 5);
        let close = |left: f64, right: f64, by: f64| assert!((left - right).abs() < by, "{left} {right}");
        close(found[0].mean_absolute, 3.0, 1e-9);
        close(found[0].deviation, 0.0, 1e-9);
        close(found[1].mean_absolute, 2.0, 1e-9);
        // 4d, where d is 0, 1/3, 2/3 or 1: mean 2, variance 16 x 5/36
        close(found[2].mean_absolute, 2.0, 0.2);
        close(found[3].deviation, (16.0_f64 * 5.0 / 36.0).sqrt(), 0.15);
        assert_eq!(found[4], Effects { mean_absolute: 0.0, deviation: 0.0 });
    }
}
