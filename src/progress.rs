//! How far it is, on standard error: a bar for a person, a line now and then for a log.

use std::io::IsTerminal;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

const BAR: &str = "  {wide_bar:.green}  {human_pos}/{human_len} runs   {rate} runs/s   {eta_precise} left";
const LOG_EVERY: Duration = Duration::from_secs(10);

/// Shows the progress of a number of runs; any thread may tell of it.
pub enum Progress {
    /// Redrawn in place.
    Bar(ProgressBar),
    /// One more line every ten seconds.
    Log(Mutex<Log>),
    /// Nothing.
    Quiet,
}

/// What the last line said, and when.
pub struct Log {
    total: u64,
    started: Instant,
    last: Instant,
}

impl Progress {
    /// For `total` runs.
    pub fn new(total: u64, quiet: bool) -> Progress {
        if quiet {
            return Progress::Quiet;
        }
        if !std::io::stderr().is_terminal() {
            let now = Instant::now();
            return Progress::Log(Mutex::new(Log { total, started: now, last: now }));
        }
        let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr_with_hz(10));
        let style = ProgressStyle::with_template(BAR).expect("a template").progress_chars("█▉▊▋▌▍▎▏ ");
        bar.set_style(style.with_key("rate", rate));
        Progress::Bar(bar)
    }

    /// `done` runs are done.
    pub fn tell(&self, done: u64) {
        match self {
            Progress::Bar(bar) => bar.inc(1),
            Progress::Log(log) => log.lock().unwrap_or_else(|broken| broken.into_inner()).tell(done),
            Progress::Quiet => {}
        }
    }

    /// Leaves the last state of a bar on the screen.
    pub fn finish(&self) {
        if let Progress::Bar(bar) = self {
            bar.abandon();
            eprintln!();
        }
    }
}

fn rate(state: &ProgressState, out: &mut dyn std::fmt::Write) {
    // A bar that cannot be written is not worth an error.
    write!(out, "{:.0}", state.per_sec()).ok();
}

impl Log {
    fn tell(&mut self, done: u64) {
        if self.last.elapsed() >= LOG_EVERY {
            self.last = Instant::now();
            let rate = done as f64 / self.started.elapsed().as_secs_f64();
            let left = (self.total - done) as f64 / rate;
            eprintln!("{done}/{} runs, {rate:.0} runs/s, {left:.0} s left", self.total);
        }
    }
}
