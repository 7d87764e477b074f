//! Numbers as people say them.

use reports::words::*;
use scenarios::summary::{Estimate, Method};
use sim_core::time::{Instant, Span};

#[test]
fn durations_are_said_as_people_say_them() {
    let said: &[(f64, &str)] = &[
        (0.0, "0 s"),
        (0.004, "< 10 ms"),
        (0.25, "250 ms"),
        (0.9996, "1 s"),
        (47.5, "47.5 s"),
        (59.94, "59.9 s"),
        (59.97, "1 min"),
        (347.0, "5 min 47 s"),
        (599.6, "10 min"),
        (28.0 * 60.0 + 12.0, "28 min"),
        (3599.0, "1 h"),
        (12.0 * 3600.0 + 5.0 * 60.0, "12 h 05 min"),
        (86_400.0, "1 d"),
        (30.0 * 3600.0, "30 h"),
        (76.0 * 3600.0, "3 d 04 h"),
        (117.0 * 86_400.0, "117 d"),
        (YEAR_S, "1 year"),
        (10.0 * YEAR_S, "10 years"),
        (f64::NAN, "unknown"),
        (f64::INFINITY, "unknown"),
    ];
    for (seconds, words) in said {
        assert_eq!(duration(*seconds), *words, "{seconds} s");
    }
}

#[test]
fn digits_stop_where_the_interval_stops_being_sure() {
    let said: &[(f64, f64, f64, &str)] = &[
        (0.99862, 0.99855, 0.99869, "99.862% [99.855, 99.869]"),
        (0.999946, 0.999938, 0.999953, "99.9946% [99.9938, 99.9953]"),
        (0.62, 0.57, 0.67, "62% [57, 67]"),
        (0.9999, 0.999, 1.0, "99.99% [99.90, 100]"),
        // Never "100%" for what did fail.
        (0.99996, 0.98, 1.0, "99.996% [98.000, 100]"),
        // Without an interval, two digits of the failures.
        (0.99861, 0.99861, 0.99861, "99.86%"),
        (1.0, 1.0, 1.0, "100%"),
        (1.0, 0.9998, 1.0, "100% [99.98, 100]"),
        (f64::NAN, 0.0, 1.0, "unknown"),
    ];
    for &(value, low, high, words) in said {
        assert_eq!(availability(&Estimate { value, low, high, method: Method::Student }), words);
    }
}

#[test]
fn shares_are_exact_only_when_they_are() {
    let said = [
        (0.0, "0%"),
        (0.0004, "< 0.1%"),
        (0.004, "0.4%"),
        (0.61, "61%"),
        (0.996, "99.6%"),
        (0.9995, "> 99.9%"),
        (1.0, "100%"),
    ];
    for (part, words) in said {
        assert_eq!(share(part), words);
    }
}

#[test]
fn targets_keep_all_their_digits() {
    assert_eq!([0.9, 0.999, 0.9995, 0.99999].map(target), ["90%", "99.9%", "99.95%", "99.999%"]);
}

#[test]
fn counts_and_rates() {
    assert_eq!([0, 999, 1000, 2_000_000].map(count), ["0", "999", "1,000", "2,000,000"]);
    assert_eq!(
        [0.0, 0.0001, 0.04, 0.73, 1.34, 9.96, 1234.5].map(rate),
        ["0", "< 0.001", "0.04", "0.73", "1.3", "10", "1,235"]
    );
    assert_eq!([1, 2].map(|n| counted(n, "run")), ["1 run", "2 runs"]);
}

#[test]
fn nines_count_nines() {
    assert!((nines(0.999) - 3.0).abs() < 1e-9);
    assert!((nines(0.9995) - 3.301).abs() < 1e-3);
    assert_eq!(nines(1.0), f64::INFINITY);
    assert_eq!(nines(0.0), 0.0);
}

#[test]
fn moments_count_days_from_one() {
    let at = Instant::ZERO + Span::days(210) + Span::hours(3) + Span::mins(12) + Span::millis(9_340);
    assert_eq!((day(at), time_of_day(at)), (211, "03:12:09.3".into()));
}

#[test]
fn spans_and_names_are_said_without_what_says_nothing() {
    assert_eq!(span(YEAR_S - 3600.0), "1 year");
    assert_eq!(span(2.0 * YEAR_S), "2 years");
    assert_eq!(span(3300.0), "55 min");
    assert_eq!(name("default/web"), "web");
    assert_eq!(name("Deployment default/web"), "Deployment web");
    assert_eq!(name("shop/web"), "shop/web");
}
