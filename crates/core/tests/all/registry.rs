//! Methods, measures, criteria and ways to find objects: their names do not change, and every one has a place in menus.

use std::collections::BTreeSet;

use serde::Serialize;
use serde::de::DeserializeOwned;
use sweetspot_core::attribution::{Method, MethodInfo};
use sweetspot_core::discovery::Method as Finder;
use sweetspot_core::discovery::method::MethodInfo as FinderInfo;
use sweetspot_core::metrics::{Measure, MeasureInfo};
use sweetspot_core::pruning::Criterion;
use sweetspot_core::pruning::criterion::CriterionInfo;
use sweetspot_core::registry::{Described, Registered};

const METHODS: &str = "GradCam GradCamPlusPlus HiResCam LayerCam ScoreCam Saliency InputXGradient IntegratedGradients SmoothGrad SmoothGradSquared \
                       VarGrad SmoothGradIg GuidedBackprop GuidedGradCam Deconvolution Lrp DeepLift Occlusion Rise Lime KernelShap Attention \
                       AttentionRollout TransformerAttribution";
const MEASURES: &str = "RelevanceMass RelevanceRank PointingGame EnergyPointingGame BestIou Auc Gini Entropy EffectiveComplexity Deletion Insertion \
                        PixelFlipping Road Infidelity Sufficiency MaxSensitivity LocalLipschitz ParameterRandomisation RandomLogit Untrained";
const CRITERIA: &str = "Magnitude Random Lamp Erk UniformPlus Snip Grasp SynFlow Wanda Taylor SecondOrder TwoOfFour FourOfEight OneOfFour FilterL1 \
                        FilterL2 FilterMedian FilterScale Lrr SnipTrained Untrained Distilled";
const FINDERS: &str = "Lost TokenCut MaskCut CentreBox WholeImage";

/// Values are written as they were when each thing was a variant, are read from that and from ids, and lie in the order of menus.
fn written<I: Described>(names: &str)
where
    Registered<I>: Serialize + DeserializeOwned,
{
    let all: Vec<Registered<I>> = Registered::all().collect();
    assert_eq!(all.len(), names.split_whitespace().count(), "{}", I::KIND);
    for (one, name) in all.iter().zip(names.split_whitespace()) {
        let text = serde_json::to_string(one).unwrap();
        assert_eq!(text, format!("\"{name}\""));
        assert_eq!(serde_json::from_str::<Registered<I>>(&text).unwrap(), *one);
        assert_eq!(serde_json::from_str::<Registered<I>>(&format!("\"{}\"", one.id())).unwrap(), *one);
        assert_eq!(format!("{one:?}"), name);
        assert_eq!(Registered::<I>::from_id(one.id()).unwrap(), *one);
    }
    assert!(all.is_sorted(), "{}", I::KIND);
    assert_eq!(all.iter().map(|one| one.id()).collect::<BTreeSet<_>>().len(), all.len(), "ids are unique");
    assert!(serde_json::from_str::<Registered<I>>("\"Nothing\"").is_err());
}

#[test]
fn values_are_written_as_they_always_were() {
    written::<MethodInfo>(METHODS);
    written::<MeasureInfo>(MEASURES);
    written::<CriterionInfo>(CRITERIA);
    written::<FinderInfo>(FINDERS);
}

#[test]
fn menus_have_everything_once() {
    let methods = Method::groups().into_iter().flat_map(|(_, group)| group);
    assert_eq!(methods.collect::<Vec<_>>(), Method::all().collect::<Vec<_>>());
    let measures = Measure::groups().into_iter().flat_map(|(_, group)| group);
    assert_eq!(measures.collect::<Vec<_>>(), Measure::all().collect::<Vec<_>>());
    let criteria = Criterion::groups().into_iter().flat_map(|(_, group)| group);
    assert_eq!(criteria.collect::<Vec<_>>(), Criterion::all().collect::<Vec<_>>());
}

#[test]
fn everything_says_what_it_is() {
    let said = |id: &str, texts: [&str; 4]| assert!(!id.is_empty() && texts.iter().all(|text| !text.is_empty()), "{id}: {texts:?}");
    Method::all().map(|one| one.info()).for_each(|i| said(i.id, [i.title, i.says, i.definition, i.source]));
    Measure::all().map(|one| one.info()).for_each(|i| said(i.id, [i.title, i.says, i.definition, i.source]));
    Criterion::all().map(|one| one.info()).for_each(|i| said(i.id, [i.title, i.says, i.definition, i.source]));
    Finder::all().map(|one| one.info()).for_each(|i| said(i.id, [i.title, i.says, i.definition, i.source]));
    assert!(Criterion::all().all(|one| !one.info().scopes.is_empty()));
}
