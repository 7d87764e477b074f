//! `nines sensitivity`.

use clap::Args;
use scenarios::sensitivity::Asked;

use super::{Input, MeasureName, Results, Runs};

#[derive(Args)]
#[command(after_help = "\
Examples:
  nines sensitivity web                      every parameter at half and at twice its value
  nines sensitivity web --repetitions 500 --parameter scenario.spec.faults.node-crash.timeToRepair=1m..1h
                                             one parameter, over a range of its own
  nines sensitivity -f k8s/ -f scenario.yaml --service shop/api --measure time --low 0.8 --high 1.25")]
pub struct Sensitivity {
    #[command(flatten)]
    pub input: Input,

    /// The service to look at: `name` or `namespace/name` [default: the first with an objective, or the first]
    #[arg(long, value_name = "NAME")]
    pub service: Option<String>,

    /// Which availability to look at
    #[arg(long, value_name = "MEASURE", default_value = "request")]
    pub measure: MeasureName,

    /// Only this parameter, over a range if one is given; repeatable [default: all that can be scaled]
    #[arg(long = "parameter", value_name = "PATH[=LOW..HIGH]")]
    pub parameters: Vec<Asked>,

    /// Lower end of a range, as times the value
    #[arg(long, value_name = "FACTOR", default_value_t = 0.5, value_parser = below_one)]
    pub low: f64,

    /// Upper end of a range, as times the value
    #[arg(long, value_name = "FACTOR", default_value_t = 2.0, value_parser = above_one)]
    pub high: f64,

    /// Screen so many parameters, those with the largest effect, by moving them together; 0 for none
    #[arg(long, value_name = "N", default_value_t = 8)]
    pub screen: usize,

    /// Trajectories of the screening
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = trajectories)]
    pub trajectories: usize,

    #[command(flatten)]
    pub runs: Runs,
    #[command(flatten)]
    pub results: Results,
}

fn below_one(text: &str) -> Result<f64, String> {
    let factor: f64 = text.parse().map_err(|_| "it is a factor such as 0.5".to_owned())?;
    if factor > 0.0 && factor < 1.0 { Ok(factor) } else { Err("it lies between 0 and 1".to_owned()) }
}

fn above_one(text: &str) -> Result<f64, String> {
    let factor: f64 = text.parse().map_err(|_| "it is a factor such as 2".to_owned())?;
    if factor > 1.0 && factor <= 1000.0 { Ok(factor) } else { Err("it lies between 1 and 1000".to_owned()) }
}

fn trajectories(text: &str) -> Result<usize, String> {
    let number: usize = text.parse().map_err(|_| "it is a number such as 10".to_owned())?;
    if number >= 2 { Ok(number) } else { Err("a spread needs at least 2".to_owned()) }
}
