//! One event of the hold model and of machine repair, in our engine and three others.

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main};
use nines_bench::engines::{Desque, Engine, Nexosim, Nines, Simcore};
use nines_bench::work::{Hold, Repair, Work};

/// Events per measured call.
const EVENTS: u64 = 1_000;

fn hold(criterion: &mut Criterion) {
    for timers in [100, 1_000, 100_000] {
        all(criterion, &format!("hold of {timers}"), || Hold::new(timers));
    }
}

fn repair(criterion: &mut Criterion) {
    all(criterion, "repair of 11000", || Repair::new(1_000));
}

fn all<W: Work>(criterion: &mut Criterion, title: &str, work: impl Fn() -> W) {
    let mut group = criterion.benchmark_group(title);
    group.throughput(Throughput::Elements(EVENTS));
    one::<W, Nines<W>>(&mut group, work());
    one::<W, Simcore<W>>(&mut group, work());
    one::<W, Desque<W>>(&mut group, work());
    one::<W, Nexosim>(&mut group, work());
    group.finish();
}

fn one<W: Work, E: Engine<W>>(group: &mut BenchmarkGroup<WallTime>, work: W) {
    let mut engine = E::new(work);
    group.bench_function(E::NAME, |bencher| bencher.iter(|| engine.run(EVENTS)));
}

criterion_group! {
    name = benches;
    config = Criterion::default().warm_up_time(std::time::Duration::from_secs(1));
    targets = hold, repair
}
criterion_main!(benches);
