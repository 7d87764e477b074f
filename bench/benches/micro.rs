//! What single steps cost: opening a draw, and one sample of each distribution.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use sim_core::Seed;
use sim_core::rng::{EntityKey, Luck, Purpose};
use sim_core::spec::Distribution;
use sim_core::time::Span;

fn luck(criterion: &mut Criterion) {
    let luck = Luck::new(Seed { master: 1, run: 0 });
    let entity = EntityKey::new("node/worker-1");
    let mut index = 0;
    criterion.bench_function("luck: first number of a draw", |bencher| {
        bencher.iter(|| {
            index += 1;
            luck.draw(Purpose::TimeToFailure, black_box(entity), index).bits()
        });
    });
    let mut draw = luck.draw(Purpose::TimeToFailure, entity, 0);
    criterion.bench_function("luck: next number of a draw", |bencher| bencher.iter(|| draw.bits()));
    criterion.bench_function("luck: key of a path", |bencher| {
        bencher.iter(|| EntityKey::new(black_box("deployment/shop/web")));
    });
}

fn distributions(criterion: &mut Criterion) {
    let hour = Span::hours(1);
    let mut draw = Luck::new(Seed { master: 1, run: 0 }).draw(Purpose::TimeToFailure, EntityKey(0), 0);
    let cases = [
        ("exponential", Distribution::Exponential { mean: hour }),
        ("Weibull 0.7", Distribution::Weibull { shape: 0.7, scale: hour }),
        ("gamma 2.5", Distribution::Gamma { shape: 2.5, scale: hour }),
        ("lognormal", Distribution::Lognormal { median: hour, sigma: 1.4 }),
        ("triangular", Distribution::Triangular { low: hour, mode: hour * 2, high: hour * 5 }),
        ("Pareto", Distribution::Pareto { shape: 1.5, scale: hour }),
        ("uniform", Distribution::Uniform { low: hour, high: hour * 2 }),
    ];
    for (name, distribution) in cases {
        criterion.bench_function(&format!("sample: {name}"), |bencher| {
            bencher.iter(|| black_box(&distribution).sample(&mut draw));
        });
    }
}

criterion_group!(benches, luck, distributions);
criterion_main!(benches);
