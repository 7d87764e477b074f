//! Runs one engine for a number of events, to be counted from outside: `steady ENGINE WORK UNITS EVENTS`.

use nines_bench::engines::{Desque, Engine, Nexosim, Nines, Simcore};
use nines_bench::work::{AnyWork, Hold, Repair};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [engine, work, units, events] = arguments.as_slice() else {
        panic!("steady ENGINE WORK UNITS EVENTS");
    };
    let units = units.parse().expect("a number of units");
    let work: AnyWork = match work.as_str() {
        "hold" => Hold::new(units).into(),
        "repair" => Repair::new(units / 11).into(),
        other => panic!("no work {other}"),
    };
    let events = events.parse().expect("a number of events");
    let checksum = match engine.as_str() {
        "nines" => run::<Nines<AnyWork>>(work, events),
        "simcore" => run::<Simcore<AnyWork>>(work, events),
        "desque" => run::<Desque<AnyWork>>(work, events),
        "nexosim" => run::<Nexosim>(work, events),
        other => panic!("no engine {other}"),
    };
    println!("{checksum:016x}");
}

fn run<E: Engine<AnyWork>>(work: AnyWork, events: u64) -> u64 {
    let mut engine = E::new(work);
    engine.run(events);
    engine.checksum()
}
