//! How sure numbers are. A procedure a file; each says what its units are, what it assumes and where it is from, and `docs/calibration.md` shows how
//! far it keeps its level.
//!
//! | question | procedure |
//! | --- | --- |
//! | Does one measure at one sparsity differ from dense, picture by picture? | [`sign_flips`] |
//! | Which of many measures at many sparsities do? | [`family`], `step_down` |
//! | Where does a mean over independent pictures lie? | [`one_mean`]; a share of right answers [`wilson`] |
//! | The same, where several pictures are of one photo, scene or person? | [`clusters`]; in a family [`family::Family::clustered`] |
//! | Where does a number over people and pictures lie? | [`two_way`]: a mean [`two_way_mean`](two_way::two_way_mean), anything else [`pigeonhole`](two_way::pigeonhole) |
//! | How far could anybody agree with these people? | [`ceiling`] |
//! | Has accuracy dropped by less than is allowed? | [`non_inferiority`] |
//! | Is there no difference that would matter? | [`equivalence`] |
//! | Is one of two networks better, where each picture only says which? | [`sign_test`] (McNemar) |
//! | Do two measures go together over networks or trainings? | [`permutation::correlation_test`], of whole series [`permutation::permutation_test`] |
//! | Do networks of one kind differ from others? | [`permutation::group_test`] |
//! | Do more things succeed than chance lets? | [`binomial`]; more than others [`fisher`], if things are independent |
//! | What is left of probabilities without their data? | [`holm`] |
//!
//! Whose unit is wrong is wrong whatever the procedure: trials of one person are not people, measures of one training are not trainings, and pictures
//! say nothing of other trainings. Zero significant differences are no equality; that takes [`equivalence`].
//!
//! [`bootstrap`] holds the percentile intervals and the bootstrap test that came before, which reject too often for few pictures; they stay until
//! nobody calls them. Chance comes from a seed ([`resampling`]), so that the same values have the same numbers everywhere. What cannot be computed is
//! [refused](refused::Refused), never a number.

pub mod alternative;
pub mod binomial;
pub mod bootstrap;
pub mod ceiling;
pub mod clusters;
pub mod distributions;
pub mod equivalence;
pub mod family;
pub mod fisher;
pub mod flips;
pub mod holm;
pub mod moments;
pub mod non_inferiority;
pub mod one_mean;
pub mod permutation;
pub mod refused;
pub mod resampling;
pub mod sign_flips;
pub mod sign_test;
pub mod two_way;
pub mod wilson;
