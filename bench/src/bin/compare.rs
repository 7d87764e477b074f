//! Prints what an event costs in each engine, and the ratios, from interleaved runs.

use std::time::Instant;

use nines_bench::engines::{Desque, Engine, Nexosim, Nines, Simcore};
use nines_bench::work::{Hold, Repair, Work};

const ROUNDS: usize = 9;
const EVENTS: u64 = 200_000;

fn main() {
    println!(
        "{:<22}{:>26}{:>10}{:>10}{:>10}",
        "ns per event",
        Nines::<Hold>::NAME,
        "simcore",
        "desque",
        "nexosim"
    );
    for timers in [100, 1_000, 100_000] {
        compare(&format!("hold, {timers} timers"), || Hold::new(timers));
    }
    compare("repair, 11,000 timers", || Repair::new(1_000));
}

fn compare<W: Work>(title: &str, work: impl Fn() -> W) {
    let mut nines = Nines::new(work());
    let mut simcore = Simcore::new(work());
    let mut desque = Desque::new(work());
    let mut nexosim = <Nexosim as Engine<W>>::new(work());
    let mut nanos: [Vec<f64>; 4] = Default::default();
    for _ in 0..ROUNDS {
        nanos[0].push(time(&mut nines));
        nanos[1].push(time(&mut simcore));
        nanos[2].push(time(&mut desque));
        nanos[3].push(time::<W>(&mut nexosim));
        let checksums = [simcore.checksum(), desque.checksum(), Engine::<W>::checksum(&nexosim)];
        assert_eq!(checksums, [nines.checksum(); 3], "{title}: not the same work");
    }
    print_row(title, &nanos);
}

fn time<W: Work>(engine: &mut impl Engine<W>) -> f64 {
    let start = Instant::now();
    engine.run(EVENTS);
    start.elapsed().as_nanos() as f64 / EVENTS as f64
}

/// Medians, and the median over the rounds of the ratio to each other engine.
fn print_row(title: &str, nanos: &[Vec<f64>; 4]) {
    let costs: String = nanos.iter().map(|column| format!("{:>10.0}", median(column.clone()))).collect();
    println!("{title:<22}{:>16}{costs}", "");
    let ratio =
        |other: &Vec<f64>| median(nanos[0].iter().zip(other).map(|(ours, theirs)| ours / theirs).collect());
    let ratios: String = nanos[1..].iter().map(|other| format!("{:>10.2}", ratio(other))).collect();
    println!("{:<22}{:>16}{:>10}{ratios}", "", "ours / theirs", "");
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
