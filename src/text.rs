//! Numbers and names as the page writes them.

use sweetspot_core::side::Side;
use sweetspot_core::sparsity::Sparsity;
use sweetspot_core::words::within;

/// A space that does not break, between a number and its unit.
const NARROW: char = '\u{a0}';

/// A share as percent: `0.36` is "36 %", `0.997` is "99.7 %". Up to two decimals, without trailing zeros.
pub fn percent(share: f64) -> String {
    format!("{}{NARROW}%", percent_number(share))
}

/// A sparsity as percent, as a share.
pub fn sparsity(sparsity: Sparsity) -> String {
    percent(sparsity.get())
}

/// [`percent`] without the sign.
pub fn percent_number(share: f64) -> String {
    trimmed(share * 100.0, 2)
}

/// A probability or score as percent with one decimal: "3.2 %"; "< 0.1 %" for what would be rounded to nothing.
pub fn score(share: f64) -> String {
    if share > 0.0 && share < 0.0005 {
        return format!("<{NARROW}0.1{NARROW}%");
    }
    format!("{:.1}{NARROW}%", share * 100.0)
}

/// A difference of two shares in percentage points with its sign: "+2.1 pt", "\u{2212}0.4 pt", "\u{b1}0".
pub fn points(difference: f64) -> String {
    let tenths = (difference * 1000.0).round();
    if tenths == 0.0 || tenths.is_nan() {
        return "\u{b1}0".into();
    }
    let sign = if tenths < 0.0 { '\u{2212}' } else { '+' };
    format!("{sign}{:.1}{NARROW}pt", tenths.abs() / 10.0)
}

/// A count with commas: "1,235,496".
pub fn count(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A large count in millions or billions: "349 million".
pub fn large(number: u64) -> String {
    let scaled =
        |by: f64, name: &str| format!("{}{NARROW}{name}", trimmed(number as f64 / by, if number as f64 / by < 100.0 { 1 } else { 0 }));
    match number {
        0..1_000_000 => count(number as usize),
        1_000_000..1_000_000_000 => scaled(1e6, "million"),
        _ => scaled(1e9, "billion"),
    }
}

/// Bytes in units of a thousand: "2.5 MB".
pub fn bytes(number: u64) -> String {
    match number {
        0..1_000 => format!("{number}{NARROW}B"),
        1_000..1_000_000 => format!("{}{NARROW}kB", number / 1_000),
        _ => format!("{:.1}{NARROW}MB", number as f64 / 1e6),
    }
}

/// A time: "14 ms", "3.2 s".
pub fn millis(time: f64) -> String {
    if time < 9.95 {
        format!("{time:.1}{NARROW}ms")
    } else if time < 9_950.0 {
        format!("{time:.0}{NARROW}ms")
    } else {
        format!("{:.1}{NARROW}s", time / 1000.0)
    }
}

/// A time that is only estimated: "less than a second", "12 s", "3 min".
pub fn duration(millis: f64) -> String {
    let seconds = millis / 1000.0;
    match seconds {
        s if s < 1.0 => "less than a second".into(),
        s if s < 9.5 => format!("{s:.0}{NARROW}s"),
        s if s < 90.0 => format!("{:.0}{NARROW}s", (s / 5.0).round() * 5.0),
        s => format!("{:.0}{NARROW}min", s / 60.0),
    }
}

/// A value of a map with three significant digits: "0.0123", "4.1 x 10^-5" written with a superscript.
pub fn value(number: f64) -> String {
    if number == 0.0 || !number.is_finite() {
        return if number == 0.0 { "0".into() } else { "none".into() };
    }
    let exponent = number.abs().log10().floor() as i32;
    let sign = if number < 0.0 { "\u{2212}" } else { "" };
    if (-3..4).contains(&exponent) {
        return format!("{sign}{}", trimmed(number.abs(), (2 - exponent).max(0) as usize));
    }
    let digits = number.abs() / 10f64.powi(exponent);
    format!("{sign}{}{NARROW}\u{d7}{NARROW}10{}", trimmed(digits, 2), superscript(exponent))
}

/// A number of ordinary size with up to two decimals and a minus sign that is one.
pub fn signed(number: f64) -> String {
    let text = trimmed(number.abs(), 2);
    if number < 0.0 && text != "0" { format!("\u{2212}{text}") } else { text }
}

/// A correlation, which may be very close to one: up to six decimals.
pub fn correlation(number: f64) -> String {
    if number < 0.0 { format!("\u{2212}{}", trimmed(-number, 6)) } else { trimmed(number, 6) }
}

/// A network's name in sentences and tests.
pub fn network(side: Side) -> &'static str {
    match side {
        Side::Dense => "dense",
        Side::Pruned => "pruned",
    }
}

/// The first of a class name's synonyms: "giant panda".
pub fn short(label: &str) -> &str {
    label.split(',').next().map_or(label, str::trim)
}

/// A sentence's beginning for the middle of another: without the final stop, and in lower case unless the first word is written in capitals.
pub fn clause(sentence: &str) -> String {
    within(sentence.trim().trim_end_matches('.'))
}

/// "1st", "2nd", "3rd", "4th".
pub fn ordinal(place: usize) -> String {
    let ending = match (place % 10, place % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{place}{ending}")
}

fn trimmed(number: f64, decimals: usize) -> String {
    let text = format!("{number:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').into() } else { text }
}

fn superscript(exponent: i32) -> String {
    const DIGITS: [char; 10] =
        ['\u{2070}', '\u{b9}', '\u{b2}', '\u{b3}', '\u{2074}', '\u{2075}', '\u{2076}', '\u{2077}', '\u{2078}', '\u{2079}'];
    let place = |c: char| c.to_digit(10).and_then(|digit| DIGITS.get(digit as usize)).copied().unwrap_or('\u{207b}');
    exponent.to_string().chars().map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares() {
        assert_eq!(percent(0.36), "36\u{a0}%");
        assert_eq!(percent(0.999), "99.9\u{a0}%");
        assert_eq!(percent_number(0.59040), "59.04");
        assert_eq!(percent_number(0.0), "0");
        assert_eq!(score(0.5), "50.0\u{a0}%");
        assert_eq!(score(0.0), "0.0\u{a0}%");
        assert_eq!(score(1e-6), "<\u{a0}0.1\u{a0}%");
        assert_eq!(points(0.0213), "+2.1\u{a0}pt");
        assert_eq!(points(-0.004), "\u{2212}0.4\u{a0}pt");
        assert_eq!(points(-0.0001), "\u{b1}0");
    }

    #[test]
    fn amounts() {
        assert_eq!(count(0), "0");
        assert_eq!(count(999), "999");
        assert_eq!(count(1_235_496), "1,235,496");
        assert_eq!(
            [12_000, 2_540_000, 349_151_936, 4_100_000_000].map(large).join(", "),
            "12,000, 2.5\u{a0}million, 349\u{a0}million, 4.1\u{a0}billion"
        );
        assert_eq!(bytes(0), "0\u{a0}B");
        assert_eq!(bytes(2_480_000), "2.5\u{a0}MB");
        assert_eq!(millis(14.2), "14\u{a0}ms");
        assert_eq!(millis(1.25), "1.2\u{a0}ms");
        assert_eq!(millis(31_000.0), "31.0\u{a0}s");
        assert_eq!([400.0, 4_400.0, 13_000.0, 160_000.0].map(duration).join(", "), "less than a second, 4\u{a0}s, 15\u{a0}s, 3\u{a0}min");
    }

    #[test]
    fn numbers_of_checks() {
        assert_eq!(correlation(0.999_98), "0.99998");
        assert_eq!(correlation(-1.0), "\u{2212}1");
        assert_eq!([25.049, -0.001, -3.5].map(signed).join(" "), "25.05 0 \u{2212}3.5");
    }

    #[test]
    fn values_of_maps() {
        assert_eq!(value(0.0), "0");
        assert_eq!(value(0.012345), "0.0123");
        assert_eq!(value(-1.5), "\u{2212}1.5");
        assert_eq!(value(1234.0), "1234");
        assert_eq!(value(4.1e-5), "4.1\u{a0}\u{d7}\u{a0}10\u{207b}\u{2075}");
        assert_eq!(value(f64::NAN), "none");
    }

    #[test]
    fn words() {
        assert_eq!(short("giant panda, panda"), "giant panda");
        assert_eq!(short(""), "");
        assert_eq!(clause("This browser offers no GPU."), "this browser offers no GPU");
        assert_eq!(clause("GPU lost"), "GPU lost");
        assert_eq!(clause(""), "");
        assert_eq!([1, 2, 3, 4, 11, 12, 21, 112].map(ordinal).join(" "), "1st 2nd 3rd 4th 11th 12th 21st 112th");
    }
}
