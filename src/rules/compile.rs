//! From files as written to a compiled [`Ruleset`]: every name becomes an index, every wrong name a problem
//! with its line and what would be accepted.

mod facts;
mod indications;
mod text;

use chrono::NaiveDate;
use serde::de::DeserializeOwned;
use toml::Spanned;

use super::error::{Problem, RulesError, accepted};
use super::file::{FactsFile, IndicationFile, RulesetFile, TextFile};
use super::files::RuleFiles;
use super::list::{CodeLists, ListId, ListSet};
use super::phrase::PhraseCollector;
use super::product::Products;
use super::ruleset::{Info, Policy, Ruleset};
use crate::guideline::Recommendation;

/// One file while it is compiled: its path and text for messages, and where problems go.
struct Page<'a> {
    path: &'a str,
    text: &'a str,
    problems: &'a mut Vec<Problem>,
}

impl Page<'_> {
    fn problem<T>(&mut self, at: &Spanned<T>, message: impl Into<String>) {
        self.problems.push(Problem::at(self.path, self.text, &at.span(), message));
    }

    /// The index of a name among those that are known, or a problem that lists them.
    fn lookup<'n>(
        &mut self,
        what: &str,
        name: &Spanned<String>,
        known: impl Iterator<Item = &'n str> + Clone,
    ) -> Option<usize> {
        let found = known.clone().position(|other| other == name.get_ref());
        if found.is_none() {
            self.problem(name, format!("unknown {what} `{}`; accepted are {}", name.get_ref(), accepted(known)));
        }
        found
    }

    fn list(&mut self, lists: &CodeLists, name: &Spanned<String>) -> Option<ListId> {
        self.lookup("code list", name, lists.all().map(|list| list.id.as_str()).collect::<Vec<_>>().into_iter())
            .map(|at| ListId(at as u8))
    }

    fn list_set(&mut self, lists: &CodeLists, names: &[Spanned<String>]) -> ListSet {
        let mut set = ListSet::default();
        for name in names {
            if let Some(list) = self.list(lists, name) {
                set.insert(list);
            }
        }
        set
    }

    /// A phrase must be written as text is folded, or it would never be found.
    fn folded(&mut self, phrase: &Spanned<String>) -> bool {
        let folded = super::phrase::Folded::new(phrase.get_ref()).text;
        let good = !folded.is_empty() && &folded == phrase.get_ref();
        if !good {
            self.problem(phrase, format!("the phrase would never be found; accepted is its folded form `{folded}`"));
        }
        good
    }
}

fn parse<T: DeserializeOwned>(path: &str, text: &str) -> Result<T, Problem> {
    toml::from_str(text).map_err(|error| match error.span() {
        Some(span) => Problem::at(path, text, &span, error.message()),
        None => Problem::new(path, None, error.message()),
    })
}

fn file<'a>(files: &'a RuleFiles, path: &str) -> Result<&'a str, Problem> {
    files.get(path).ok_or_else(|| Problem::new(path, None, "the file is missing"))
}

impl Ruleset {
    /// Reads and compiles the ruleset in folder `id` of a rules directory.
    ///
    /// # Errors
    /// [`RulesError`] with every problem found: unknown keys, unknown names, malformed codes, phrases that
    /// could never be found. Each has a file, a line where there is one, and what would be accepted.
    pub fn load(files: &RuleFiles, id: &str) -> Result<Self, RulesError> {
        let path = |name: &str| format!("{id}/{name}");
        let (ruleset_path, facts_path, text_path) = (path("ruleset.toml"), path("facts.toml"), path("text.toml"));
        let ruleset_text = file(files, &ruleset_path).map_err(RulesError::one)?;
        let ruleset: RulesetFile = parse(&ruleset_path, ruleset_text).map_err(RulesError::one)?;
        let facts_text = file(files, &facts_path).map_err(RulesError::one)?;
        let facts: FactsFile = parse(&facts_path, facts_text).map_err(RulesError::one)?;
        let cues_text = file(files, &text_path).map_err(RulesError::one)?;
        let cues: TextFile = parse(&text_path, cues_text).map_err(RulesError::one)?;
        let lists = CodeLists::load(files)?;
        let products = Products::load(files)?;

        let mut problems = Vec::new();
        let mut indications: Vec<(&str, &str, IndicationFile)> = Vec::new();
        let folder = path("indications");
        for (path, text) in files.below(&folder).filter(|(path, _)| path.ends_with(".toml")) {
            match parse(path, text) {
                Ok(indication) => indications.push((path, text, indication)),
                Err(problem) => problems.push(problem),
            }
        }
        if !problems.is_empty() {
            return Err(RulesError { problems });
        }

        let mut phrases = PhraseCollector::default();
        let ids: Vec<String> = indications.iter().map(|(_, _, file)| file.id.get_ref().clone()).collect();
        let names = facts::Names { lists: &lists, indications: &ids };
        let mut page = Page { path: &facts_path, text: facts_text, problems: &mut problems };
        let facts = facts::compile(&mut page, facts, &names, &mut phrases);
        text::cues(&mut Page { path: &text_path, text: cues_text, problems: &mut problems }, cues, &mut phrases);
        let statements = ruleset.statements.clone();
        let mut rows = Vec::new();
        let mut compiled = Vec::new();
        for (path, text, indication) in indications {
            let mut page = Page { path, text, problems: &mut problems };
            let known = indications::Known { lists: &lists, facts: &facts, indications: &ids, statements: &statements };
            compiled.push(indications::compile(&mut page, indication, &known, &mut rows, &mut phrases));
        }
        let mut page = Page { path: &ruleset_path, text: ruleset_text, problems: &mut problems };
        let outside_established = page.list_set(&lists, &ruleset.outside.established);
        let outside_other = page.list_set(&lists, &ruleset.outside.other);
        let policy = policy(&mut page, &ruleset);
        let info = info(&mut page, &ruleset, id, files.digest(id));
        let phrases = phrases.finish().map_err(|message| RulesError::one(Problem::new(id, None, message)))?;
        if !problems.is_empty() {
            return Err(RulesError { problems });
        }
        let conflict = ruleset.conflict;
        let open_questions = ruleset.open_questions.into_iter().map(|question| (question.id, question.text)).collect();
        Ok(Self {
            info,
            statements,
            facts,
            indications: compiled,
            rows,
            lists,
            products,
            policy,
            phrases,
            outside_established,
            outside_other,
            conflict,
            open_questions,
        })
    }
}

fn policy(page: &mut Page<'_>, file: &RulesetFile) -> Policy {
    let precedence = file.policy.precedence.get_ref().clone();
    if precedence.len() != Recommendation::ALL.len()
        || !Recommendation::ALL.iter().all(|each| precedence.contains(each))
    {
        page.problem(
            &file.policy.precedence,
            format!("accepted is each of {} once", accepted(Recommendation::ALL.iter().map(|r| r.as_str()))),
        );
    }
    Policy { precedence, flags: file.policy.flag.clone(), caps: file.policy.cap.clone() }
}

fn info(page: &mut Page<'_>, file: &RulesetFile, folder: &str, digest: String) -> Info {
    if file.id.get_ref() != folder {
        page.problem(&file.id, format!("the id must be the folder's name; accepted is `{folder}`"));
    }
    let first_day = format!("{}-01", file.in_force_from).parse().unwrap_or_else(|_| {
        page.problem(&file.id, "in-force-from: accepted is a month YYYY-MM");
        NaiveDate::MIN
    });
    Info {
        id: file.id.get_ref().clone(),
        version: file.version.clone(),
        title: file.title.clone(),
        short_title: file.short_title.clone(),
        basis: file.basis,
        status: file.status.clone(),
        in_force_from: (file.in_force_from.clone(), first_day),
        in_force_note: file.in_force_note.clone(),
        code_facts_until: file.code_facts_until.unwrap_or(NaiveDate::MAX),
        source: file.source.clone(),
        review: file.review.clone(),
        digest,
    }
}
