//! Pictures are checked as documents: what they say, that it lies on the sheet, and that no words overlap.

use reports::charts::{self, Chart};
use reports::png;
use resvg::usvg::roxmltree::{Document, Node};
use sim_core::ids::WorkloadId;
use sim_core::outcome::ReplicaSample;
use sim_core::time::Span;

use crate::fixture::*;

fn named(charts: &[Chart], name: &str) -> Chart {
    charts.iter().find(|chart| chart.name == name).unwrap_or_else(|| panic!("no chart {name}")).clone()
}

fn texts(svg: &str) -> Vec<String> {
    let document = Document::parse(svg).unwrap();
    let texts = document.descendants().filter(|node| node.has_tag_name("text"));
    texts.filter_map(|node| node.text().map(|text| text.trim().to_owned())).collect()
}

fn assert_says(chart: &Chart, wanted: &[&str]) {
    let said = texts(&chart.svg);
    for text in wanted {
        assert!(said.iter().any(|said| said == text), "{} lacks {text:?}: {said:#?}", chart.name);
    }
}

#[test]
fn a_sweep_of_two_factors_has_every_chart() {
    let charts = charts::of_sweep(&replicas_by_spread()).unwrap();
    let names: Vec<&str> = charts.iter().map(|chart| chart.name.as_str()).collect();
    assert_eq!(names, ["availability", "heatmap", "downtime", "outages"]);
    assert_says(
        &charts[0],
        &["Request availability of web by replicas", "replicas", "spread zone", "spread none"],
    );
    assert_says(&charts[0], &["objective 99.95%", "99.9% · 8 h 46 min/yr", "1", "2", "3", "4"]);
    assert_says(&charts[1], &["none", "zone", "2.6 nines", "99.743%", "replicas", "spread"]);
    assert_says(
        &charts[2],
        &["objective 99.95%: 4 h 23 min", "✓ 2, none", "none", "downtime a year (log scale)"],
    );
    assert_says(
        &charts[3],
        &["100%", "10%", "replicas 2, spread none ✓", "duration of the outage (log scale)"],
    );
}

#[test]
fn intervals_and_the_objective_are_drawn() {
    let charts = charts::of_sweep(&replicas_by_spread()).unwrap();
    let chart = named(&charts, "availability");
    let document = Document::parse(&chart.svg).unwrap();
    let strokes =
        |colour: &str| document.descendants().filter(|node| node.attribute("stroke") == Some(colour)).count();
    let circles = document.descendants().filter(|node| node.has_tag_name("circle")).count();
    assert_eq!(circles, 8, "a dot for each design point");
    // A line, and for each of four points an interval with its two ends.
    assert_eq!(strokes("#0072B2"), 1 + 4 * 3);
    assert_eq!(strokes("#D55E00"), 1 + 4 * 3);
    assert!(strokes("#212529") > 20, "the objective is a row of dashes");
}

#[test]
fn more_nines_lie_higher() {
    let charts = charts::of_sweep(&replicas_by_spread()).unwrap();
    let document_of = named(&charts, "availability").svg;
    let document = Document::parse(&document_of).unwrap();
    let blue = |node: &Node| node.has_tag_name("circle") && node.attribute("fill") == Some("#0072B2");
    let heights: Vec<i32> = document
        .descendants()
        .filter(blue)
        .map(|node| node.attribute("cy").unwrap().parse().unwrap())
        .collect();
    assert!(heights.windows(2).all(|pair| pair[1] < pair[0]), "{heights:?}");
}

#[test]
fn many_services_share_their_charts() {
    let charts = charts::of_sweep(&many_services()).unwrap();
    let names: Vec<&str> = charts.iter().map(|chart| chart.name.as_str()).collect();
    assert_eq!(names, ["availability", "downtime", "outages"]);
    assert_says(&charts[0], &["shop/frontend", "shop/redis-cart", "99.95%"]);
}

#[test]
fn three_factors_are_cut_where_it_matters() {
    let factors = vec![
        factor("spread", "a", &["none", "zone"]),
        factor("replicas", "b", &["1", "2", "3"]),
        factor("grace", "c", &["30s", "50s"]),
    ];
    let result = sweep(factors, &["a/b", "a-b"], 20, |_, levels| Weather {
        outages_a_year: 90.0 / 8f64.powi(levels[1] as i32),
        mean_outage_s: 400.0 / (1 + levels[0] + levels[2]) as f64,
        share_failing: 1.0,
    });
    let charts = charts::of_sweep(&result).unwrap();
    let chart = named(&charts, "availability-a-b");
    assert!(chart.title.ends_with("by replicas"), "the first factor with an order: {}", chart.title);
    assert!(chart.subtitle.contains(" at spread "), "{}", chart.subtitle);
    named(&charts, "heatmap-a-b-1");
}

#[test]
fn a_run_shows_its_longest_outage_and_all_of_it() {
    let (labels, recording) = recording();
    let charts = charts::of_run(&labels, &recording).unwrap();
    let outage = named(&charts, "outage");
    assert_says(
        &outage,
        &["pods", "ready in the API", "proxies send to", "really serving", "+5 min", "100%"],
    );
    assert!(outage.title.contains("03:12:09.3 on day 211"));
    assert_says(&named(&charts, "run"), &["time since the start of the run", "100 d"]);
}

#[test]
fn no_words_overlap_or_leave_the_sheet() {
    let (labels, recording) = recording();
    let results =
        [replicas_by_spread(), many_services(), forty_points(), never_down(), single_run(), always_down()];
    let mut all: Vec<Chart> = results.iter().flat_map(|result| charts::of_sweep(result).unwrap()).collect();
    all.extend(charts::of_run(&labels, &recording).unwrap());
    for chart in all {
        let boxes = boxes(&chart.svg);
        for (at, (text, one)) in boxes.iter().enumerate() {
            assert!(one.0 >= 0.0 && one.2 <= one.4, "{}: {text:?} leaves the sheet", chart.title);
            for (other_text, other) in &boxes[at + 1..] {
                let apart = one.2 <= other.0 || other.2 <= one.0 || one.3 <= other.1 || other.3 <= one.1;
                assert!(apart, "{}: {text:?} and {other_text:?} overlap", chart.title);
            }
        }
    }
}

/// Left, top, right, bottom, and the width of the sheet.
type Place = (f64, f64, f64, f64, f64);

/// Where every upright text lies; in pixels, roughly.
fn boxes(svg: &str) -> Vec<(String, Place)> {
    let document = Document::parse(svg).unwrap();
    let sheet: f64 = document.root_element().attribute("width").unwrap().parse().unwrap();
    let upright =
        document.descendants().filter(|n| n.has_tag_name("text") && n.attribute("transform").is_none());
    upright
        .map(|node| {
            let number = |name: &str| node.attribute(name).unwrap().parse::<f64>().unwrap();
            let text = node.text().unwrap().trim().to_owned();
            let (size, width) =
                (number("font-size"), text.chars().count() as f64 * number("font-size") * 0.56);
            let left = number("x")
                - match node.attribute("text-anchor") {
                    Some("middle") => width / 2.0,
                    Some("end") => width,
                    _ => 0.0,
                };
            let top =
                if node.attribute("dy") == Some("0.76em") { number("y") } else { number("y") - size / 2.0 };
            (text, (left, top, left + width, top + size * 0.9, sheet))
        })
        .collect()
}

#[test]
fn a_png_is_twice_as_large_and_has_words_in_it() {
    let svg = named(&charts::of_sweep(&never_down()).unwrap(), "downtime").svg;
    let png = png::from_svg(&svg).unwrap();
    assert!(png.starts_with(b"\x89PNG\r\n\x1a\n"));
    assert_eq!(u32::from_be_bytes(png[16..20].try_into().unwrap()), 1920);
    let mut wordless = svg.clone();
    while let Some(from) = wordless.find("<text") {
        let to = wordless[from..].find("</text>").unwrap() + from + "</text>".len();
        wordless.replace_range(from..to, "");
    }
    assert!(png.len() > png::from_svg(&wordless).unwrap().len() + 5000, "the embedded font draws the words");
    assert_eq!(png, png::from_svg(&svg).unwrap());
    assert!(png::from_svg("no picture").is_err());
}

#[test]
fn names_cannot_break_a_picture() {
    let mut result = replicas_by_spread();
    result.services[0] = "a<b>&\"c\"/\u{1F980}".into();
    result.factors[0].label = "</text><script>".into();
    for chart in charts::of_sweep(&result).unwrap() {
        let document = Document::parse(&chart.svg).unwrap();
        assert!(!document.descendants().any(|node| node.has_tag_name("script")));
    }
}

#[test]
fn the_ratio_over_a_run_is_drawn_with_what_it_is_made_of() {
    let (labels, mut recording) = recording();
    let chart = named(&charts::of_run(&labels, &recording).unwrap(), charts::RATIO_CHART);
    assert_says(&chart, &["1", "1.5", "0.75", "R = 1, as desired", "pods are missing", "surplus"]);
    assert_says(&chart, &["Deployment web · R ≠ 1 for 5 min in all", "N, desired", "P, current", "R = 1.5"]);
    let close_up = "The longest time away from R = 1: Deployment web, 5 min from 03:12:56.2 on day 211";
    assert_says(&chart, &[close_up]);
    assert!(!chart.svg.contains("no pod"), "that every run begins without pods says nothing");

    let last = *recording.replicas.last().unwrap();
    let gone = ReplicaSample { at: last.at + Span::days(30), current: 0, ready: 0, ..last };
    let back = ReplicaSample { at: gone.at + Span::days(12), ..last };
    recording.replicas.extend([gone, back]);
    let chart = named(&charts::of_run(&labels, &recording).unwrap(), charts::RATIO_CHART);
    assert_says(&chart, &["no pod: R is infinite", "R is infinite"]);
    let band = chart.svg.lines().filter(|line| line.contains("<rect") && line.contains("#D55E00"));
    assert_eq!(band.count(), 1, "one band for the time without pods");
}

#[test]
fn the_most_telling_controllers_are_shown() {
    let (mut labels, mut recording) = recording();
    for extra in 1..9u32 {
        labels.workloads.push(format!("ReplicaSet default/w{extra}"));
        let mut outcome = recording.outcome.workloads[0].clone();
        outcome.at_ratio_one = outcome.at_ratio_one.saturating_sub(Span::secs(u64::from(extra)));
        recording.outcome.workloads.push(outcome);
        let workload = WorkloadId::from(extra as usize);
        recording.replicas.push(ReplicaSample { workload, ..*recording.replicas.last().unwrap() });
    }
    labels.workloads.push("Pod default/lonely".into());
    let chart = named(&charts::of_run(&labels, &recording).unwrap(), charts::RATIO_CHART);
    assert!(chart.subtitle.contains("the 6 of 9 controllers"), "{}", chart.subtitle);
    let lanes: Vec<String> = texts(&chart.svg).into_iter().filter(|text| text.contains(" · ")).collect();
    assert_eq!(lanes.len(), 6, "{lanes:?}");
    assert!(lanes[0].starts_with("ReplicaSet w8 ·") && lanes[5].starts_with("ReplicaSet w3 ·"), "{lanes:?}");
    labels.workloads.drain(..9);
    let charts = charts::of_run(&labels, &recording).unwrap();
    assert!(charts.iter().all(|chart| chart.name != charts::RATIO_CHART), "nobody keeps a pod alone");
}
