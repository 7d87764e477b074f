//! The page: well-formed, self-contained, verdict first, origin last.

use reports::{charts, html};
use resvg::usvg::roxmltree::{Document, ParsingOptions};

use crate::fixture::*;

fn page() -> String {
    let (labels, recording) = recording();
    let result = replicas_by_spread();
    let (sweep_charts, run_charts) =
        (charts::of_sweep(&result).unwrap(), charts::of_run(&labels, &recording).unwrap());
    let run = Some((&labels, &recording, run_charts.as_slice()));
    html::of_sweep(&result, &sweep_charts, run, "nines sweep web.yaml --seed 42", &["points.csv".into()])
}

#[test]
fn the_page_is_well_formed() {
    let (page, options) = (page(), ParsingOptions { allow_dtd: true, ..ParsingOptions::default() });
    let document = Document::parse_with_options(&page, options).unwrap();
    let count = |tag: &str| document.descendants().filter(|node| node.has_tag_name(tag)).count();
    assert_eq!((count("h1"), count("main"), count("svg")), (1, 1, 7));
    assert_eq!(count("table"), count("caption"));
    assert_eq!(count("script") + count("img") + count("link") + count("iframe"), 0);
    let svgs = document.descendants().filter(|node| node.has_tag_name("svg"));
    for svg in svgs {
        assert_eq!(svg.attribute("role"), Some("img"));
        assert!(svg.children().any(|child| child.has_tag_name("title")));
    }
    let ids = document.descendants().filter(|node| node.has_attribute("id")).count();
    assert_eq!(ids, 0, "inline pictures cannot clash");
}

#[test]
fn the_page_needs_nothing_from_outside() {
    let page = page();
    for outside in ["http:", "https:", "url(", "@import", "src="] {
        assert!(!page.contains(outside), "{outside}");
    }
    assert!(page.contains("content=\"default-src 'none'; style-src 'unsafe-inline'\""));
}

#[test]
fn the_verdict_comes_first_and_the_origin_last() {
    let page = page();
    let place = |text: &str| page.find(text).unwrap_or_else(|| panic!("no {text:?}"));
    let order = [
        "<h2>Verdict</h2>",
        "6 of 8 design points keep 99.95%",
        "<table>",
        "<svg",
        "Longest outage of web",
        "While R is above 1 pods are missing",
        "The longest time away from R = 1",
        "Where this comes from",
        "7be2c01d55aa9034",
        "nines sweep web.yaml --seed 42",
        "href=\"points.csv\"",
    ];
    assert!(order.windows(2).all(|pair| place(pair[0]) < place(pair[1])));
    assert!(page.contains("3f9c1a07d2e84b65") && page.contains("0.1.0"));
}

#[test]
fn a_run_in_full_says_where_it_belongs_and_how_to_repeat_it() {
    let (mut labels, recording) = recording();
    labels.design_point = "replicas 2, zones three".into();
    labels.repeat = "nines run --set Deployment/web.spec.replicas=2 --run 0".into();
    let page =
        html::of_sweep(&replicas_by_spread(), &[], Some((&labels, &recording, &[])), "nines sweep", &[]);
    assert!(page.contains("<h2>One run in full: run 0 of replicas 2, zones three</h2>"));
    assert!(page.contains("<pre>nines run --set Deployment/web.spec.replicas=2 --run 0</pre>"));
}

#[test]
fn names_cannot_break_the_page() {
    let mut result = replicas_by_spread();
    result.scenario = "<script>alert(1)</script>".into();
    result.services[0] = "a<b>&\"c\"".into();
    let page = html::of_sweep(&result, &charts::of_sweep(&result).unwrap(), None, "nines sweep '<x>'", &[]);
    assert!(!page.contains("<script"));
    let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
    Document::parse_with_options(&page, options).unwrap();
}
