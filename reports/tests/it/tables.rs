//! Text, Markdown, JSON and CSV of sweeps and runs.

use reports::csv;
use reports::story::Telling;
use reports::table::{self, Look};
use reports::{json, run, verdict};

use crate::fixture::*;
use crate::golden::check;

const PLAIN: Look = Look { colour: false, width: 110 };

#[test]
fn a_sweep_on_one_screen() {
    check("sweep.txt", &table::text(&replicas_by_spread(), PLAIN));
    check("sweep-80.txt", &table::text(&replicas_by_spread(), Look { width: 80, ..PLAIN }));
    check("services.txt", &table::text(&many_services(), PLAIN));
    check("forty.txt", &table::text(&forty_points(), PLAIN));
    check("sweep.md", &table::markdown(&replicas_by_spread()));
}

#[test]
fn a_run_with_its_timeline_or_its_story() {
    let (labels, recording) = recording();
    check("run.txt", &run::summary(&labels, &recording, Telling::Timeline(4), PLAIN));
    check("story.txt", &run::summary(&labels, &recording, Telling::LongestOutage(40), PLAIN));
    check("run.md", &run::markdown(&labels, &recording, Telling::Timeline(40)));
}

#[test]
fn lines_stay_within_the_width() {
    for result in [replicas_by_spread(), many_services(), forty_points(), single_run(), always_down()] {
        for width in [80, 100, 140] {
            let text = table::text(&result, Look { colour: false, width });
            let too_long: Vec<&str> = text.lines().filter(|line| line.chars().count() > width).collect();
            assert!(too_long.is_empty(), "width {width}: {too_long:#?}");
        }
    }
}

#[test]
fn a_table_is_one_screen_and_keeps_the_best_buy() {
    let mut result = forty_points();
    result.points[39].price_per_hour = 0.0;
    let text = table::text(&result, PLAIN);
    assert!(text.lines().count() < 45);
    assert!(text.contains("400 ") && text.contains("← cheapest that holds") && text.contains("... 15 more"));
}

#[test]
fn colour_only_adds() {
    let plain = table::text(&replicas_by_spread(), PLAIN);
    let coloured = table::text(&replicas_by_spread(), Look { colour: true, ..PLAIN });
    assert_ne!(plain, coloured);
    let mut stripped = coloured;
    for code in ["0", "1", "2", "31", "32"] {
        stripped = stripped.replace(&format!("\x1b[{code}m"), "");
    }
    let trimmed: Vec<&str> = stripped.lines().map(str::trim_end).collect();
    assert_eq!(trimmed, plain.lines().collect::<Vec<_>>());
}

#[test]
fn the_cheapest_is_by_price_then_pods_then_order() {
    let mut result = replicas_by_spread();
    assert_eq!(verdict::cheapest_that_holds(&result, 0), Some(2));
    result.points[7].price_per_hour = 0.01;
    assert_eq!(verdict::cheapest_that_holds(&result, 0), Some(7));
    result.points.iter_mut().for_each(|point| point.price_per_hour = 0.0);
    assert_eq!(verdict::cheapest_that_holds(&result, 0), Some(2));
    result.points[5].workloads[0].mean_ready.value = 1.0;
    assert_eq!(verdict::cheapest_that_holds(&result, 0), Some(5));
    result.points.iter_mut().for_each(|point| point.services[0].objectives[0].met = false);
    assert_eq!(verdict::cheapest_that_holds(&result, 0), None);
    assert!(!verdict::objectives_hold(&result));
}

#[test]
fn a_verdict_within_the_noise_says_so() {
    let mut result = never_down();
    let availability = &mut result.points[0].services[0].request_availability;
    (availability.value, availability.low, availability.high) = (0.99951, 0.9993, 0.9997);
    assert!(verdict::sentences(&result)[0].0.contains("too close to call"));
}

#[test]
fn promises_that_vary_are_said_row_by_row() {
    let mut result = replicas_by_spread();
    result.points[1].services[0].objectives[0].target = 0.9;
    let text = table::text(&result, Look { colour: false, width: 140 });
    assert!(text.contains("objective  meet it") && text.contains("  90%  "), "{text}");
    let charts = reports::charts::of_sweep(&result).unwrap();
    assert!(!charts[0].svg.contains("objective 99.95%"), "no one line holds for all");
}

#[test]
fn short_runs_do_not_speak_of_years() {
    let mut result = replicas_by_spread();
    result.measured_s = 3300.0;
    let text = table::text(&result, PLAIN);
    assert!(text.contains("downtime/run") && text.contains("of downtime a run"), "{text}");
    let charts = reports::charts::of_sweep(&result).unwrap();
    for svg in charts.iter().map(|chart| &chart.svg).chain([&text]) {
        assert!(!svg.contains("/yr") && !svg.contains("a year"), "{svg}");
    }
    // 99.743% of 55 minutes.
    assert!(text.contains("8.5 s"), "{text}");
}

#[test]
fn every_controller_has_its_replica_ratio() {
    let mut result = replicas_by_spread();
    for name in ["ReplicationController shop/cart", "Pod default/lonely"] {
        result.workloads.push(name.into());
        result.points.iter_mut().for_each(|point| point.workloads.push(point.workloads[0].clone()));
    }
    let one = reports::ratio::at_point_of_interest(&result);
    let names: Vec<&str> = one.rows.iter().map(|row| row.cells[0].text.as_str()).collect();
    assert_eq!(names, ["Deployment web", "ReplicationController shop/cart"], "a pod alone has no controller");
    assert_eq!(reports::ratio::everywhere(&result).rows.len(), 8 * 2);
    let page = reports::html::of_sweep(&result, &[], None, "nines sweep", &[]);
    assert!(page.contains(reports::ratio::DEFINITION) && page.contains("ReplicationController shop/cart"));
    assert_eq!(lines(&csv::replica_ratios(&result)).len(), 1 + 8 * 3);
}

#[test]
fn remedies_stand_beside_the_run_as_it_is() {
    let remedy = |change: &str, longest_outage_s: f64, lost_requests: f64| scenarios::remedy::Remedy {
        change: change.into(),
        longest_outage_s,
        lost_requests,
    };
    let all = [remedy("as it is", 367.0, 18_338.0), remedy("one more replica", 53.0, 1330.4)];
    let text = table::captioned(&reports::remedy::grid("default/shop", &all), PLAIN);
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    assert_eq!(lines[1], "Would it have helped shop? The same run again, with one thing changed");
    assert_eq!(lines[3], "as it is              6 min 07 s                    18,338");
    assert_eq!(lines[4], "one more replica            53 s                     1,330");
}

#[test]
fn without_promises_the_least_available_service_is_named() {
    let mut result = many_services();
    result.points[0].services.iter_mut().for_each(|service| service.objectives.clear());
    let text = table::text(&result, PLAIN);
    assert!(text.contains("The least available of 11 services is shop/redis-cart"), "{text}");
    assert!(!text.contains("meet it"), "{text}");
}

#[test]
fn csv_is_what_spreadsheets_read() {
    let mut small = sweep(
        vec![factor("run", "Deployment/web:spec.replicas", &["1", "a \"quoted\", level"])],
        &["default/web"],
        2,
        |_, levels| Weather {
            outages_a_year: 3.0 - levels[0] as f64,
            mean_outage_s: 100.0,
            share_failing: 1.0,
        },
    );
    small.points[1].runs[1].services[0].longest_outage_s = f64::NAN;
    let text = |table: csv::Table| lines(&table).concat();
    check("runs.csv", &text(csv::runs(&small)));
    check("points.csv", &text(csv::points(&small)));
    check("workloads.csv", &text(csv::workloads(&small)));
    check("replica-ratio.csv", &text(csv::replica_ratios(&small)));
    check("outages.csv", &text(csv::outages(&small)));
    check("causes.csv", &text(csv::causes(&small)));
    let (labels, recording) = recording();
    check("run-timeline.csv", &text(csv::timeline(&recording)));
    check("run-samples.csv", &text(csv::samples(&labels, &recording)));
    check("run-replica-ratio.csv", &text(csv::replica_ratio(&labels, &recording)));
    check("run-outages.csv", &text(csv::run_outages(&labels, &recording)));
}

/// A table as it is written, line by line.
fn lines(table: &csv::Table) -> Vec<String> {
    let text = String::from_utf8(table.to_csv().unwrap()).unwrap();
    text.split_inclusive('\n').map(str::to_owned).collect()
}

#[test]
fn a_table_of_many_parts_is_in_order_on_any_number_of_threads() {
    let mut result = never_down();
    result.points[0].services[0].outage_durations_s = (0..200_000).map(f64::from).collect();
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| lines(&csv::outages(&result)))
    };
    let one = on(1);
    let last_field = |line: &String| line.trim_end().rsplit(',').next().unwrap().to_owned();
    assert!(one[1..].iter().map(last_field).eq((0..200_000).map(|second| second.to_string())));
    assert!(one == on(3));
}

#[test]
fn the_ratio_is_empty_while_there_is_no_pod() {
    let (mut labels, mut recording) = recording();
    labels.workloads.push("Pod default/lonely".into());
    let alone = sim_core::outcome::ReplicaSample { workload: 1.into(), ..recording.replicas[0] };
    recording.replicas.push(alone);
    let table = lines(&csv::replica_ratio(&labels, &recording));
    assert_eq!(table[1], "0,0,Deployment default/web,3,0,0,\n");
    assert!(table.iter().any(|line| line.ends_with(",3,2,2,1.5\n")), "{table:?}");
    assert!(!table.iter().any(|line| line.contains("lonely")), "a pod alone has no controller");
}

#[test]
fn csv_numbers_read_back_exactly() {
    let result = replicas_by_spread();
    let table = lines(&csv::runs(&result));
    let fields = |line: &String| line.trim_end().split(',').map(str::to_owned).collect::<Vec<_>>();
    let header = fields(&table[0]);
    let column = header.iter().position(|name| name == "request_availability").unwrap();
    let rows: Vec<_> = table[1..].iter().map(fields).collect();
    let read = rows.iter().map(|row| row[column].parse::<f64>().unwrap());
    let written =
        result.points.iter().flat_map(|point| &point.runs).map(|run| run.services[0].request_availability);
    assert!(read.eq(written));
    assert!(rows.iter().all(|row| row.len() == header.len()));
}

#[test]
fn json_says_everything() {
    let result = replicas_by_spread();
    let text = json::text(&result).unwrap();
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["points"].as_array().unwrap().len(), 8);
    assert_eq!(value["points"][7]["runs"][249]["run"], 249);
    let availability = result.points[3].runs[7].services[0].request_availability;
    assert!(text.contains(&format!("\"request_availability\": {availability},")), "shortest exact numbers");
}
