//! HTML as text, with everything in it escaped: for what is only read, and for lists whose frame takes their events.
//!
//! A view of elements is compiled into code of its own for every shape it has; text is not. Lists and tables come this way.

use std::fmt::Write;

/// A piece of HTML.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Html(String);

impl Html {
    /// Words.
    pub fn text(words: &str) -> Self {
        let mut text = String::with_capacity(words.len());
        for letter in words.chars() {
            match letter {
                '&' => text.push_str("&amp;"),
                '<' => text.push_str("&lt;"),
                '>' => text.push_str("&gt;"),
                '"' => text.push_str("&quot;"),
                '\'' => text.push_str("&#39;"),
                other => text.push(other),
            }
        }
        Self(text)
    }

    /// An element with attributes. One with an empty value stands alone, as `checked` does.
    pub fn tag(name: &str, attributes: &[(&str, &str)], inner: Self) -> Self {
        let mut html = Self::alone(name, attributes);
        html.0 += &inner.0;
        let _ = write!(html.0, "</{name}>");
        html
    }

    /// An element without an end, such as `input`.
    pub fn alone(name: &str, attributes: &[(&str, &str)]) -> Self {
        let mut html = format!("<{name}");
        for (attribute, value) in attributes {
            let _ = match value.is_empty() {
                true => write!(html, " {attribute}"),
                false => write!(html, " {attribute}=\"{}\"", Self::text(value).0),
            };
        }
        html.push('>');
        Self(html)
    }

    /// An element without attributes around words.
    pub fn around(name: &str, words: &str) -> Self {
        Self::tag(name, &[], Self::text(words))
    }

    /// A drawing made by this program, which has escaped the words in it.
    pub fn drawing(svg: String) -> Self {
        Self(svg)
    }

    /// A link that opens beside this page.
    pub fn link(address: &str, words: &str) -> Self {
        Self::tag("a", &[("href", address), ("target", "_blank"), ("rel", "noopener noreferrer")], Self::text(words))
    }

    /// Pieces one after the other.
    pub fn all(pieces: Vec<Self>) -> Self {
        Self(pieces.into_iter().map(|piece| piece.0).collect())
    }

    /// With words behind it.
    pub fn and(mut self, words: &str) -> Self {
        self.0 += &Self::text(words).0;
        self
    }

    /// With another piece behind it.
    pub fn with(mut self, other: Self) -> Self {
        self.0 += &other.0;
        self
    }

    /// The text for the browser.
    pub fn into_string(self) -> String {
        self.0
    }
}

/// Names and what is said of them, for a `dl`; those of which nothing is said are left out.
pub fn terms(terms: Vec<(&str, Html)>) -> Html {
    let said = terms.into_iter().filter(|(_, said)| *said != Html::default());
    Html::all(said.map(|(name, said)| Html::around("dt", name).with(Html::tag("dd", &[], said))).collect())
}

/// Numbers or words in columns, the first of which names the row. `label` says what the table shows.
pub fn table(label: &str, id: &str, heads: &[&str], rows: Vec<Vec<Html>>) -> Html {
    let head = heads.iter().map(|head| Html::tag("th", &[("scope", "col")], Html::text(head))).collect();
    let cell = |(at, cell): (usize, Html)| match at {
        0 => Html::tag("th", &[("scope", "row")], cell),
        _ => Html::tag("td", &[], cell),
    };
    let row = |row: Vec<Html>| Html::tag("tr", &[], Html::all(row.into_iter().enumerate().map(cell).collect()));
    let body = Html::all(rows.into_iter().map(row).collect());
    let head = Html::tag("thead", &[], Html::tag("tr", &[], Html::all(head)));
    let table = Html::tag("table", &[("data-testid", id)], head.with(Html::tag("tbody", &[], body)));
    scrolled(label, "", table)
}

/// A frame around what may be wider than the screen, which is then scrolled, by keyboard too. `class` is one of its own, if it needs any.
pub fn scrolled(label: &str, class: &str, inner: Html) -> Html {
    let class = format!("table-scroll {class}");
    Html::tag("div", &[("class", class.trim_end()), ("tabindex", "0"), ("role", "region"), ("aria-label", label)], inner)
}

/// A menu's options: values with their names.
pub fn options<'a>(options: impl IntoIterator<Item = (&'a str, &'a str)>) -> Html {
    let option = |(value, name): (&str, &str)| {
        // An empty attribute would stand alone, which is the same: the empty text.
        Html::tag("option", &[("value", value)], Html::text(name))
    };
    Html::all(options.into_iter().map(option).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_breaks_out() {
        let evil = "\"><script>alert('1')</script>&";
        let html = Html::tag("p", &[("title", evil)], Html::text(evil)).into_string();
        assert_eq!(html.matches('<').count(), 2, "{html}");
        assert_eq!(html.matches('"').count(), 2, "{html}");
        assert!(html.contains("&lt;script&gt;alert(&#39;1&#39;)"), "{html}");
        assert!(html.ends_with("&amp;</p>"), "{html}");
    }

    #[test]
    fn parts() {
        assert_eq!(terms(vec![("A", Html::text("1")), ("B", Html::default())]).into_string(), "<dt>A</dt><dd>1</dd>");
        assert_eq!(Html::alone("input", &[("checked", ""), ("value", "2")]).into_string(), "<input checked value=\"2\">");
        assert_eq!(options([("", "none")]).into_string(), "<option value>none</option>");
        let table = table("T", "t", &["x", "y"], vec![vec![Html::text("a"), Html::text("b")]]).into_string();
        assert!(table.contains("<tr><th scope=\"row\">a</th><td>b</td></tr>"), "{table}");
    }
}
