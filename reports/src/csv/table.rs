//! A table on its way to a file. It is never in memory as a whole: a large one has millions of rows. It is made in
//! parts of some thousand rows, several at a time, and written in order.

use std::fmt::{Display, Write as _};
use std::io::{self, Write};

use csv::{Terminator, Writer, WriterBuilder};
use rayon::prelude::*;

/// What writing a row may answer.
pub type Written = csv::Result<()>;

/// Rows of one part of a table, some thousand at most.
type Part<'a> = Box<dyn Fn(&mut Rows) -> Written + Send + Sync + 'a>;

/// Columns, and how to make the rows.
pub struct Table<'a> {
    /// Column names.
    pub header: Vec<String>,
    parts: Vec<Part<'a>>,
}

impl<'a> Table<'a> {
    /// A table without rows.
    pub fn new(header: &[&str]) -> Table<'a> {
        Table { header: header.iter().map(|&name| name.to_owned()).collect(), parts: Vec::new() }
    }

    /// Adds rows after those that are there.
    pub fn part(&mut self, rows: impl Fn(&mut Rows) -> Written + Send + Sync + 'a) {
        self.parts.push(Box::new(rows));
    }

    /// Writes the file. Of all its parts, only a few for each thread are in memory at a time.
    pub fn write_to(&self, out: &mut impl Write) -> io::Result<()> {
        out.write_all(&made(&|rows| rows.header(&self.header))?)?;
        for parts in self.parts.chunks(2 * rayon::current_num_threads()) {
            let made: Vec<_> = parts.par_iter().map(|part| made(part)).collect::<io::Result<_>>()?;
            made.iter().try_for_each(|bytes| out.write_all(bytes))?;
        }
        Ok(())
    }

    /// The file as a whole, for small ones.
    pub fn to_csv(&self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.write_to(&mut bytes)?;
        Ok(bytes)
    }
}

fn made(part: &dyn Fn(&mut Rows) -> Written) -> io::Result<Vec<u8>> {
    let writer = WriterBuilder::new().terminator(Terminator::Any(b'\n')).from_writer(Vec::new());
    let mut rows = Rows { writer, field: String::new() };
    part(&mut rows)?;
    rows.writer.into_inner().map_err(|error| error.into_error())
}

/// Takes rows field by field.
pub struct Rows {
    writer: Writer<Vec<u8>>,
    /// The field under way: all numbers of a part are written into the same few bytes.
    field: String,
}

impl Rows {
    /// A field of text.
    pub fn text(&mut self, text: &str) -> Written {
        self.writer.write_field(text)
    }

    /// A field of anything that has one way to be written: integers, truth values, digests.
    pub fn plain(&mut self, value: impl Display) -> Written {
        self.field.clear();
        let _ = write!(self.field, "{value}"); // a String takes everything
        self.writer.write_field(&self.field)
    }

    /// The shortest decimal that reads back as the same number; empty if it is none.
    pub fn number(&mut self, value: f64) -> Written {
        // An empty sum is -0, which nobody means.
        if value.is_finite() { self.plain(value + 0.0) } else { self.empty() }
    }

    /// Several numbers.
    pub fn numbers(&mut self, values: impl IntoIterator<Item = f64>) -> Written {
        values.into_iter().try_for_each(|value| self.number(value))
    }

    /// A field without a value.
    pub fn empty(&mut self) -> Written {
        self.writer.write_field("")
    }

    /// Ends the row.
    pub fn end(&mut self) -> Written {
        self.writer.write_record(None::<&[u8]>)
    }

    fn header(&mut self, names: &[String]) -> Written {
        self.writer.write_record(names)
    }
}
