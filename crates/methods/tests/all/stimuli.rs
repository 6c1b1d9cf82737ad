//! Stimuli: every manipulation against numpy, scipy and scikit-image, and what must hold for all.
#![allow(missing_docs, clippy::unwrap_used)]

use sweetspot_core::alignment::references::DataSet;
use sweetspot_core::alignment::stimuli::Manipulation;
use sweetspot_core::compare::largest_difference;
use sweetspot_methods::stimuli::apply::Apply;
use sweetspot_methods::stimuli::apply::Needs;
use sweetspot_methods::stimuli::contrast::contrast;
use sweetspot_methods::stimuli::edge::edge;
use sweetspot_methods::stimuli::eidolon::Settings;
use sweetspot_methods::stimuli::eidolon::eidolon;
use sweetspot_methods::stimuli::false_colour::false_colour;
use sweetspot_methods::stimuli::greyscale::greyscale;
use sweetspot_methods::stimuli::high_pass::high_pass;
use sweetspot_methods::stimuli::low_pass::low_pass;
use sweetspot_methods::stimuli::noise_mask::noise_mask;
use sweetspot_methods::stimuli::phase_noise::phase_noise;
use sweetspot_methods::stimuli::plane::MOST_SIDE;
use sweetspot_methods::stimuli::plane::Plane;
use sweetspot_methods::stimuli::plane::byte;
use sweetspot_methods::stimuli::power_equalisation::Amplitudes;
use sweetspot_methods::stimuli::power_equalisation::power_equalisation;
use sweetspot_methods::stimuli::rotation::rotation;
use sweetspot_methods::stimuli::uniform_noise::uniform_noise;
use sweetspot_nn::image::Rgb;
use sweetspot_nn::image::decode;
use sweetspot_testing::golden_npz_floats;
use sweetspot_testing::root;
use sweetspot_testing::seeded::uniform;

fn koala() -> Rgb {
    let bytes = std::fs::read(root().join("tests/golden/inputs/koala.png")).unwrap();
    decode("koala.png", &bytes).unwrap()
}

/// Every fourth pixel of the part that the golden numbers are of: 40 x 28.
fn small() -> Rgb {
    let whole = koala();
    let pixel = |y: usize, x: usize| (0..3).map(move |c| 3 * (y * 224 + x) + c);
    let places = (20..132).step_by(4).flat_map(|y| (30..190).step_by(4).flat_map(move |x| pixel(y, x)));
    Rgb { width: 40, height: 28, bytes: places.map(|at| whole.bytes[at]).collect() }
}

/// Its first 27 rows and 39 columns: odd sides.
fn odd(grey: &Plane) -> Plane {
    let rows = grey.values.chunks_exact(40).take(27);
    Plane { width: 39, height: 27, values: rows.flat_map(|row| &row[..39]).copied().collect() }
}

/// The largest difference from a golden array, which is kept in single precision.
fn apart(name: &str, found: &Plane) -> f64 {
    let (shape, golden) = golden_npz_floats("stimuli.npz", name);
    assert_eq!(shape, [found.height as u64, found.width as u64], "{name}");
    largest_difference(&found.values, &golden).unwrap()
}

/// Seeded numbers from 0 to 1, one after the other.
fn draws(name: &str) -> impl FnMut() -> f64 {
    let mut numbers = uniform(name, 10_000).map(|v| (f64::from(v) + 1.0) / 2.0);
    move || numbers.next().unwrap()
}

#[test]
fn manipulations_are_those_of_independent_implementations() {
    let grey = Plane::grey(&small()).unwrap();
    let mirrored = |change: &dyn Fn(usize, usize) -> usize| {
        grey.with((0..28).flat_map(|y| (0..40).map(move |x| (y, x))).map(|(y, x)| grey.values[change(y, x)]).collect())
    };
    let mut amplitudes = Amplitudes::new(40, 28);
    let others = [grey.clone(), mirrored(&|y, x| y * 40 + 39 - x), mirrored(&|y, x| (27 - y) * 40 + x), grey.map(|v| 0.3 * v * v)];
    others.iter().for_each(|plane| amplitudes.add(plane).unwrap());
    let white = grey.with(uniform("noise-mask", 28 * 40).map(f64::from).collect());
    for (name, found) in [
        ("greyscale", greyscale(&grey)),
        ("contrast-0.3", contrast(&grey, 0.3)),
        ("uniform-noise-0.35", uniform_noise(&grey, 0.35, draws("uniform-noise"))),
        ("low-pass-1", low_pass(&grey, 1.0)),
        ("low-pass-7", low_pass(&grey, 7.0)),
        ("high-pass-0.45", high_pass(&grey, 0.45)),
        ("high-pass-3", high_pass(&grey, 3.0)),
        ("phase-noise-60", phase_noise(&grey, 60.0, draws("phase-noise"))),
        ("phase-noise-180-odd", phase_noise(&odd(&grey), 180.0, draws("phase-noise"))),
        ("power-equalisation", power_equalisation(&grey, &amplitudes).unwrap()),
        ("rotation-90", rotation(&grey, 1)),
        ("rotation-180", rotation(&grey, 2)),
        ("rotation-270", rotation(&grey, 3)),
        ("noise-mask", noise_mask(&white).unwrap()),
    ] {
        // Doubles on both sides; what is kept is rounded to single precision, whose steps below 1 are 6e-8.
        let apart = apart(name, &found);
        println!("{name}: {apart:.1e}");
        assert!(apart < 1e-7, "{name}: {apart}");
    }
}

#[test]
fn false_colours_are_those_of_numpy() {
    let found = false_colour(&small()).unwrap();
    let (_, golden) = golden_npz_floats("stimuli.npz", "false-colour");
    // Levels, so exactly the same ones.
    assert!(found.bytes.iter().zip(golden).all(|(a, b)| f32::from(*a) == (b * 255.0).round()));
}

#[test]
fn edges_are_those_of_scikit_image() {
    let grey = Plane::grey(&koala()).unwrap();
    for (name, deviation) in [("edge-1.4142135623730951", std::f64::consts::SQRT_2), ("edge-3", 3.0)] {
        let found = edge(&grey, deviation);
        let (_, golden) = golden_npz_floats("stimuli.npz", name);
        let other = found.values.iter().zip(&golden).filter(|(a, b)| **a != f64::from(**b)).count();
        // Two slopes that differ in their last digit only may be ordered otherwise; none is, so far.
        assert!(other <= 5, "{name}: {other} of {} pixels", golden.len());
        let drawn = found.values.iter().filter(|value| **value == 0.0).count();
        assert!((1_000..20_000).contains(&drawn), "{name}: {drawn}");
    }
}

#[test]
fn eidolons_are_those_of_numpy() {
    let grey = Plane::grey(&small()).unwrap();
    let noise = |number: usize, count: usize| uniform(&format!("eidolon.{number}"), count).map(f64::from).collect();
    let settings = |reach, coherence| Settings { reach, coherence, grain: 10.0 };
    for (name, found) in [
        ("eidolon-8-1", eidolon(&grey, settings(8.0, 1.0), noise)),
        ("eidolon-4-0.3", eidolon(&grey, settings(4.0, 0.3), noise)),
        ("eidolon-16-0-odd", eidolon(&odd(&grey), settings(16.0, 0.0), noise)),
    ] {
        let (_, golden) = golden_npz_floats("stimuli.npz", name);
        let other = found.values.iter().zip(&golden).filter(|(a, b)| (**a - f64::from(**b)).abs() > 1e-6).count();
        // A displacement that is a whole number but for its last digit may be cut to another pixel; none is, so far.
        assert!(other <= 2, "{name}: {other} of {} pixels", golden.len());
    }
}

#[test]
fn every_manipulation_is_the_same_for_a_seed_and_another_for_another() {
    let picture = small();
    let mask: Vec<bool> = (0..28 * 40).map(|at| at % 40 > 10 && at / 40 > 5).collect();
    let mut amplitudes = Amplitudes::new(40, 28);
    amplitudes.add(&Plane::grey(&picture).unwrap()).unwrap();
    for manipulation in Manipulation::ALL {
        let needs = |seed| Needs { level: None, seed, mask: Some(&mask), amplitudes: Some(&amplitudes) };
        let found = manipulation.apply(&picture, needs(1)).unwrap();
        assert_eq!(found, manipulation.apply(&picture, needs(1)).unwrap(), "{manipulation:?}");
        assert_eq!(found.bytes.len(), picture.bytes.len());
        use Manipulation::{EidolonI, EidolonII, EidolonIII, NoiseMask, PhaseNoise, UniformNoise};
        let drawn = matches!(manipulation, UniformNoise | PhaseNoise | NoiseMask | EidolonI | EidolonII | EidolonIII);
        assert_eq!(found != manipulation.apply(&picture, needs(2)).unwrap(), drawn, "{manipulation:?}");
        let info = manipulation.info();
        assert_eq!(Manipulation::from_id(info.id).unwrap(), manipulation);
        assert!(info.data_set.is_none_or(|set| DataSet::of(set).is_some()), "{}", info.id);
        match info.level {
            Some(level) => {
                for published in level.published {
                    let at = Needs { level: Some(*published), ..needs(1) };
                    manipulation.apply(&picture, at).unwrap_or_else(|e| panic!("{} {published}: {e}", info.id));
                }
                for wrong in [-1.0, f64::NAN, f64::NEG_INFINITY] {
                    assert!(manipulation.apply(&picture, Needs { level: Some(wrong), ..needs(1) }).is_err(), "{}", info.id);
                }
            }
            None => assert!(manipulation.apply(&picture, Needs { level: Some(1.0), ..needs(1) }).is_err()),
        }
    }
}

#[test]
fn what_is_missing_or_too_large_is_said() {
    let picture = small();
    let said = |manipulation: Manipulation, picture: &Rgb| manipulation.apply(picture, Needs::default()).unwrap_err().to_string();
    assert!(said(Manipulation::Silhouette, &picture).contains("mask"));
    assert!(said(Manipulation::PowerEqualisation, &picture).contains("mean spectrum"));
    let wide = Rgb { width: MOST_SIDE + 1, height: 1, bytes: vec![0; 3 * (MOST_SIDE + 1)] };
    Manipulation::ALL
        .into_iter()
        .filter(|m| *m != Manipulation::Silhouette)
        .for_each(|m| assert!(said(m, &wide).contains("1024"), "{m:?}"));
    let full = vec![true; 28 * 40];
    let filled = Manipulation::Silhouette.apply(&picture, Needs { mask: Some(&full), ..Needs::default() }).unwrap_err().to_string();
    assert!(filled.contains("fills"), "{filled}");
    assert_eq!([byte(-1.0), byte(0.0), byte(0.5), byte(1.0), byte(7.0), byte(f64::NAN)], [0, 0, 128, 255, 255, 0]);
}
