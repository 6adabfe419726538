//! The rulebook of a run: one edition of the guideline or several, and which of them judges an order.
//!
//! An edition is in force from its first day until the next one begins. That day is a setting of the rule files, and a
//! site that knows it better lays a ruleset of its own over the edition.

use std::iter::once;
use std::path::Path;
use std::sync::Arc;

use chrono::NaiveDate;

use super::error::{Problem, RulesError, accepted};
use super::files::RuleFiles;
use super::named::{IN_FORCE, Named};
use super::ruleset::Ruleset;
use super::shared::Shared;
use crate::guideline::Basis;

/// The rulesets of a run. All of them share one list of products, so that a product that was screened by one is the
/// same product in the others.
#[derive(Debug, Clone)]
pub struct Rulebook {
    /// By their first days, all before that of the newest.
    earlier: Vec<Ruleset>,
    newest: Ruleset,
    /// Another edition that judges nothing, where one ruleset judges everything.
    beside: Option<Ruleset>,
}

impl From<Ruleset> for Rulebook {
    fn from(only: Ruleset) -> Self {
        Self { earlier: Vec::new(), newest: only, beside: None }
    }
}

impl Rulebook {
    /// Opens what `--rules` names: `in-force` is every shipped edition of the guideline, `in-force:DIR` the same with
    /// the site's ruleset in DIR in the place of the edition that it is laid over. Any other word is the id of one
    /// shipped ruleset or the directory of a site's own, which then judges every order.
    ///
    /// # Errors
    /// [`RulesError`] if there is no such ruleset, if one is not valid, or if two editions begin on the same day.
    pub fn open(word: &str) -> Result<Self, RulesError> {
        Self::with_files(word).map(|(rulebook, _)| rulebook)
    }

    /// The same, with the files that the rulesets were compiled from.
    ///
    /// # Errors
    /// As [`Rulebook::open`].
    pub fn with_files(word: &str) -> Result<(Self, RuleFiles), RulesError> {
        Self::read(word, false)
    }

    /// The same as [`Rulebook::open`], with another edition of the guideline to compare every order by. Of a site's
    /// ruleset that is another one than the edition that it is laid over; of a ruleset that is laid over none, or whose
    /// own codes leave no other edition valid, there is none.
    ///
    /// # Errors
    /// As [`Rulebook::open`].
    pub fn open_to_compare(word: &str) -> Result<Self, RulesError> {
        Self::read(word, true).map(|(rulebook, _)| rulebook)
    }

    fn read(word: &str, compares: bool) -> Result<(Self, RuleFiles), RulesError> {
        let Some(named) = Named::read(word) else {
            let shipped = RuleFiles::builtin().ruleset_ids();
            let message = format!(
                "no such ruleset; accepted are {}, or a directory that holds a ruleset.toml",
                accepted(shipped.iter().map(String::as_str).chain([IN_FORCE]))
            );
            return Err(RulesError::one(Problem::new(word, None, message)));
        };
        match named {
            Named::InForce => {
                let files = RuleFiles::builtin();
                Ok((Self::of(editions(&Shared::of(&files), &files.ruleset_ids())?)?, files))
            }
            Named::InForceWith(dir) => Self::in_force_with(&dir),
            one => {
                let (files, name) = one.one()?;
                let shared = Shared::of(&files);
                let only = Ruleset::load_beside(&shared, &name)?;
                let beside = if compares { beside(&shared, &only) } else { None };
                drop(shared);
                Ok((Self { beside, ..Self::from(only) }, files))
            }
        }
    }

    /// The shipped editions, with the ruleset in `dir` in the place of the one that it is laid over.
    fn in_force_with(dir: &Path) -> Result<(Self, RuleFiles), RulesError> {
        let (files, name) = RuleFiles::with_site_ruleset(dir)?;
        let shipped: Vec<String> = RuleFiles::builtin().ruleset_ids().into_iter().filter(|id| *id != name).collect();
        let shared = Shared::of(&files);
        let mut editions = editions(&shared, &shipped)?;
        let own = Ruleset::load_beside(&shared, &name)?;
        drop(shared);
        let replaced = laid_over(&own).find_map(|below| position(&editions, below));
        match replaced {
            Some(at) => editions[at] = own,
            // The folder of a shipped edition, copied and changed, is that edition.
            None if RuleFiles::builtin().ruleset_ids().contains(&name) && is_edition(&own) => editions.push(own),
            None => {
                let message = format!(
                    "it is laid over no edition; accepted is `extends` with {}",
                    accepted(editions.iter().map(|edition| edition.info.id.as_str()))
                );
                return Err(RulesError::one(Problem::new(&format!("{name}/ruleset.toml"), None, message)));
            }
        }
        Ok((Self::of(editions)?, files))
    }

    fn of(mut editions: Vec<Ruleset>) -> Result<Self, RulesError> {
        editions.sort_by_key(first_day);
        if let Some([one, other]) = editions.array_windows().find(|[one, other]| first_day(one) == first_day(other)) {
            let message = format!("`in-force-from` is the one of `{}` too; accepted is another month", one.info.id);
            return Err(RulesError::one(Problem::new(&format!("{}/ruleset.toml", other.info.id), None, message)));
        }
        let Some(newest) = editions.pop() else {
            return Err(RulesError::one(Problem::new(IN_FORCE, None, "no edition of the guideline ships")));
        };
        for edition in &mut editions {
            edition.products = Arc::clone(&newest.products);
        }
        Ok(Self { earlier: editions, newest, beside: None })
    }

    /// The edition that judges an order: the newest that was in force on the service date. Before the first edition it
    /// is the first, and without a date the newest.
    #[must_use]
    pub fn on(&self, service: Option<NaiveDate>) -> &Ruleset {
        let Some(service) = service else { return &self.newest };
        let begun = |edition: &&Ruleset| first_day(edition) <= service;
        once(&self.newest).chain(self.earlier.iter().rev()).find(begun).unwrap_or(self.first())
    }

    /// The edition to compare an order by that is judged by the one of [`Rulebook::on`]: the one before that, or behind
    /// the first the next. `None` if there is no other.
    #[must_use]
    pub fn other_than_on(&self, service: Option<NaiveDate>) -> Option<&Ruleset> {
        if !self.has_several() {
            return self.beside.as_ref();
        }
        let judging = first_day(self.on(service));
        self.earlier.iter().rev().find(|edition| first_day(edition) < judging).or_else(|| self.editions().nth(1))
    }

    /// The edition that orders are compared by and that judges none.
    #[must_use]
    pub fn beside(&self) -> Option<&Ruleset> {
        self.beside.as_ref()
    }

    /// The edition that is in force now. Its products are those of all editions.
    #[must_use]
    pub fn newest(&self) -> &Ruleset {
        &self.newest
    }

    /// The edition before which there is none.
    #[must_use]
    pub fn first(&self) -> &Ruleset {
        self.earlier.first().unwrap_or(&self.newest)
    }

    /// All editions, the earliest first; at least one.
    pub fn editions(&self) -> impl Iterator<Item = &Ruleset> {
        self.earlier.iter().chain(once(&self.newest))
    }

    /// Whether there is a choice between editions.
    #[must_use]
    pub fn has_several(&self) -> bool {
        !self.earlier.is_empty()
    }

    /// The id of the one ruleset, or `in-force`.
    #[must_use]
    pub fn id(&self) -> &str {
        if self.has_several() { IN_FORCE } else { &self.newest.info.id }
    }

    /// The version of the one ruleset, or those of all editions joined by `+`, the earliest first.
    #[must_use]
    pub fn version(&self) -> String {
        let versions: Vec<&str> = self.editions().map(|edition| edition.info.version.as_str()).collect();
        versions.join("+")
    }

    /// `id@version`.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}@{}", self.id(), self.version())
    }

    /// The digest of the one ruleset, or BLAKE3, as hex, of the names and digests of all editions.
    #[must_use]
    pub fn digest(&self) -> String {
        if !self.has_several() {
            return self.newest.info.digest.clone();
        }
        let mut hasher = blake3::Hasher::new();
        for edition in self.editions() {
            hasher.update(format!("{} {}\n", edition.info.name(), edition.info.digest).as_bytes());
        }
        hasher.finalize().to_hex().to_string()
    }
}

fn first_day(edition: &Ruleset) -> NaiveDate {
    edition.info.in_force_from.1
}

/// The rulesets, by id, of which one that ships is the edition that a ruleset stands for.
fn laid_over(ruleset: &Ruleset) -> impl Iterator<Item = &str> {
    let lowest = ruleset.layers.first().unwrap_or(&ruleset.info);
    once(lowest.id.as_str()).chain(lowest.extends.as_deref())
}

/// A shipped edition other than the one that a ruleset stands for: the one before it, or behind the first the next. Its
/// products are those of the ruleset.
fn beside(shared: &Shared<'_>, only: &Ruleset) -> Option<Ruleset> {
    let mut others = RuleFiles::builtin().ruleset_ids();
    let own = laid_over(only).find_map(|below| others.iter().position(|id| id == below))?;
    others.remove(own);
    let mut others = editions(shared, &others).ok()?;
    others.sort_by_key(first_day);
    let before = others.iter().rposition(|edition| first_day(edition) < first_day(only));
    let mut other = others.into_iter().nth(before.unwrap_or(0))?;
    other.products = Arc::clone(&only.products);
    Some(other)
}

fn position(editions: &[Ruleset], id: &str) -> Option<usize> {
    editions.iter().position(|edition| edition.info.id == id)
}

/// Those of the rulesets that are editions of the guideline.
fn editions(shared: &Shared<'_>, ids: &[String]) -> Result<Vec<Ruleset>, RulesError> {
    let loaded = ids.iter().map(|id| Ruleset::load_beside(shared, id)).collect::<Result<Vec<_>, _>>()?;
    Ok(loaded.into_iter().filter(is_edition).collect())
}

/// Whether a ruleset is an edition of the guideline: its recommendations are the guideline's, and all are its own.
fn is_edition(ruleset: &Ruleset) -> bool {
    ruleset.info.basis == Basis::Guideline && ruleset.layers.len() == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    fn edition(id: &str, from: &str) -> Ruleset {
        let mut ruleset = Ruleset::builtin("aanem-2023").unwrap_or_else(|error| panic!("{error}"));
        ruleset.info.id = id.to_owned();
        ruleset.info.in_force_from = (from[..7].to_owned(), day(from));
        ruleset
    }

    /// The word of the newest edition comes first, so that the order is not that in which they were given.
    fn book() -> Rulebook {
        let all = [("third", "2030-01-01"), ("first", "2009-11-01"), ("second", "2023-07-01")];
        Rulebook::of(all.map(|(id, from)| edition(id, from)).into()).expect("three editions")
    }

    #[test]
    fn an_edition_judges_from_its_first_day_to_the_day_before_the_next() {
        let book = book();
        let on = |text: &str| book.on(Some(day(text))).info.id.clone();
        for (last, first, before, after) in
            [("2023-06-30", "2023-07-01", "first", "second"), ("2029-12-31", "2030-01-01", "second", "third")]
        {
            assert_eq!((on(last).as_str(), on(first).as_str()), (before, after));
        }
        assert_eq!(on("2009-11-01"), "first");
        assert_eq!(on("2099-01-01"), "third");
    }

    #[test]
    fn before_the_first_edition_the_first_judges_and_without_a_date_the_newest() {
        let book = book();
        assert_eq!(book.on(Some(day("2009-10-31"))).info.id, "first");
        assert_eq!(book.on(Some(NaiveDate::MIN)).info.id, "first");
        assert_eq!(book.on(None).info.id, "third");
        assert_eq!((book.first().info.id.as_str(), book.newest().info.id.as_str()), ("first", "third"));
    }

    #[test]
    fn one_ruleset_judges_every_day() {
        let book = Rulebook::from(edition("only", "2023-07-01"));
        for service in [None, Some(day("1990-01-01")), Some(day("2023-06-30")), Some(day("2050-01-01"))] {
            assert_eq!(book.on(service).info.id, "only");
        }
        assert!(!book.has_several());
        assert_eq!((book.name(), book.digest()), (book.newest().info.name(), book.newest().info.digest.clone()));
    }

    #[test]
    fn the_name_and_digest_of_several_are_those_of_all() {
        let book = book();
        assert_eq!(book.name(), "in-force@1.0.0+1.0.0+1.0.0".replace("1.0.0", &book.newest().info.version));
        let mut other = book.clone();
        other.earlier[0].info.digest.push('0');
        assert_ne!(book.digest(), other.digest());
        assert_ne!(book.digest(), book.newest().info.digest);
    }

    #[test]
    fn two_editions_that_begin_on_one_day_are_refused_by_name() {
        let twice = vec![edition("one", "2023-07-01"), edition("other", "2023-07-01")];
        let error = Rulebook::of(twice).expect_err("no choice").to_string();
        assert!(error.contains("other/ruleset.toml") && error.contains("`one`"), "{error}");
    }

    #[test]
    fn a_product_is_the_same_in_every_edition() {
        let book = book();
        for edition in book.editions() {
            let same =
                edition.products.all().zip(book.newest().products.all()).all(|(one, other)| one.code == other.code);
            assert!(same && edition.products.all().count() == book.newest().products.all().count());
        }
    }
}
