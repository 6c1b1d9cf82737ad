//! Measures of maps: place, complexity, faithfulness, robustness, randomisation. A measure a file.

pub mod auc;
pub mod best_iou;
pub mod deletion;
pub mod effective_complexity;
pub mod energy_pointing_game;
pub mod entropy;
pub mod gini;
pub mod imputation;
pub mod infidelity;
pub mod insertion;
pub mod local_lipschitz;
pub mod max_sensitivity;
pub mod of_map;
pub mod parameter_randomisation;
pub mod perturbation_curve;
pub mod pixel_flipping;
pub mod pointing_game;
pub mod random_logit;
pub mod redrawn;
pub mod relevance_mass;
pub mod relevance_rank;
pub mod road;
pub mod robustness;
pub mod sufficiency;
pub mod trial;
pub mod untrained;
