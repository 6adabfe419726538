//! Layers: a ruleset's own files, and those of the ruleset that it is laid over, as they are written.

use std::rc::Rc;

use serde::de::DeserializeOwned;
use toml::Spanned;

use crate::rules::error::{Problem, RulesError, accepted};
use crate::rules::file::{FactsFile, IndicationFile, Inherit, RulesetFile, TextFile};
use crate::rules::files::{LAYERS_MAX, RuleFiles};
use crate::rules::shared::Shared;

/// A file as parsed, with its path and text for messages.
pub(super) struct Parsed<'a, T> {
    pub path: &'a str,
    pub text: &'a str,
    pub file: T,
}

/// One ruleset directory as written. Rulesets that are laid over it share its files.
#[derive(Clone)]
pub(in crate::rules) struct Layer<'a> {
    pub(super) ruleset: Rc<Parsed<'a, RulesetFile>>,
    pub(super) facts: Option<Rc<Parsed<'a, FactsFile>>>,
    pub(super) cues: Option<Rc<Parsed<'a, TextFile>>>,
    pub(super) indications: Vec<Rc<Parsed<'a, IndicationFile>>>,
}

impl Layer<'_> {
    pub fn id(&self) -> &str {
        self.ruleset.file.id.get_ref()
    }

    /// Whether recommendations of the layers below stand.
    pub fn keeps_rows(&self) -> bool {
        self.ruleset.file.inherit == Inherit::Everything
    }

    /// Whether this layer takes a name out of those below.
    pub fn drops(&self, id: &str) -> bool {
        self.ruleset.file.drop.indications.iter().any(|dropped| dropped.get_ref() == id)
    }
}

/// Reads the ruleset in folder `id` and those that it extends; the lowest comes first.
pub(super) fn read<'a>(shared: &Shared<'a>, id: &str) -> Result<Vec<Layer<'a>>, RulesError> {
    let files = shared.files;
    let one = |id: &str| shared.layer(id, || one(files, id));
    let mut layers = vec![one(id)?];
    while let Some(base) = layers.last().and_then(|layer| layer.ruleset.file.extends.as_ref()) {
        let known = files.ruleset_ids();
        let wrong = if layers.iter().any(|layer| layer.id() == base.get_ref()) {
            Some("a ruleset cannot be laid over itself".to_owned())
        } else if layers.len() == LAYERS_MAX {
            Some(format!("at most {LAYERS_MAX} rulesets may be laid over each other"))
        } else if !known.contains(base.get_ref()) {
            let others = known.iter().map(String::as_str).filter(|other| *other != id);
            let others = accepted(others);
            Some(format!("unknown ruleset `{}`; accepted are {others}, or a folder beside this one", base.get_ref()))
        } else {
            None
        };
        if let (Some(message), Some(layer)) = (wrong, layers.last()) {
            let (path, text) = (layer.ruleset.path, layer.ruleset.text);
            return Err(RulesError::one(Problem::at(path, text, &base.span(), message)));
        }
        let below = one(base.get_ref())?;
        layers.push(below);
    }
    layers.reverse();
    Ok(layers)
}

fn one<'a>(files: &'a RuleFiles, id: &str) -> Result<Layer<'a>, RulesError> {
    let path = |name: &str| format!("{id}/{name}");
    let ruleset: Rc<Parsed<'a, RulesetFile>> = required(files, &path("ruleset.toml"))?;
    if ruleset.file.id.get_ref() != id {
        let message = format!("the id must be the folder's name; accepted is `{id}`");
        return Err(RulesError::one(Problem::at(ruleset.path, ruleset.text, &ruleset.file.id.span(), message)));
    }
    let (facts, cues) = if ruleset.file.extends.is_some() {
        (optional(files, &path("facts.toml"))?, optional(files, &path("text.toml"))?)
    } else {
        (Some(required(files, &path("facts.toml"))?), Some(required(files, &path("text.toml"))?))
    };
    let mut problems = Vec::new();
    let mut indications = Vec::new();
    let folder = path("indications");
    for (path, text) in files.below(&folder).filter(|(path, _)| path.ends_with(".toml")) {
        match parse(path, text) {
            Ok(file) => indications.push(Rc::new(Parsed { path, text, file })),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(Layer { ruleset, facts, cues, indications }) } else { Err(RulesError { problems }) }
}

fn required<'a, T: DeserializeOwned>(files: &'a RuleFiles, path: &str) -> Result<Rc<Parsed<'a, T>>, RulesError> {
    optional(files, path)?.ok_or_else(|| RulesError::one(Problem::new(path, None, "the file is missing")))
}

fn optional<'a, T: DeserializeOwned>(
    files: &'a RuleFiles,
    path: &str,
) -> Result<Option<Rc<Parsed<'a, T>>>, RulesError> {
    let Some((path, text)) = files.entry(path) else { return Ok(None) };
    let file = parse(path, text).map_err(RulesError::one)?;
    Ok(Some(Rc::new(Parsed { path, text, file })))
}

/// A file as it is written, or where it cannot be read.
pub(in crate::rules) fn parse<T: DeserializeOwned>(path: &str, text: &str) -> Result<T, Problem> {
    toml::from_str(text).map_err(|error| match error.span() {
        Some(span) => Problem::at(path, text, &span, error.message()),
        None => Problem::new(path, None, error.message()),
    })
}

/// What stands in the highest layer that gives it, with the layer.
pub(super) fn topmost<'l, 'a, T>(
    layers: &'l [Layer<'a>],
    given: impl Fn(&'l RulesetFile) -> Option<&'l T>,
) -> Option<(&'l Layer<'a>, &'l T)> {
    layers.iter().rev().find_map(|layer| given(&layer.ruleset.file).map(|found| (layer, found)))
}

/// The ids of all indications, those of lower layers first, without those that a layer drops.
pub(super) fn indication_ids(layers: &[Layer<'_>]) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    for layer in layers {
        ids.retain(|id| !layer.drops(id));
        for indication in &layer.indications {
            if !ids.contains(indication.file.id.get_ref()) {
                ids.push(indication.file.id.get_ref().clone());
            }
        }
    }
    ids.sort_unstable();
    ids
}

/// The ids of indications that some layer has and that do not stand.
pub(super) fn dropped_ids(layers: &[Layer<'_>], standing: &[String]) -> Vec<String> {
    let all = layers.iter().flat_map(|layer| &layer.indications).map(|each| each.file.id.get_ref().clone());
    all.filter(|id| !standing.contains(id)).collect()
}

/// The ids of the rows that stand after some layers.
pub(super) fn row_ids<'l>(layers: &'l [Layer<'_>]) -> Vec<&'l str> {
    let mut rows: Vec<(&str, &str)> = Vec::new();
    for layer in layers {
        let drop = &layer.ruleset.file.drop;
        rows.retain(|(indication, row)| {
            layer.keeps_rows() && !layer.drops(indication) && !drop.rows.iter().any(|id| id.get_ref() == row)
        });
        for file in layer.indications.iter().map(|indication| &indication.file) {
            let id = file.id.get_ref().as_str();
            rows.retain(|(indication, _)| file.amends || *indication != id);
            rows.extend(file.rows.iter().map(|row| (id, row.id.get_ref().as_str())));
        }
    }
    rows.into_iter().map(|(_, row)| row).collect()
}

/// What a layer drops must stand in a layer below.
pub(super) fn unknown_drops(layers: &[Layer<'_>], problems: &mut Vec<Problem>) {
    for (at, layer) in layers.iter().enumerate() {
        let below = indication_ids(&layers[..at]);
        let rows: Vec<&str> = layers[..at]
            .iter()
            .flat_map(|layer| &layer.indications)
            .flat_map(|each| &each.file.rows)
            .map(|row| row.id.get_ref().as_str())
            .collect();
        let drop = &layer.ruleset.file.drop;
        let mut unknown = |what: &str, names: &[Spanned<String>], known: &[&str]| {
            for name in names.iter().filter(|name| !known.contains(&name.get_ref().as_str())) {
                let message =
                    format!("unknown {what} `{}`; accepted are {}", name.get_ref(), accepted(known.iter().copied()));
                problems.push(Problem::at(layer.ruleset.path, layer.ruleset.text, &name.span(), message));
            }
        };
        unknown("indication", &drop.indications, &below.iter().map(String::as_str).collect::<Vec<_>>());
        unknown("row", &drop.rows, &rows);
    }
}
