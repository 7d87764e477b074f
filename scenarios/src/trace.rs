//! Failure traces: which machine was down when. Two layouts are read:
//!
//! * CSV with the columns `entity,down,up`, in this order or under these headings. An `up` that is empty means that it has
//!   not come back.
//! * The events of the Failure Trace Archive (`event_trace.tab`: event, component, node and platform id, node name, type,
//!   start, stop, end reason): type 0 is a time of being unavailable, type 1 of being available.
//!
//! Times are seconds, or dates and times of RFC 3339.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, codes};
use crate::source::{Place, Source};
use crate::table::{Row, rows};

/// The past of some machines.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    /// Machines in order of appearance.
    pub entities: Vec<Entity>,
    /// The first moment that the trace tells of, in seconds.
    pub from_s: f64,
    /// Whether its times are dates rather than seconds since the trace began.
    pub is_dated: bool,
}

/// The past of one machine.
#[derive(Clone, Debug, PartialEq)]
pub struct Entity {
    /// Its name.
    pub name: String,
    /// When it was down, in seconds, ascending and apart; the last may have no end.
    pub downs: Vec<(f64, f64)>,
    /// When it is known to have been up before its first failure.
    pub seen_s: Option<f64>,
}

/// Of many lines that are wrong, these are shown.
const SHOWN: usize = 10;

impl Trace {
    /// Reads a trace; every line that is wrong is told.
    pub fn read(source: &Arc<Source>) -> Result<Trace, Vec<Diagnostic>> {
        let rows = rows(source);
        let Some(first) = rows.first() else { return Err(vec![empty(source)]) };
        let layout = Layout::of(first, &source.text);
        let lines = &rows[usize::from(layout.has_headings)..];
        let mut reader =
            Reader { layout, entities: Vec::new(), index: BTreeMap::new(), problems: Vec::new() };
        lines.iter().for_each(|line| reader.line(line));
        reader.finish(source)
    }

    /// Complete times between failures, in seconds: from a return to the next failure.
    pub fn up_times_s(&self) -> Vec<f64> {
        let between = |entity: &Entity| {
            let first = entity.seen_s.zip(entity.downs.first()).map(|(seen, down)| down.0 - seen);
            let others = entity.downs.windows(2).map(|pair| pair[1].0 - pair[0].1);
            first.into_iter().chain(others).filter(|time| *time > 0.0).collect::<Vec<f64>>()
        };
        self.entities.iter().flat_map(between).collect()
    }

    /// Complete times of being down, in seconds.
    pub fn down_times_s(&self) -> Vec<f64> {
        let downs = self.entities.iter().flat_map(|entity| &entity.downs);
        downs.map(|(down, up)| up - down).filter(|time| time.is_finite()).collect()
    }
}

/// Seconds, or a date and time as seconds since 1970.
pub(crate) fn moment(text: &str) -> Result<(f64, bool), String> {
    match text.parse::<f64>() {
        Ok(secs) if secs.is_finite() => return Ok((secs, false)),
        Ok(_) => return Err(format!("`{text}` is not a time")),
        Err(_) => {}
    }
    let date: jiff::Timestamp = text
        .parse()
        .map_err(|_| format!("`{text}` is neither seconds nor a time such as 2006-01-31T12:00:00Z"))?;
    Ok((date.as_second() as f64 + f64::from(date.subsec_nanosecond()) / 1e9, true))
}

/// Which column has what.
struct Layout {
    entity: usize,
    down: usize,
    up: usize,
    /// In which column an archive says whether the node was available.
    kind: Option<usize>,
    has_headings: bool,
}

const CSV: Layout = Layout { entity: 0, down: 1, up: 2, kind: None, has_headings: false };
const ARCHIVE: Layout = Layout { entity: 2, down: 6, up: 7, kind: Some(5), has_headings: false };

impl Layout {
    fn of(first: &Row, text: &str) -> Layout {
        let named = |headings: [&str; 3]| {
            let found = headings.map(|heading| first.column(heading));
            found.iter().all(Option::is_some).then(|| found.map(Option::unwrap_or_default))
        };
        if let Some([entity, down, up]) = named(["entity", "down", "up"]) {
            return Layout { entity, down, up, kind: None, has_headings: true };
        }
        if let Some([entity, down, up]) = named(["node_id", "event_start_time", "event_stop_time"]) {
            return Layout { entity, down, up, kind: first.column("event_type"), has_headings: true };
        }
        if first.cells.len() >= 8 || text.contains("event_start_time") { ARCHIVE } else { CSV }
    }
}

struct Reader {
    layout: Layout,
    entities: Vec<(Entity, Place)>,
    index: BTreeMap<String, usize>,
    problems: Vec<Diagnostic>,
}

/// The times of one line.
struct Spell {
    from: f64,
    until: f64,
    is_dated: bool,
    is_down: bool,
}

impl Reader {
    fn line(&mut self, row: &Row) {
        if self.problems.len() >= SHOWN {
            return;
        }
        let entity = row.cell(self.layout.entity);
        let told = self.spell(row).and_then(|spell| match entity {
            "" => Err("this line names no machine".to_owned()),
            name => self.add(name, &spell, row).map(|()| spell.is_dated),
        });
        if let Err(why) = told {
            self.problem(why, &row.place);
        }
    }

    fn spell(&self, row: &Row) -> Result<Spell, String> {
        let (from, is_dated) = moment(row.cell(self.layout.down))?;
        let until = match row.cell(self.layout.up) {
            "" | "NULL" => f64::INFINITY,
            text => moment(text)?.0,
        };
        let is_down = match self.layout.kind.map(|kind| row.cell(kind)) {
            None | Some("0") => true,
            Some("1") => false,
            Some(other) => return Err(format!("event type `{other}` is neither 0 nor 1")),
        };
        if until <= from {
            let (ends, begins) = if is_down { ("up", "down") } else { ("stop", "start") };
            return Err(format!("{ends} ({until}) is not after {begins} ({from})"));
        }
        Ok(Spell { from, until, is_dated, is_down })
    }

    fn add(&mut self, name: &str, spell: &Spell, row: &Row) -> Result<(), String> {
        let at = *self.index.entry(name.to_owned()).or_insert(self.entities.len());
        if at == self.entities.len() {
            let entity = Entity { name: name.to_owned(), downs: Vec::new(), seen_s: None };
            self.entities.push((entity, row.place.clone()));
        }
        let (entity, last) = &mut self.entities[at];
        if !spell.is_down {
            if entity.downs.is_empty() && entity.seen_s.is_none() {
                entity.seen_s = Some(spell.from);
            }
            return Ok(());
        }
        let previous = entity.downs.last().copied();
        entity.downs.push((spell.from, spell.until));
        let earlier = std::mem::replace(last, row.place.clone()).line_and_column().0;
        match previous {
            Some((down, _)) if spell.from < down => Err(format!(
                "{name} fails before the failure in line {earlier}: the lines of a machine ascend"
            )),
            Some((_, up)) if spell.from < up => {
                Err(format!("{name} fails while it is still down since line {earlier}"))
            }
            _ => Ok(()),
        }
    }

    fn problem(&mut self, message: String, place: &Place) {
        self.problems.push(Diagnostic::new(&codes::TRACE, message).at(place, ""));
    }

    fn finish(self, source: &Arc<Source>) -> Result<Trace, Vec<Diagnostic>> {
        if !self.problems.is_empty() {
            return Err(self.problems);
        }
        let entities: Vec<Entity> = self.entities.into_iter().map(|(entity, _)| entity).collect();
        let downs = entities.iter().flat_map(|entity| entity.downs.first().map(|down| down.0));
        let first_down = downs.fold(f64::INFINITY, f64::min);
        if first_down == f64::INFINITY {
            return Err(vec![empty(source)]);
        }
        let first_seen = entities.iter().filter_map(|entity| entity.seen_s).fold(first_down, f64::min);
        Ok(Trace { entities, from_s: first_seen, is_dated: is_dated(source) })
    }
}

/// Archives count seconds since 1970.
fn is_dated(source: &Arc<Source>) -> bool {
    let rows = rows(source);
    let Some(first) = rows.first() else { return false };
    let layout = Layout::of(first, &source.text);
    layout.kind.is_some() || rows.last().is_some_and(|row| moment(row.cell(layout.down)).is_ok_and(|m| m.1))
}

fn empty(source: &Arc<Source>) -> Diagnostic {
    let message = format!("{} has no failures", source.name);
    let help = "a line is entity,down,up: n-1,3600,7200";
    Diagnostic::new(&codes::TRACE, message).at(&Place::start_of(source), "").help(help)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Trace, Vec<String>> {
        let messages = |problems: Vec<Diagnostic>| problems.into_iter().map(|p| p.message).collect();
        Trace::read(&Source::new("trace.csv", text)).map_err(messages)
    }

    #[test]
    fn entity_down_up_in_seconds_or_dates() {
        let plain = read("a,10,20\nb,15,30\na,50,\n").unwrap();
        assert_eq!((plain.entities[0].name.as_str(), plain.is_dated), ("a", false));
        assert_eq!(plain.entities[0].downs, [(10.0, 20.0), (50.0, f64::INFINITY)]);
        assert_eq!((plain.up_times_s(), plain.down_times_s()), (vec![30.0], vec![10.0, 15.0]));
        let dated = read("up,entity,down\n2006-01-01T01:00:00Z,a,2006-01-01T00:00:00.5Z\n").unwrap();
        assert_eq!((dated.down_times_s(), dated.is_dated), (vec![3599.5], true));
    }

    #[test]
    fn events_of_the_failure_trace_archive() {
        let text = "#event_id\tcomponent_id\tnode_id\tplatform_id\tnode_name\tevent_type\tevent_start_time\t\
            event_stop_time\tevent_end_reason\n\
            1\t1\t7\t0\tx\t1\t1000\t2000\tNULL\n2\t1\t7\t0\tx\t0\t2000\t2500\tNULL\n";
        let trace = read(text).unwrap();
        assert_eq!((trace.from_s, trace.is_dated, trace.entities[0].name.as_str()), (1000.0, true, "7"));
        assert_eq!((trace.up_times_s(), trace.down_times_s()), (vec![1000.0], vec![500.0]));
    }

    #[test]
    fn every_line_that_is_wrong_is_told() {
        let wrong = read("a,10,20\na,15,30\nb,9,x\nc,5,5\nd,9,10\nd,1,2\n,1,2\n").unwrap_err();
        assert_eq!(
            wrong,
            [
                "a fails while it is still down since line 1",
                "`x` is neither seconds nor a time such as 2006-01-31T12:00:00Z",
                "up (5) is not after down (5)",
                "d fails before the failure in line 5: the lines of a machine ascend",
                "this line names no machine",
            ]
        );
        assert_eq!(read("# nothing\n"), Err(vec!["trace.csv has no failures".to_owned()]));
    }
}
