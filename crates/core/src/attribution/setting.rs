//! What can be set on a method: its name, what it means, what it may be.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// A parameter of a method.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Setting {
    /// The name in links and on the command line.
    pub id: &'static str,
    /// The name beside its control.
    pub title: &'static str,
    /// One plain sentence.
    pub says: &'static str,
    /// What it may be.
    pub kind: Kind,
}

/// What a parameter may be, and what it is unless set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// A whole number.
    Whole {
        /// The smallest.
        least: u32,
        /// The largest.
        most: u32,
        /// Unless set.
        usual: u32,
    },
    /// A number.
    Real {
        /// The smallest.
        least: f64,
        /// The largest.
        most: f64,
        /// Unless set.
        usual: f64,
    },
    /// One of some names, the first unless set; each with its title.
    Choice(&'static [(&'static str, &'static str)]),
}

impl Setting {
    /// A parameter that is a whole number.
    pub const fn whole(id: &'static str, title: &'static str, says: &'static str, [least, usual, most]: [u32; 3]) -> Self {
        Self { id, title, says, kind: Kind::Whole { least, most, usual } }
    }

    /// A parameter that is a number.
    pub const fn real(id: &'static str, title: &'static str, says: &'static str, [least, usual, most]: [f64; 3]) -> Self {
        Self { id, title, says, kind: Kind::Real { least, most, usual } }
    }

    /// A parameter that is one of some names.
    pub const fn choice(
        id: &'static str,
        title: &'static str,
        says: &'static str,
        options: &'static [(&'static str, &'static str)],
    ) -> Self {
        Self { id, title, says, kind: Kind::Choice(options) }
    }

    /// Its value unless set, as text.
    pub fn usual(&self) -> String {
        match self.kind {
            Kind::Whole { usual, .. } => usual.to_string(),
            Kind::Real { usual, .. } => usual.to_string(),
            Kind::Choice(options) => options.first().map_or("", |(id, _)| id).to_string(),
        }
    }

    /// What it may be, for a reader.
    pub fn expected(&self) -> String {
        match self.kind {
            Kind::Whole { least, most, .. } => format!("a whole number between {least} and {most}"),
            Kind::Real { least, most, .. } => format!("a number between {least} and {most}"),
            Kind::Choice(options) => options.iter().map(|(id, _)| *id).collect::<Vec<_>>().join(", "),
        }
    }

    /// The value a text stands for, in the one way it is written.
    fn canonical(&self, text: &str) -> Result<String> {
        let text = text.trim();
        let value = match self.kind {
            Kind::Whole { least, most, .. } => text.parse().ok().filter(|n| (least..=most).contains(n)).map(|n: u32| n.to_string()),
            Kind::Real { least, most, .. } => text.parse().ok().filter(|n| (least..=most).contains(n)).map(|n: f64| n.to_string()),
            Kind::Choice(options) => options.iter().find(|(id, _)| *id == text).map(|(id, _)| (*id).to_string()),
        };
        value.ok_or_else(|| Error::bad_value(self.id, text, &self.expected()))
    }
}

/// The parameters that are not as usual, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Settings(BTreeMap<String, String>);

impl Settings {
    /// Names and values as they stand in a file; what does not fit is left out by [`Self::fitting`].
    pub(crate) fn unchecked(values: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(values.into_iter().collect())
    }

    /// Sets one of the parameters a method takes.
    pub fn set(&mut self, taken: &[Setting], id: &str, text: &str) -> Result<()> {
        let setting = taken.iter().find(|s| s.id == id).ok_or_else(|| Error::unknown("parameter", id, taken.iter().map(|s| s.id)))?;
        let value = setting.canonical(text)?;
        match value == setting.usual() {
            true => self.0.remove(id),
            false => self.0.insert(id.into(), value),
        };
        Ok(())
    }

    /// The value of a parameter as text.
    pub fn text(&self, setting: &Setting) -> String {
        self.0.get(setting.id).cloned().unwrap_or_else(|| setting.usual())
    }

    /// The value of a parameter that is a whole number.
    pub fn whole(&self, setting: &Setting) -> usize {
        // What came over a wire was checked ([`Self::check`]); what was not is as usual.
        self.text(setting).parse().or_else(|_| setting.usual().parse()).unwrap_or_default()
    }

    /// The value of a parameter that is a number.
    pub fn real(&self, setting: &Setting) -> f64 {
        self.text(setting).parse().or_else(|_| setting.usual().parse()).unwrap_or_default()
    }

    /// Those that are not as usual, by name.
    pub fn changed(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(id, text)| (id.as_str(), text.as_str()))
    }

    /// Checks every name and value against what a method takes.
    pub fn check(&self, taken: &[Setting]) -> Result<()> {
        let mut again = Self::default();
        self.changed().try_for_each(|(id, text)| again.set(taken, id, text))
    }

    /// The same without those that a method does not take or that it takes otherwise.
    pub fn fitting(&self, taken: &[Setting]) -> Self {
        let mut kept = Self::default();
        for (id, text) in self.changed() {
            // What does not fit is what is to go.
            let _ = kept.set(taken, id, text);
        }
        kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TAKEN: [Setting; 3] = [
        Setting::whole("steps", "Steps", "", [1, 50, 500]),
        Setting::real("sigma", "Noise", "", [0.0, 0.15, 10.0]),
        Setting::choice("baseline", "Baseline", "", &[("zero", "Mean colour"), ("blur", "Blurred")]),
    ];

    #[test]
    fn usual_values_leave_no_trace() {
        let mut settings = Settings::default();
        for (id, text) in [("steps", "50"), ("sigma", "0.150"), ("baseline", "zero")] {
            settings.set(&TAKEN, id, text).unwrap();
        }
        assert_eq!(settings, Settings::default());
        settings.set(&TAKEN, "steps", " 007 ").unwrap();
        assert_eq!(settings.changed().collect::<Vec<_>>(), [("steps", "7")]);
        assert_eq!((settings.whole(&TAKEN[0]), settings.real(&TAKEN[1]), settings.text(&TAKEN[2])), (7, 0.15, "zero".into()));
        assert_eq!(settings.fitting(&TAKEN[1..]), Settings::default());
    }

    #[test]
    fn what_does_not_fit_is_an_error() {
        let mut settings = Settings::default();
        for (id, text) in [("steps", "0"), ("steps", "1.5"), ("steps", "-1"), ("sigma", "NaN"), ("sigma", "inf"), ("baseline", "red")] {
            assert!(matches!(settings.set(&TAKEN, id, text), Err(Error::BadValue { .. })), "{id}={text}");
        }
        assert!(matches!(settings.set(&TAKEN, "colour", "red"), Err(Error::Unknown { .. })));
        assert_eq!(settings, Settings::default());
    }
}
