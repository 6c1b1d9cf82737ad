//! Pascal VOC's annotations: the objects of a picture, as XML.

use sweetspot_packs::manifest::{MOST_OBJECTS, Object};

/// The longest annotation, in bytes.
pub const MAX_BYTES: usize = 1 << 20;
/// The classes, in the order of the masks' values from 1.
pub const CLASSES: [&str; 20] = [
    "aeroplane",
    "bicycle",
    "bird",
    "boat",
    "bottle",
    "bus",
    "car",
    "cat",
    "chair",
    "cow",
    "diningtable",
    "dog",
    "horse",
    "motorbike",
    "person",
    "pottedplant",
    "sheep",
    "sofa",
    "train",
    "tvmonitor",
];

/// The objects of an annotation, those called difficult, too. A box's corners count pixels from 1 and belong to it in the file; here they count from 0,
/// and right and bottom are exclusive.
pub fn objects(xml: &str) -> Result<Vec<Object>, String> {
    let mut found = Vec::new();
    for element in elements(xml, "object") {
        if found.len() == MOST_OBJECTS {
            return Err(format!("it has more than {MOST_OBJECTS} objects"));
        }
        found.push(object(element?)?);
    }
    Ok(found)
}

fn object(xml: &str) -> Result<Object, String> {
    // A person's parts have names and boxes, too.
    let own = &without_parts(xml)?;
    let text = |name: &str| elements(own, name).next().transpose().map(|text| text.map(|text| text.trim().to_string()));
    let name = text("name")?.ok_or("an object has no name")?;
    let Some(class) = CLASSES.iter().position(|class| *class == name) else {
        return Err(format!("an object is called '{}', which is none of VOC's 20 classes", name.chars().take(40).collect::<String>()));
    };
    let side = |name: &str| -> Result<f64, String> {
        let value = text(name)?.and_then(|text| text.parse::<f64>().ok()).filter(|value| (0.0..1e6).contains(value));
        value.ok_or(format!("a {} has no {name}", CLASSES[class]))
    };
    let start = |value: f64| (value.round() - 1.0).max(0.0) as u32;
    let bounds = [start(side("xmin")?), start(side("ymin")?), side("xmax")?.round() as u32, side("ymax")?.round() as u32];
    match bounds[0] < bounds[2] && bounds[1] < bounds[3] {
        true => Ok(Object { class, bounds, difficult: text("difficult")?.as_deref() == Some("1") }),
        false => Err(format!("a {} has a box without an inside", CLASSES[class])),
    }
}

fn without_parts(xml: &str) -> Result<String, String> {
    let mut own = String::new();
    let mut rest = xml;
    while let Some(start) = rest.find("<part>") {
        let end = rest[start..].find("</part>").ok_or("a part does not end")?;
        own.push_str(&rest[..start]);
        rest = &rest[start + end + "</part>".len()..];
    }
    own.push_str(rest);
    Ok(own)
}

/// What stands inside each element of a name; no element of the format lies in another of its name.
fn elements<'a>(xml: &'a str, name: &str) -> impl Iterator<Item = Result<&'a str, String>> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let mut rest = xml;
    std::iter::from_fn(move || {
        let start = rest.find(&open)? + open.len();
        let Some(length) = rest[start..].find(&close) else {
            rest = "";
            return Some(Err(format!("an element {open} does not end")));
        };
        let inside = &rest[start..start + length];
        rest = &rest[start + length + close.len()..];
        Some(Ok(inside))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_count_from_0_and_parts_are_not_objects() {
        let xml = "<annotation><size><width>500</width></size>\
            <object><name>person</name><difficult>0</difficult>\
            <part><name>head</name><bndbox><xmin>9</xmin><ymin>9</ymin><xmax>10</xmax><ymax>10</ymax></bndbox></part>\
            <bndbox><xmin>174</xmin><ymin>101</ymin><xmax>349</xmax><ymax>351.4</ymax></bndbox></object>\
            <object><name>dog</name><difficult>1</difficult><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>2</xmax><ymax>2</ymax></bndbox></object>\
            </annotation>";
        let found = objects(xml).unwrap();
        assert_eq!(found[0], Object { class: 14, bounds: [173, 100, 349, 351], difficult: false });
        assert_eq!(found[1], Object { class: 11, bounds: [0, 0, 2, 2], difficult: true });
        assert_eq!(objects("<annotation></annotation>"), Ok(Vec::new()));
        let said = |xml: &str| objects(xml).unwrap_err();
        assert!(said("<object><name>unicorn</name></object>").contains("'unicorn'"));
        assert!(said("<object><name>dog</name>").contains("does not end"));
        assert!(
            said("<object><name>dog</name><xmin>3</xmin><ymin>1</ymin><xmax>2</xmax><ymax>2</ymax></object>").contains("without an inside")
        );
        assert!(said("<object><name>dog</name><xmin>NaN</xmin></object>").contains("no xmin"));
    }
}
