use crate::fixture::*;
use reports::table::{self, Look};
use reports::{run, story::Telling};
#[test]
fn look() {
    let look = Look { colour: false, width: 110 };
    for r in
        [replicas_by_spread(), many_services(), forty_points(), never_down(), single_run(), always_down()]
    {
        println!("{}\n=========", table::text(&r, look));
    }
    println!("{}", table::markdown(&replicas_by_spread()));
    let (l, r) = recording();
    println!("{}", run::summary(&l, &r, Telling::Timeline(4), look));
    println!("{}", run::summary(&l, &r, Telling::LongestOutage(40), look));
}
