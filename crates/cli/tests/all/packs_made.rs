//! Packs of single images: made from folders as people have them, read as they were made, and refused in words where they are not.
#![allow(missing_docs, clippy::unwrap_used)]

use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

use crate::typed;
use serde_json::{Value, json};
use sweetspot_cli::pack::{class_folders, geirhos, voc};
use sweetspot_core::alignment::categories::Category;
use sweetspot_packs::manifest::{FORMAT, Head, Manifest, Picture, Stored, check_path};
use sweetspot_packs::open::Pack;
use sweetspot_testing::root;

/// A picture of one colour as PNG.
fn png(width: u32, height: u32, colour: [u8; 3]) -> Vec<u8> {
    let mut file = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(width, height, image::Rgb(colour)).write_to(&mut file, image::ImageFormat::Png).unwrap();
    file.into_inner()
}

fn put(path: PathBuf, bytes: impl AsRef<[u8]>) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
}

fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn quiet(_: u64, _: u64) {}

fn order<'a>(stimuli: &'a Path, responses: Option<&'a Path>, out: &'a Path) -> geirhos::Order<'a> {
    geirhos::Order { stimuli, responses, out, data_set: None, licence: "CC-BY-4.0", source: "test" }
}

const HEADER: &str = "subj,session,trial,rt,object_response,category,condition,imagename\n";

#[test]
fn stimuli_in_folders_by_category_become_a_pack() {
    let folder = tempfile::tempdir().unwrap();
    let (stimuli, responses) = (folder.path().join("stimuli"), folder.path().join("edge"));
    for (name, colour) in [("dog/dog1.png", 10), ("dog/dog2.png", 20), ("cat/cat1.png", 30)] {
        put(stimuli.join(name), png(20, 18, [colour; 3]));
    }
    put(stimuli.join("unicorn/u.png"), png(20, 18, [0; 3]));
    put(stimuli.join("dog/notes.txt"), "x");
    put(stimuli.join("dog/broken.png"), "no picture");
    let lines = "subject-01,1,1,0.5,dog,dog,0,1_e_s_0_dog_0_dog1.png\nsubject-01,1,2,0.5,cat,dog,0,1_e_s_0_dog_0_dog2.png\n\
        subject-01,1,3,0.5,na,cat,0,1_e_s_0_cat_0_cat1.png\nsubject-02,1,1,0.5,dog,dog,0,1_e_s_0_dog_0_dog1.png\n\
        subject-02,1,2,0.5,dog,dog,0,1_e_s_0_dog_0_dog9.png\nresnet50,1,1,NaN,dog,dog,0,1_e_s_0_dog_0_dog1.png\n";
    put(responses.join("a.csv"), format!("{HEADER}{lines}"));
    put(responses.join("b.csv"), "subj,category\n");
    let mut hashes = Vec::new();
    for out in ["pack.zip", "pack"] {
        let out = folder.path().join(out);
        let made = geirhos::make(&order(&stimuli, Some(&responses), &out), &quiet).unwrap();
        assert_eq!((made.pictures.used, made.pictures.refusals()), (3, 3), "{:?}", made.pictures);
        assert_eq!((made.trials.used, made.trials.refusals()), (4, 3), "{:?}", made.trials);
        assert_eq!(made.manifest.head.data_set.as_deref(), Some("edge"));
        let said: Vec<String> = made.trials.lines().chain(made.pictures.lines()).collect();
        for part in
            ["of a network", "not in the pack", "lacks the columns", "16 categories", "no picture by its ending", "cannot be opened"]
        {
            assert!(said.iter().any(|line| line.contains(part)), "{part}: {said:?}");
        }
        let pack = Pack::open(&out).unwrap();
        assert_eq!(pack.manifest(), &made.manifest);
        assert_eq!(pack.absent().used, 3);
        let first = &pack.manifest().images[0];
        assert_eq!((first.name.as_str(), first.category, Pack::condition(first)), ("cat1.png", Some(Category::Cat), "0"));
        assert_eq!(pack.picture(0).unwrap().bytes[0], 30);
        let (trials, report) = pack.trials().unwrap();
        assert_eq!((trials.len(), report.refusals()), (4, 0));
        let checked = pack.check(&quiet);
        assert_eq!((checked.used, checked.refusals()), (3, 0));
        assert!(pack.picture(3).is_err());
        hashes.push(made.manifest.sha256);
    }
    assert_eq!(hashes[0], hashes[1], "the same pack, packed or not");
    // Bytes are enough, as in a browser, and a folder around everything does no harm.
    let bytes = std::fs::read(folder.path().join("pack.zip")).unwrap();
    assert_eq!(Pack::of_archive("p", Cursor::new(bytes)).unwrap().manifest().sha256, hashes[0]);
    let again = geirhos::make(&order(&stimuli, None, &folder.path().join("pack")), &quiet);
    assert!(again.err().unwrap().to_string().contains("not empty"));
}

#[test]
fn flat_names_say_category_and_condition() {
    let folder = tempfile::tempdir().unwrap();
    let stimuli = folder.path().join("stimuli");
    for (condition, name) in [("bw", "n02951358_5952"), ("cr", "n02951358_5952"), ("bw", "n02951358_1")] {
        put(stimuli.join(format!("dnn/session-1/0000_cl_dnn_{condition}_boat_40_{name}.png")), png(16, 16, [9; 3]));
    }
    put(stimuli.join("dog/0000_cl_dnn_bw_boat_40_n02951358_7.png"), png(16, 16, [9; 3]));
    put(stimuli.join("other/0001_cl_dnn_bw_boat_40_n02951358_1.png"), png(16, 16, [9; 3]));
    let out = folder.path().join("p.zip");
    let order = geirhos::Order { data_set: Some("colour"), ..order(&stimuli, None, &out) };
    let made = geirhos::make(&order, &quiet).unwrap();
    let images: Vec<(&str, &str)> = made.manifest.images.iter().map(|i| (i.name.as_str(), Pack::condition(i))).collect();
    assert_eq!(images, [("n02951358_1.png", "bw"), ("n02951358_5952.png", "bw"), ("n02951358_5952.png", "cr")]);
    let said: Vec<String> = made.pictures.lines().collect();
    assert!(
        said.iter().any(|line| line.contains("different categories")) && said.iter().any(|line| line.contains("of an earlier one")),
        "{said:?}"
    );
    let unknown = geirhos::Order { data_set: Some("paintings"), ..order };
    assert!(geirhos::make(&unknown, &quiet).err().unwrap().to_string().contains("unknown data set 'paintings'"));
}

#[test]
fn class_folders_and_voc_become_packs() {
    let folder = tempfile::tempdir().unwrap();
    let images = folder.path().join("images");
    put(images.join("great white shark/a.png"), png(16, 16, [1; 3]));
    put(images.join("airplane/b.png"), png(16, 16, [2; 3]));
    put(images.join("loose.png"), png(16, 16, [2; 3]));
    let imagenet: Vec<String> = ["tench", "goldfish", "great white shark"].map(String::from).into();
    let out = folder.path().join("folders.zip");
    let order = class_folders::Order { images: &images, out: &out, licence: "", source: "", imagenet: &imagenet };
    let (manifest, report) = class_folders::make(&order, &quiet).unwrap();
    assert_eq!((report.used, report.refusals()), (2, 1));
    assert_eq!(manifest.head.classes.iter().map(|class| class.imagenet).collect::<Vec<_>>(), [None, Some(2)]);
    assert_eq!((manifest.images[0].label, manifest.images[0].category), (Some(0), Some(Category::Airplane)));

    let tree = folder.path().join("VOC2012");
    for id in ["2007_1", "2007_2", "2007_3", "2007_4"] {
        put(tree.join(format!("JPEGImages/{id}.jpg")), png(20, 16, [3; 3]));
    }
    let object = "<object><name>dog</name><bndbox><xmin>1</xmin><ymin>2</ymin><xmax>20</xmax><ymax>16</ymax></bndbox></object>";
    put(tree.join("Annotations/2007_1.xml"), format!("<annotation>{object}</annotation>"));
    put(tree.join("Annotations/2007_3.xml"), "<annotation></annotation>");
    put(tree.join("SegmentationClass/2007_2.png"), png(20, 16, [64, 0, 128]));
    put(tree.join("SegmentationClass/2007_4.png"), png(20, 16, [1, 2, 3]));
    let out = folder.path().join("voc");
    let order = voc::Order { root: &tree, split: None, count: None, out: &out, licence: "", source: "" };
    let (manifest, report) = voc::make(&order, &quiet).unwrap();
    assert_eq!((report.used, report.refusals()), (2, 2), "{report:?}");
    assert_eq!(manifest.images[0].objects[0].bounds, [0, 1, 20, 16]);
    let pack = Pack::open(&out).unwrap();
    // (64, 0, 128) is class 12, a dog.
    assert!(pack.mask(1).unwrap().unwrap().bytes.iter().all(|value| *value == 12));
    assert_eq!(pack.mask(0).unwrap(), None);
    put(tree.join("ImageSets/Segmentation/val.txt"), "2007_1\n../../etc/passwd\n2007_1\n");
    let out = folder.path().join("val.zip");
    let (manifest, report) = voc::make(&voc::Order { split: Some("val"), out: &out, ..order }, &quiet).unwrap();
    assert_eq!((manifest.images.len(), report.refusals()), (1, 2), "{report:?}");
}

/// A pack of two pictures by hand: the manifest and the files.
fn by_hand() -> (Manifest, Vec<(String, Vec<u8>)>) {
    let files: Vec<(String, Vec<u8>)> = (0..2u8).map(|n| (format!("images/{n}.png"), png(16, 16, [n; 3]))).collect();
    let head = Head {
        format: FORMAT.into(),
        id: "two".into(),
        title: String::new(),
        source: String::new(),
        licence: String::new(),
        data_set: None,
        classes: Vec::new(),
        masks: None,
        trials: Vec::new(),
    };
    let picture = |(name, bytes): &(String, Vec<u8>)| Picture {
        name: name.clone(),
        image: Stored::of(name.clone(), bytes),
        category: Some(Category::Dog),
        label: None,
        condition: None,
        objects: Vec::new(),
        mask: None,
        licence: None,
    };
    let images = files.iter().map(picture).collect();
    (Manifest::new(head, images).unwrap(), files)
}

fn pack_of(manifest: &str, files: &[(String, Vec<u8>)]) -> sweetspot_core::error::Result<Pack> {
    let mut all: Vec<(&str, &[u8])> = vec![("manifest.json", manifest.as_bytes())];
    all.extend(files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())));
    Pack::of_archive("two.zip", Cursor::new(zipped(&all)))
}

#[test]
fn a_missing_or_changed_file_costs_that_image_only() {
    let (manifest, mut files) = by_hand();
    let text = manifest.text().unwrap();
    assert_eq!(Manifest::read(text.as_bytes()).unwrap(), manifest);
    let pack = pack_of(&text, &files[..1]).unwrap();
    assert!(pack.picture(0).is_ok() && pack.picture(1).is_err());
    assert_eq!((pack.absent().used, pack.absent().refusals()), (1, 1));
    assert_eq!((pack.check(&quiet).used, pack.check(&quiet).refusals()), (1, 1));
    files[1].1 = png(16, 16, [77; 3]);
    let said = pack_of(&text, &files).unwrap().picture(1).unwrap_err().to_string();
    assert!(said.contains("sha256") || said.contains("bytes"), "{said}");
    // A bomb: a hundred megabytes of nothing, of which no more than the manifest says is unpacked.
    files[1].1 = vec![0; 100 << 20];
    let said = pack_of(&text, &files).unwrap().picture(1).unwrap_err().to_string();
    assert!(said.contains("more than"), "{said}");
    let inner: Vec<(String, Vec<u8>)> = files[..1].iter().map(|(name, bytes)| (format!("two/{name}"), bytes.clone())).collect();
    let mut all: Vec<(&str, &[u8])> = vec![("two/manifest.json", text.as_bytes())];
    all.extend(inner.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())));
    assert!(Pack::of_archive("two.zip", Cursor::new(zipped(&all))).unwrap().picture(0).is_ok());
}

#[test]
fn a_manifest_that_is_not_right_is_refused_in_words() {
    let (manifest, files) = by_hand();
    let value: Value = serde_json::from_str(&manifest.text().unwrap()).unwrap();
    let said = |change: &dyn Fn(&mut Value)| {
        let mut value = value.clone();
        change(&mut value);
        pack_of(&value.to_string(), &files).err().unwrap().to_string()
    };
    for path in ["../x.png", "/etc/passwd", "a//b", "C:\\x", "a/./b", "", "con\0"] {
        assert!(check_path(path).is_err(), "{path}");
        assert!(said(&|v| v["images"][0]["file"] = json!(path)).contains("stays in the pack"), "{path}");
    }
    assert!(said(&|v| v["title"] = json!("other")).contains("changed after the pack was made"));
    assert!(said(&|v| v["format"] = json!("other")).contains("'other'"));
    assert!(said(&|v| v["images"] = json!([])).contains("0 images"));
    assert!(said(&|v| v["images"][0]["label"] = json!(3)).contains("label beyond"));
    assert!(said(&|v| v["images"][0]["category"] = json!("unicorn")).contains("unicorn"));
    assert!(said(&|v| v["images"][1]["name"] = v["images"][0]["name"].clone()).contains("name of another one"));
    assert!(said(&|v| v["images"][0]["sha256"] = json!("abc")).contains("no sha256"));
    assert!(said(&|v| v["images"][0]["bytes"] = json!(1u64 << 40)).contains("more than"));
    let many: Vec<Value> =
        (0..100_000).map(|n| json!({ "name": n.to_string(), "file": "a", "bytes": 1, "sha256": "0".repeat(64) })).collect();
    assert!(said(&|v| v["images"] = json!(many)).contains("100000 images"));
    assert!(Pack::of_archive("x.zip", Cursor::new(b"PK no".to_vec())).err().unwrap().to_string().contains("not a pack"));
    assert!(Pack::of_archive("x.zip", Cursor::new(zipped(&[("a.txt", b"x")]))).err().unwrap().to_string().contains("has no manifest.json"));
    assert!(Pack::open(Path::new("nowhere.zip")).is_err());
}

#[test]
#[cfg_attr(not(human), ignore = "needs ../shared/human")]
fn align_agrees_with_pytorch_on_real_people() {
    let human = root().join("../shared/human");
    let golden = sweetspot_testing::golden("alignment.json");
    let folder = tempfile::tempdir().unwrap();
    for set in ["edge", "silhouette"] {
        let pack = folder.path().join(format!("{set}.zip"));
        let (pack, from) = (pack.to_str().unwrap(), human.join(set));
        let (stimuli, responses) = (from.join("stimuli"), from.join("responses"));
        let words = ["pack", "geirhos", "--stimuli", stimuli.to_str().unwrap(), "--responses", responses.to_str().unwrap(), "--out", pack];
        let made = typed::json(&words);
        assert_eq!((made["images"].as_u64(), made["report"]["trials"]["used"].as_u64()), (Some(160), Some(1600)));
        for network in sweetspot_testing::NETWORKS {
            let trials = folder.path().join("own.csv");
            let said =
                typed::json(&["align", "--model", network, "--pack", pack, "--preprocess", "raw", "--trials", trials.to_str().unwrap()]);
            let expected = &golden["data_sets"][set]["networks"][network];
            // Decisions are the same picture by picture, so the numbers differ by the order of sums only.
            for key in ["accuracy", "error_consistency"] {
                let (found, expected) = (said[key].as_f64().unwrap(), expected[key].as_f64().unwrap());
                assert!((found - expected).abs() < 1e-12, "{set} {network} {key}: {found} {expected}");
            }
            if (set, network) == ("silhouette", "squeezenet1_1") {
                // A sweep of the same measures is the same at both its sparsities.
                let pruned = typed::json(&[
                    "align",
                    "--model",
                    network,
                    "--pack",
                    pack,
                    "--preprocess",
                    "raw",
                    "--prune",
                    "magnitude",
                    "--sparsity",
                    "0.36",
                ]);
                let out = folder.path().join("sweep");
                let asked =
                    ["sweep", "--model", network, "--prune", "magnitude", "--set", pack, "--sparsities", "0.36", "--measures", "alignment"];
                let swept = typed::json(&[&asked[..], &["--out", out.to_str().unwrap()]].concat());
                for (at, aligned) in [(0, &said), (1, &pruned)] {
                    let lines = swept["lines"].as_array().unwrap();
                    let line = |measure: &str| lines.iter().filter(|line| line["measure"] == measure).nth(at).unwrap();
                    let value = |measure: &str| line(measure)["value"].as_f64().unwrap();
                    assert!((value("error_consistency") - aligned["error_consistency"].as_f64().unwrap()).abs() < 1e-12, "{at}");
                    assert!((value("category_accuracy") - aligned["accuracy"].as_f64().unwrap()).abs() < 1e-12, "{at}");
                    assert_eq!(line("error_consistency")["n"], 160);
                }
            }
            let ceiling = golden["data_sets"][set]["ceiling"].as_f64().unwrap();
            assert!((said["ceiling"].as_f64().unwrap() - ceiling).abs() < 1e-12);
            let (own, _) = sweetspot_core::alignment::trials::read("own.csv", &std::fs::read(trials).unwrap()).unwrap();
            let decisions: Vec<u64> = own.iter().map(|trial| trial.response.unwrap().index() as u64).collect();
            assert_eq!(json!(decisions), expected["decisions"], "{set} {network}");
        }
    }
}
