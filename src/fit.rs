//! `nines fit`: distributions fitted to a failure trace.

use anyhow::{Context, Result, bail};
use reports::fit::Fits;
use reports::{charts, write};
use scenarios::fit::{Fitted, fit};
use scenarios::read_source;
use scenarios::trace::Trace;

use crate::cli::{self, MessageFormat, PlanFormat};
use crate::exit::Exit;
use crate::output;
use crate::stop::Stop;
use crate::voice::Voice;

pub fn main(args: &cli::Fit, voice: &Voice) -> Result<Exit> {
    let trace = read_source(&args.file).map_err(|problem| vec![problem]);
    let trace = trace.and_then(|source| Trace::read(&source)).map_err(|problems| {
        voice.diagnostics(&problems, MessageFormat::Human);
        Stop::BadInput
    })?;
    let fits = Fits {
        machines: trace.entities.len(),
        up: fitted("up times", trace.up_times_s())?,
        down: fitted("down times", trace.down_times_s())?,
    };
    let pictures = [charts::of_fit("up times", &fits.up)?, charts::of_fit("down times", &fits.down)?];
    write::write_charts(&args.output, &pictures)
        .with_context(|| format!("cannot write to {}", args.output.display()))?;
    match args.format {
        PlanFormat::Json => output::print(&reports::json::text(&fits)?)?,
        PlanFormat::Table => output::print(&text(args, &fits))?,
    }
    Ok(Exit::Met)
}

fn fitted(what: &str, times_s: Vec<f64>) -> Result<Fitted> {
    match fit(times_s) {
        Ok(fitted) => Ok(fitted),
        Err(why) => bail!("{what} cannot be fitted: {why}"),
    }
}

fn text(args: &cli::Fit, fits: &Fits) -> String {
    let own = |what, fitted| reports::fit::text(what, fitted);
    format!(
        "{}: {} machines\n\n{}\n{}\nBoth best by AIC, for scenario.spec.faults:\n\n{}\n\
         Wrote {}/fit-up-times and fit-down-times (.svg, .png). p: how often samples of the fit itself lie as far\n\
         from theirs; a small one says that the family does not fit.\n",
        args.file.display(),
        fits.machines,
        own("up times", &fits.up),
        own("down times", &fits.down),
        reports::fit::fault(&fits.up.fits[0], &fits.down.fits[0]),
        args.output.display(),
    )
}
