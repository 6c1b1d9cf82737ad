//! The flags that name an attribution method and a class, and the bar that shows how far the work is.

use burn::tensor::Tensor;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use sweetspot_core::attribution::Method;
use sweetspot_core::attribution::settings::SEED;
use sweetspot_core::error::{Error, Result};
use sweetspot_core::experiment::{Attribution, Target};
use sweetspot_engine::model::Model;
use sweetspot_nn::device::values;
use sweetspot_nn::job::{Job, Stop};
use sweetspot_nn::logits::top;
use sweetspot_nn::network::Network;

/// Which method, how set, for which class.
#[derive(Debug, Args)]
pub struct MethodFlags {
    /// The method, as `sweetspot models --json` lists them: saliency, grad-cam, integrated-gradients, lrp, rise and so on.
    #[arg(long, value_name = "A")]
    pub method: String,
    /// The class to explain, by its index; the network's first choice unless given.
    #[arg(long, value_name = "N")]
    pub target: Option<usize>,
    /// Seed of what is drawn.
    #[arg(long, value_name = "S")]
    pub seed: Option<u32>,
    /// A parameter of the method: steps=50, samples=20, baseline=blur, tap=NAME.
    #[arg(long = "set", value_name = "NAME=VALUE")]
    pub set: Vec<String>,
}

impl MethodFlags {
    /// The method with its parameters. A parameter the method does not take is an error, not a silence; a seed for a method that draws nothing
    /// changes nothing.
    pub fn parameters(&self) -> Result<Attribution> {
        let method = Method::from_id(&self.method)?;
        let info = method.info();
        let mut parameters = Attribution::new(method);
        for word in &self.set {
            let Some((name, value)) = word.split_once('=') else {
                return Err(Error::bad_value("--set", word, "of the form name=value"));
            };
            if name == "tap" && info.layer {
                parameters.tap = Some(value.into());
                continue;
            }
            parameters.set(name, value).map_err(|error| match error {
                Error::Unknown { .. } => {
                    let taken = info.layer.then_some("tap").into_iter().chain(info.settings.iter().map(|s| s.id));
                    Error::unknown(&format!("parameter of {}", info.id), name, taken)
                }
                other => other,
            })?;
        }
        if let Some(seed) = self.seed.filter(|_| info.settings.iter().any(|s| s.id == SEED.id)) {
            parameters.set(SEED.id, &seed.to_string())?;
        }
        Ok(parameters)
    }

    /// The class to explain on an input, once it is clear that the method can be had on the model.
    pub async fn class(&self, method: Method, model: &Model, network: &Network, input: &Tensor<4>) -> Result<usize> {
        method.check(model.architecture.attention)?;
        self.target.map_or(Target::Predicted, Target::Class).check(None, model.count())?;
        match self.target {
            Some(target) => Ok(target),
            None => Ok(top(&values(network.logits(input.clone())).await?, 1)[0]),
        }
    }
}

/// A bar on standard error, and a job that moves it.
pub fn watched() -> (ProgressBar, Job) {
    let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len}").unwrap_or_else(|_| ProgressStyle::default_bar());
    let bar = ProgressBar::new(1).with_style(style);
    let job = Job::new(Stop::default(), {
        let bar = bar.clone();
        move |done, total| {
            bar.set_length(total);
            bar.set_position(done);
        }
    });
    (bar, job)
}
