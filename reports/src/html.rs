//! One page that holds everything: the verdict, the tables, the pictures, and how to repeat the result. It needs no
//! network and no script, and it is well-formed XML, so that any tool can read it.

use std::fmt::Write;

use scenarios::compare::Comparison;
use scenarios::sensitivity::Sensitivity;
use scenarios::summary::SweepResult;
use sim_core::outcome::Recording;

use crate::charts::{Chart, MOST_SERVICES, RATIO_CHART};
use crate::grid::{Cell, Grid};
use crate::labels::RunLabels;
use crate::paint::Tone;
use crate::story::{self, Telling};
use crate::{compare, control_plane, methods, ratio, run, sensitivity, sweep, verdict};

/// Lines of the story of the longest outage on the page.
const STORY_LINES: usize = 60;

/// Where a page came from, and how to get it again.
struct Origin<'a> {
    scenario: &'a str,
    version: &'a str,
    input_hash: &'a str,
    seed: u64,
    digest: String,
    reproduce: &'a str,
}

/// The page of a sweep. `files` are the names of the files that lie beside it.
pub fn of_sweep(
    result: &SweepResult,
    charts: &[Chart],
    run: Option<(&RunLabels, &Recording, &[Chart])>,
    reproduce: &str,
    files: &[String],
) -> String {
    let mut body = heading(&sweep::title(result), &sweep::design(result));
    body += &verdict_section(&verdict::sentences(result));
    for (group, grid) in sweep::tables(result) {
        body += &format!("<section>\n<h2>{}</h2>\n{}", escape(&group.title), table(&grid));
        body += &paragraphs(&sweep::where_time_goes(result, &group));
        let own = |chart: &&Chart| chart.group == group.slug;
        body += &charts.iter().filter(own).map(figure).collect::<String>();
        body += "</section>\n";
    }
    if result.points.len() > 1 && result.services.len() > MOST_SERVICES {
        body += &format!("<p>Pictures of {MOST_SERVICES} services; the CSV files have all.</p>\n");
    }
    body += &ratio_section(&ratio::everywhere(result));
    body += &control_plane_section(&control_plane::at_point_of_interest(result));
    if let Some((labels, recording, charts)) = run {
        body += &run_section(labels, recording, charts);
    }
    let origin = Origin {
        scenario: &result.scenario,
        version: &result.version,
        input_hash: &result.input_hash,
        seed: result.seed,
        digest: result.digest.clone(),
        reproduce,
    };
    page(
        &format!("Nines: {}", sweep::title(result).to_lowercase()),
        &(body + READING + &methods_section(result) + &origin_section(&origin, files)),
    )
}

fn methods_section(result: &SweepResult) -> String {
    section("How sure this is", &table(&methods::grid(result)))
}

/// The page of a comparison.
pub fn of_comparison(comparison: &Comparison, charts: &[Chart], reproduce: &str, files: &[String]) -> String {
    let mut body = heading(&compare::title(comparison), &compare::design(comparison));
    body += &verdict_section(&compare::sentences(comparison));
    let differences = table(&compare::differences(comparison));
    let pictures = charts.iter().map(figure).collect::<String>();
    body += &section("Differences", &(differences + &pictures));
    body += &section("Designs", &table(&compare::designs(comparison)));
    let names: Vec<&str> = comparison.designs.iter().map(|result| result.design.name.as_str()).collect();
    let hashes: Vec<&str> =
        comparison.designs.iter().map(|result| result.design.input_hash.as_str()).collect();
    let origin = Origin {
        scenario: &names.join(", "),
        version: &comparison.version,
        input_hash: &hashes.join(" "),
        seed: comparison.seed,
        digest: comparison.digest.clone(),
        reproduce,
    };
    let title = format!("Nines: {}", compare::title(comparison).to_lowercase());
    page(&title, &(body + &origin_section(&origin, files)))
}

/// The page of a study of sensitivity.
pub fn of_sensitivity(found: &Sensitivity, charts: &[Chart], reproduce: &str, files: &[String]) -> String {
    let mut body = heading(&sensitivity::title(found), &sensitivity::design(found));
    body += &verdict_section(&sensitivity::sentences(found));
    let pictures = charts.iter().map(figure).collect::<String>();
    body += &section("Parameters", &(pictures + &table(&sensitivity::ranking(found))));
    let origin = Origin {
        scenario: &found.scenario,
        version: &found.version,
        input_hash: &found.input_hash,
        seed: found.seed,
        digest: found.digest.clone(),
        reproduce,
    };
    let title = format!("Nines: {}", sensitivity::title(found).to_lowercase());
    page(&title, &(body + &origin_section(&origin, files)))
}

/// The page of one run.
pub fn of_run(
    labels: &RunLabels,
    recording: &Recording,
    charts: &[Chart],
    reproduce: &str,
    files: &[String],
) -> String {
    let mut body = heading(&format!("Run of {}", labels.scenario), &run::headline(labels, recording));
    body += &verdict_section(&run::sentences(labels, recording));
    body += &run_section(labels, recording, charts);
    let origin = Origin {
        scenario: &labels.scenario,
        version: &labels.version,
        input_hash: &labels.input_hash,
        seed: labels.seed.master,
        digest: recording.outcome.digest.to_string(),
        reproduce,
    };
    page(&format!("Nines: run of {}", labels.scenario), &(body + READING + &origin_section(&origin, files)))
}

fn heading(title: &str, subtitle: &str) -> String {
    format!("<header>\n<h1>{}</h1>\n<p>{}</p>\n</header>\n", escape(title), escape(subtitle))
}

fn verdict_section(sentences: &[(String, Tone)]) -> String {
    let said = |(sentence, tone): &(String, Tone)| {
        format!("<p class=\"{}\">{}</p>\n", class(*tone), escape(sentence))
    };
    format!(
        "<section class=\"verdict\">\n<h2>Verdict</h2>\n{}</section>\n",
        sentences.iter().map(said).collect::<String>()
    )
}

fn run_section(labels: &RunLabels, recording: &Recording, charts: &[Chart]) -> String {
    let mut inside = format!("<p>{}</p>\n", escape(&run::headline(labels, recording)));
    inside += &table(&run::grid(labels, recording));
    inside += &paragraphs(&run::where_time_goes(labels, recording));
    inside += &table(&ratio::of_run(labels, recording));
    inside += &control_plane_section(&control_plane::of_run(recording));
    let story = story::told(labels, recording, Telling::LongestOutage(STORY_LINES));
    inside += &format!("<pre>{}</pre>\n", escape(&story));
    let (ratios, others): (Vec<&Chart>, _) = charts.iter().partition(|chart| chart.name == RATIO_CHART);
    inside += &others.into_iter().map(figure).collect::<String>();
    inside += &ratios.into_iter().map(ratio_figure).collect::<String>();
    if !labels.repeat.is_empty() {
        inside += &format!("<p>This run alone:</p>\n<pre>{}</pre>\n", escape(&labels.repeat));
    }
    let of =
        if labels.design_point.is_empty() { String::new() } else { format!(" of {}", labels.design_point) };
    section(&format!("One run in full: run {}{of}", labels.seed.run), &inside)
}

fn ratio_section(grid: &Grid) -> String {
    if grid.rows.is_empty() {
        return String::new();
    }
    section("Replica ratio", &format!("<p>{}</p>\n{}", escape(ratio::DEFINITION), table(grid)))
}

fn control_plane_section(grid: &Grid) -> String {
    if grid.rows.is_empty() { String::new() } else { section("Control plane", &table(grid)) }
}

fn section(title: &str, inside: &str) -> String {
    if inside.is_empty() {
        return String::new();
    }
    format!("<section>\n<h2>{}</h2>\n{inside}</section>\n", escape(title))
}

fn paragraphs(lines: &[String]) -> String {
    lines.iter().map(|line| format!("<p>{}</p>\n", escape(line))).collect()
}

fn table(grid: &Grid) -> String {
    let mut html =
        format!("<div class=\"wide\"><table>\n<caption>{}</caption>\n<thead><tr>", escape(&grid.caption));
    for column in &grid.columns {
        let _ = write!(html, "<th scope=\"col\"{}>{}</th>", side(column.right), escape(&column.head));
    }
    let has_remarks = grid.rows.iter().any(|row| !row.remark.is_empty());
    html += if has_remarks { "<td></td></tr></thead>\n<tbody>\n" } else { "</tr></thead>\n<tbody>\n" };
    for row in &grid.rows {
        let cells = row.cells.iter().zip(&grid.columns).map(|(cell, column)| table_cell(cell, column.right));
        let remark = has_remarks.then(|| format!("<td class=\"good\">{}</td>", escape(&row.remark)));
        let _ = writeln!(html, "<tr>{}{}</tr>", cells.collect::<String>(), remark.unwrap_or_default());
    }
    html + "</tbody>\n</table></div>\n"
}

fn table_cell(cell: &Cell, right: bool) -> String {
    let mut classes = vec![class(cell.tone)];
    classes.extend(right.then_some("right"));
    classes.retain(|class| !class.is_empty());
    let class = if classes.is_empty() { String::new() } else { format!(" class=\"{}\"", classes.join(" ")) };
    format!("<td{class}>{}</td>", escape(&cell.text))
}

fn side(right: bool) -> &'static str {
    if right { " class=\"right\"" } else { "" }
}

fn class(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain => "",
        Tone::Strong => "strong",
        Tone::Good => "good",
        Tone::Bad => "bad",
        Tone::Quiet => "quiet",
    }
}

/// The picture itself stands in the page; in HTML it needs no namespace.
fn figure(chart: &Chart) -> String {
    let svg = chart.svg.replacen(" xmlns=\"http://www.w3.org/2000/svg\"", "", 1);
    format!("<figure>\n{svg}\n</figure>\n")
}

fn ratio_figure(chart: &Chart) -> String {
    format!("<p>{}</p>\n{}", escape(ratio::OVER_TIME), figure(chart))
}

/// What the words mean, for who sees them for the first time.
const READING: &str = "<section>
<h2>How to read this</h2>
<p>Request availability is the share of requests that succeed. Every availability is a mean over simulated runs; the
interval in brackets holds the true mean with 95% confidence, and digits stop where it stops being sure. Downtime a
year is the unavailable share of a year of 365 days; p95 is what 95% of the runs stay below. On an axis of nines,
each step up from 90% to 99% to 99.9% is a tenth of the downtime.</p>
</section>
";

fn origin_section(origin: &Origin, files: &[String]) -> String {
    let rows = [
        ("Nines", origin.version.to_owned()),
        ("Scenario", origin.scenario.to_owned()),
        ("Seed", origin.seed.to_string()),
        ("Inputs", origin.input_hash.to_owned()),
        ("Digest", origin.digest.clone()),
    ];
    let listed =
        rows.map(|(name, value)| format!("<dt>{name}</dt><dd><code>{}</code></dd>\n", escape(&value)));
    let links = files.iter().map(|file| format!("<a href=\"{0}\">{0}</a>", escape(file))).collect::<Vec<_>>();
    format!(
        "<section>\n<h2>Where this comes from</h2>\n<dl>\n{}</dl>\n\
         <p>The same version, inputs and seed give the same bytes. Repeat it:</p>\n<pre>{}</pre>\n\
         <p>Files beside this page: {}.</p>\n</section>\n",
        listed.concat(),
        escape(origin.reproduce),
        links.join(", ")
    )
}

fn page(title: &str, body: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\" />\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\" />\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\" />\n\
         <meta name=\"color-scheme\" content=\"light dark\" />\n\
         <title>{}</title>\n<style>\n{}</style>\n</head>\n<body>\n<main>\n{body}</main>\n</body>\n</html>\n",
        escape(title),
        include_str!("page.css")
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
