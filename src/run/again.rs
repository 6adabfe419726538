//! The reports once more, from assessments that were stored earlier or elsewhere.
//!
//! Orders that were assessed in many places are reported as if one run had read them. What a table does not hold, the
//! records that were read and are out of scope or rejected, is known where every part is a run directory, and is then
//! added up; else the reports say that it is not known.

mod target;

use std::collections::BTreeSet;
use std::fs::File;
use std::io::BufWriter;
use std::path::PathBuf;

use chrono::NaiveDate;

use self::target::Target;
use super::account::in_words;
use super::appendix::exclusions;
use super::audit::{edition, group_id, own_digest, own_program};
use super::comparison::since;
use super::content::PREVIOUS;
use super::course::course_rules;
use super::error::RunError;
use super::listed::listed_codes;
use super::staging::{Mode, Staging};
use super::stored::{Stored, resolve};
use super::workbook::{self, Listed, WORKBOOK};
use super::writing::{FINDINGS, REPORT, SUMMARY};
use crate::manifest::{self, Counts, Orders, Reconciliation};
use crate::report::csv::FindingsWriter;
use crate::report::disclosure::Audience;
use crate::report::facts::{Appendix, Editions, Previous, Results, Source};
use crate::report::{catalogue, html, json};
use crate::rules::Rulebook;
use crate::summary::{Limits, Summary, SummaryError, rulesets, summarise_all};
use crate::table::parquet::TableError;
use crate::table::parts::Parts;
use crate::table::schema::COLUMNS;
use crate::table::stored::each_finding;

/// The ruleset whose words are used where nothing tells another.
const DEFAULT_RULES: &str = "aanem-2023";

/// The word for all editions together.
const IN_FORCE: &str = "in-force";

/// What a report from stored assessments is asked to be.
#[derive(Debug, Clone)]
pub struct ReportSettings {
    /// Tables, run directories, or globs of them, as given.
    pub parts: Vec<String>,
    /// Ruleset id or directory; told from the parts if not given.
    pub rules: Option<String>,
    /// The directory that is made.
    pub out: PathBuf,
    /// Replaces a report that is there.
    pub force: bool,
    /// Group that may read it.
    pub group: Option<String>,
    /// An earlier run, or its table, against which the report tells what changed.
    pub previous: Option<String>,
}

/// A report that was made.
#[derive(Debug, Clone)]
pub struct Reported {
    /// Where it is.
    pub dir: PathBuf,
    /// Parts it was made from.
    pub parts: u64,
    /// Orders.
    pub orders: u64,
    /// Orders that are flagged.
    pub flagged: u64,
    /// Orders for review.
    pub review: u64,
    /// What its reader is told of where it comes from.
    pub notes: Vec<String>,
}

/// Makes the reports from stored assessments.
///
/// # Errors
/// [`RunError`] says why there is no report.
pub fn report(settings: &ReportSettings) -> Result<Reported, RunError> {
    let mode = Mode { group: settings.group.as_deref().map(group_id).transpose()? };
    let target = Target::open(&settings.out, settings.force)?;
    let parts = resolve(&settings.parts)?;
    let previous = settings.previous.as_deref().map(Stored::open).transpose()?;
    let paths: Vec<PathBuf> = parts.iter().map(|part| part.table.clone()).collect();
    let table = Parts::open_all(&paths)?;
    let names: Vec<&str> = COLUMNS.iter().map(|column| column.name).collect();
    table.require(&names)?;
    let rulebook = rulebook(settings.rules.as_deref(), &parts, || rulesets(&paths))?;
    let rules = course_rules(rulebook.newest());
    let summary =
        summarise_all(&paths, &Limits::default(), &rules, &listed_codes(&rulebook)).map_err(|error| match error {
            SummaryError::Table(error) => error.into(),
            error @ SummaryError::DoesNotAddUp { .. } => RunError::Unreconciled(error.to_string()),
        })?;
    let facts = Facts::of(&parts, &rulebook, &summary)?;
    let program = own_program(own_digest());
    let changes = previous.as_ref().map(|earlier| since(earlier, &paths, &facts.rulesets, &program)).transpose()?;
    let earlier = previous.as_ref().map(Stored::content);
    let digest = content(&parts, &rulebook, earlier);
    let results = Results {
        summary: &summary,
        counts: &facts.counts,
        records_known: facts.records_known,
        inputs: &facts.inputs,
        ruleset: &facts.ruleset,
        program: &program,
        content_digest: &digest,
        exclusions: &exclusions(),
        editions: &facts.editions,
        previous: earlier.zip(changes.as_ref()).map(|(digest, changes)| Previous { digest, changes }),
        notes: &facts.notes,
    };
    let staging = target.staging(mode)?;
    let source = Listed { tables: &paths, rejected: None, as_of: as_of(&parts) };
    let written = write(&staging, &table, &results, &source);
    if written.is_err() {
        // What cannot be removed now is in the way of nobody; it must not hide why this one ended.
        let _ = std::fs::remove_dir_all(&staging.dir);
    }
    written?;
    target.publish(&staging)?;
    Ok(Reported {
        dir: settings.out.clone(),
        parts: parts.len() as u64,
        orders: summary.totals.orders,
        flagged: summary.orders_flagged("flagged"),
        review: summary.orders_flagged("review"),
        notes: facts.notes,
    })
}

/// The day of the newest run among the parts, or this day where none is known: against it days left are counted.
fn as_of(parts: &[Stored]) -> NaiveDate {
    let of_runs = parts.iter().filter_map(|part| part.manifest.as_ref()?.options.get("as-of")?.parse().ok());
    of_runs.max().unwrap_or_else(super::today)
}

/// Writes the files. Whatever else is rendered from the same results is written here too.
fn write(staging: &Staging, table: &Parts, results: &Results<'_>, source: &Listed<'_>) -> Result<(), RunError> {
    let (begun, ()) = workbook::begin_beside(staging, results.editions, source, || {
        let told = catalogue::disclosed(Audience::Committee, results);
        staging.write(REPORT, &html::render(results, &told).map_err(RunError::report("page"))?)?;
        staging.write(SUMMARY, &json::render(results, &told).map_err(RunError::report("summary"))?)
    })?;
    let listed = workbook::finish_beside(staging, begun, results, || Ok(()))?;
    let findings = findings(staging.file(FINDINGS)?, table)?;
    let flagged = results.summary.orders_flagged("flagged") + results.summary.orders_flagged("review");
    if findings != flagged {
        return Err(RunError::Unreconciled(format!("every finding is listed: table {flagged}, {FINDINGS} {findings}")));
    }
    if listed.findings != flagged {
        let listed = listed.findings;
        return Err(RunError::Unreconciled(format!("every finding is listed: table {flagged}, {WORKBOOK} {listed}")));
    }
    for name in [REPORT, SUMMARY, FINDINGS, WORKBOOK] {
        staging.seal(name)?;
    }
    Ok(())
}

fn findings(file: BufWriter<File>, table: &Parts) -> Result<u64, RunError> {
    let failed = || RunError::report("list of findings");
    let mut list = FindingsWriter::new(file).map_err(failed())?;
    each_finding(table, Limits::default().part, |cells| list.push_stored(cells).map_err(failed()))?;
    list.finish().map_err(failed())
}

/// The rules whose words the reports use: those named, else those of the manifests, else those that the orders name.
fn rulebook(
    named: Option<&str>,
    parts: &[Stored],
    of_orders: impl FnOnce() -> Result<BTreeSet<String>, TableError>,
) -> Result<Rulebook, RunError> {
    if let Some(named) = named {
        return Ok(Rulebook::open(named)?);
    }
    let of_manifests: Option<BTreeSet<String>> =
        parts.iter().map(|part| part.manifest.as_ref().map(|manifest| manifest.ruleset.id.clone())).collect();
    let ids: BTreeSet<String> = match of_manifests {
        Some(ids) => ids,
        None => of_orders()?.iter().map(|name| id_and_version(name).0.to_owned()).collect(),
    };
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let word = match ids[..] {
        [id] => id,
        [] => DEFAULT_RULES,
        _ => IN_FORCE,
    };
    // A site's own rules are known by their directory only, and it is not told here.
    Ok(Rulebook::open(word).or_else(|_| Rulebook::open(DEFAULT_RULES))?)
}

fn id_and_version(name: &str) -> (&str, &str) {
    name.rsplit_once('@').unwrap_or((name, ""))
}

/// What is known besides the table.
struct Facts {
    counts: Counts,
    records_known: bool,
    inputs: Vec<manifest::Input>,
    ruleset: manifest::Ruleset,
    /// Each ruleset that decided, as far as its digest is known.
    rulesets: Vec<manifest::Ruleset>,
    editions: Editions,
    notes: Vec<String>,
}

impl Facts {
    fn of(parts: &[Stored], rulebook: &Rulebook, summary: &Summary) -> Result<Self, RunError> {
        let manifests: Option<Vec<&manifest::Manifest>> = parts.iter().map(|part| part.manifest.as_ref()).collect();
        let mut notes = Vec::new();
        if manifests.is_none() {
            notes.push(
                "Made from stored tables of assessments. Of the records from which the orders came nothing is known \
                 here: how many were read, out of scope or rejected."
                    .to_owned(),
            );
        }
        let mut counts = Counts::default();
        manifests.iter().flatten().for_each(|manifest| counts += &manifest.counts);
        let stored = orders(summary);
        if manifests.is_none() {
            counts.orders = stored;
        } else if counts.orders != stored {
            return Err(RunError::Unreconciled("the manifests count other orders than the tables hold".to_owned()));
        }
        counts.sums = in_words(&summary.sums);
        // What runs count of companions adds up to no sum that must hold: one of them may have none.
        let mut sums = manifests.iter().flatten().map(|manifest| Reconciliation::of(&manifest.counts));
        if let Some(broken) = sums.find(|sums| !sums.holds) {
            let broken: Vec<String> = broken.broken().map(|equation| equation.name.clone()).collect();
            return Err(RunError::Unreconciled(broken.join("; ")));
        }
        let inputs = match &manifests {
            Some(manifests) => manifests.iter().flat_map(|manifest| manifest.inputs.iter().cloned()).collect(),
            None => parts.iter().map(as_input).collect(),
        };
        let editions = editions(rulebook, summary, &mut notes);
        other_files(parts, rulebook, &mut notes);
        let rulesets = manifests.iter().flatten().flat_map(|manifest| manifest.rulesets.iter().cloned()).collect();
        let ruleset = ruleset(rulebook, &editions);
        Ok(Self { counts, records_known: manifests.is_some(), inputs, ruleset, rulesets, editions, notes })
    }
}

/// The orders as a manifest counts them.
fn orders(summary: &Summary) -> Orders {
    let counted = |groups: &[crate::summary::Group]| {
        let some = groups.iter().filter(|group| group.measures.orders > 0);
        some.map(|group| (group.key.clone(), group.measures.orders)).collect()
    };
    Orders {
        total: summary.totals.orders,
        by_determination: counted(&summary.by_determination),
        by_flag: counted(&summary.by_flag),
    }
}

/// A table as the cover lists it, where the export behind it is not known.
fn as_input(part: &Stored) -> manifest::Input {
    manifest::Input {
        file: part.name.clone(),
        role: None,
        bytes: part.bytes,
        blake3: part.blake3.clone(),
        content_blake3: None,
        undecodable: 0,
        dialect: "stored assessments".to_owned(),
        layout: "not known".to_owned(),
        records: 0,
        lines: 0,
    }
}

/// The editions with whose words the reports speak. A ruleset that is not at hand is named, and nothing is quoted of it.
fn editions(rulebook: &Rulebook, summary: &Summary, notes: &mut Vec<String>) -> Editions {
    let at_hand = |name: &str| rulebook.editions().any(|ruleset| ruleset.info.name() == name);
    let unknown: Vec<&(String, u64)> = summary.by_ruleset.iter().filter(|(name, _)| !at_hand(name)).collect();
    if unknown.is_empty() {
        return super::appendix::editions(rulebook);
    }
    let used = |appendix: &Appendix| summary.orders_decided_by(&appendix.name()) > 0;
    let mut known: Vec<Appendix> = rulebook.editions().map(super::appendix).filter(used).collect();
    let mut all: Vec<Appendix> = Vec::new();
    for (name, orders) in unknown {
        notes.push(format!(
            "The ruleset {name}, which decided {}, is not at hand here: its statements and words are not printed.",
            if *orders == 1 { "one of the orders" } else { "some of the orders" }
        ));
        let (id, version) = id_and_version(name);
        all.push(Appendix {
            ruleset_id: id.to_owned(),
            version: version.to_owned(),
            short_title: "a ruleset that is not at hand".to_owned(),
            status: "not known".to_owned(),
            basis: "not known".to_owned(),
            source: Source { title: "a ruleset that is not at hand".to_owned(), ..Source::default() },
            ..Appendix::default()
        });
    }
    all.append(&mut known);
    let newest = all.pop().unwrap_or_default();
    Editions { newest, earlier: all }
}

/// Says where a ruleset has the same name as when an order was decided, and other files.
fn other_files(parts: &[Stored], rulebook: &Rulebook, notes: &mut Vec<String>) {
    let mut said = BTreeSet::new();
    for (name, digest) in parts.iter().flat_map(Stored::rulesets) {
        let other = rulebook.editions().find(|ruleset| ruleset.info.name() == name && ruleset.info.digest != digest);
        if other.is_some() && said.insert(name.clone()) {
            notes.push(format!(
                "The files of the ruleset {name} are not those by which the orders were decided: its statements and \
                 words may have been others."
            ));
        }
    }
}

/// The ruleset that decided; of several that no rulebook holds together, all their names.
fn ruleset(rulebook: &Rulebook, editions: &Editions) -> manifest::Ruleset {
    let names: BTreeSet<String> = editions.all().map(Appendix::name).collect();
    if names == rulebook.editions().map(|ruleset| ruleset.info.name()).collect() {
        return manifest::Ruleset {
            id: rulebook.id().to_owned(),
            version: rulebook.version(),
            digest: rulebook.digest(),
        };
    }
    let at_hand = rulebook.editions().map(edition).find(|each| names.len() == 1 && names.contains(&each.label()));
    at_hand.unwrap_or_else(|| {
        let joined = names.into_iter().collect::<Vec<_>>().join(", ");
        let (id, version) = id_and_version(&joined);
        manifest::Ruleset { id: id.to_owned(), version: version.to_owned(), digest: String::new() }
    })
}

/// The digest of what the report says: that of the run if it says the same.
fn content(parts: &[Stored], rulebook: &Rulebook, previous: Option<&str>) -> String {
    if let [Stored { manifest: Some(manifest), .. }] = parts {
        let same_previous = manifest.options.get(PREVIOUS).map(String::as_str) == previous;
        let same_rules = manifest.ruleset.digest == rulebook.digest();
        if same_previous && same_rules && manifest.program.version == env!("CARGO_PKG_VERSION") {
            return manifest.content_digest.clone();
        }
    }
    let mut hasher = blake3::Hasher::new();
    let mut part = |text: &str| {
        hasher.update(&(text.len() as u64).to_le_bytes());
        hasher.update(text.as_bytes());
    };
    [env!("CARGO_PKG_VERSION"), &rulebook.name(), &rulebook.digest(), previous.unwrap_or_default()]
        .into_iter()
        .chain(parts.iter().flat_map(|each| [each.name.as_str(), each.content()]))
        .for_each(&mut part);
    hasher.finalize().to_hex().to_string()
}
