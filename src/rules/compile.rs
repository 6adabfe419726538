//! From files as written to a compiled [`Ruleset`]: every name becomes an index, every wrong name a problem
//! with its line and what would be accepted.

mod facts;
mod indications;
mod layer;
mod policy;
mod text;

use toml::Spanned;

use super::error::{Problem, RulesError, accepted};
use super::files::RuleFiles;
use super::list::{CodeLists, ListId, ListSet};
use super::phrase::PhraseCollector;
use super::ruleset::{Fact, Info, Lookup, Ruleset, Statement};
use super::shared::Shared;
pub(super) use layer::{Layer, parse};

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

impl Ruleset {
    /// Reads and compiles the ruleset in folder `id` of a rules directory, with the rulesets that it is laid over.
    ///
    /// # Errors
    /// [`RulesError`] with every problem found: unknown keys, unknown names, malformed codes, phrases that
    /// could never be found. Each has a file, a line where there is one, and what would be accepted.
    pub fn load(files: &RuleFiles, id: &str) -> Result<Self, RulesError> {
        Self::load_beside(&Shared::of(files), id)
    }

    /// The same beside other rulesets of the same files.
    pub(super) fn load_beside(shared: &Shared<'_>, id: &str) -> Result<Self, RulesError> {
        let files = shared.files;
        let layers = layer::read(shared, id)?;
        let lists = CodeLists::load(shared.lists(), files, layers.iter().map(Layer::id))?;
        let products = shared.products()?;
        let course = shared.course(layers.iter().rev().map(Layer::id))?;
        let mut problems = Vec::new();
        layer::unknown_drops(&layers, &mut problems);
        let mut phrases = PhraseCollector::default();
        let ids = layer::indication_ids(&layers);
        let dropped = layer::dropped_ids(&layers, &ids);
        let names = facts::Names { lists: &lists, indications: &ids, dropped: &dropped };
        let facts = facts(&layers, &names, &mut problems, &mut phrases);
        for (at, cues) in layers.iter().enumerate().filter_map(|(at, layer)| Some((at, layer.cues.as_ref()?))) {
            phrases.is_top = at + 1 == layers.len();
            text::cues(
                &mut Page { path: cues.path, text: cues.text, problems: &mut problems },
                &cues.file,
                &mut phrases,
            );
        }
        let statements = statements(&layers);
        let known = indications::Known {
            lists: &lists,
            facts: &facts,
            indications: &ids,
            dropped: &dropped,
            statements: &statements,
        };
        let mut rows = Vec::new();
        let mut indications = Vec::new();
        for id in &ids {
            indications.push(indications::compile(&layers, id, &known, &mut problems, &mut rows, &mut phrases));
        }
        let policy = policy::policy(&layers, &lists, &rows, &mut problems);
        let (outside_established, outside_other) = policy::outside(&layers, &lists, &mut problems);
        let conflict = policy::conflict(&layers, &mut problems);
        let infos = infos(&layers, files, &mut problems);
        let open_questions = open_questions(&layers);
        let phrases = phrases.finish().map_err(|message| RulesError::one(Problem::new(id, None, message)))?;
        let (Some(policy), Some(conflict), Some(info), true) =
            (policy, conflict, infos.last().cloned(), problems.is_empty())
        else {
            return Err(RulesError { problems });
        };
        let lookup = Lookup::of(lists.all().count(), &indications, &rows);
        Ok(Self {
            info,
            layers: infos,
            statements,
            facts,
            indications,
            rows,
            lists,
            products,
            course,
            policy,
            phrases,
            outside_established,
            outside_other,
            conflict,
            open_questions,
            lookup,
        })
    }
}

/// The facts of all layers: one that a higher layer writes again gets more sources.
fn facts(
    layers: &[Layer<'_>],
    names: &facts::Names<'_>,
    problems: &mut Vec<Problem>,
    phrases: &mut PhraseCollector,
) -> Vec<Fact> {
    let mut compiled = Vec::new();
    for (at, written) in layers.iter().enumerate().filter_map(|(at, layer)| Some((at, layer.facts.as_ref()?))) {
        phrases.is_top = at + 1 == layers.len();
        let mut page = Page { path: written.path, text: written.text, problems: &mut *problems };
        facts::compile(&mut page, &written.file, names, phrases, &mut compiled);
    }
    compiled
}

/// The first layer whose recommendations stand: the highest that takes over conditions only, or the lowest.
fn first_standing(layers: &[Layer<'_>]) -> usize {
    layers.iter().rposition(|layer| !layer.keeps_rows()).unwrap_or(0)
}

/// The quotations of the layers that stand.
fn statements(layers: &[Layer<'_>]) -> Vec<Statement> {
    let mut all: Vec<Statement> = Vec::new();
    for (origin, layer) in layers[first_standing(layers)..].iter().enumerate() {
        for statement in &layer.ruleset.file.statements {
            all.retain(|other| other.id != statement.id);
            all.push(Statement { origin: origin as u8, ..statement.clone() });
        }
    }
    all
}

fn open_questions(layers: &[Layer<'_>]) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = Vec::new();
    for layer in &layers[first_standing(layers)..] {
        for question in &layer.ruleset.file.open_questions {
            all.retain(|(id, _)| id != &question.id);
            all.push((question.id.clone(), question.text.clone()));
        }
    }
    all
}

/// What the layers are whose recommendations stand.
fn infos(layers: &[Layer<'_>], files: &RuleFiles, problems: &mut Vec<Problem>) -> Vec<Info> {
    (first_standing(layers) + 1..=layers.len())
        .filter_map(|upto| {
            let below = &layers[..upto];
            policy::info(below, files.digest(below.iter().map(Layer::id)), problems)
        })
        .collect()
}
