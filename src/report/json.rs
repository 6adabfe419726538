//! `summary.json`: every total of the report, for programs.
//!
//! Figures are exact. Decimals are texts, so that no reader turns a cent into
//! a binary fraction; what the export does not hold is null.

mod course;
mod decisions;
mod duplicates;
mod money;
mod months;
mod prescribers;
mod sensitivity;

use std::collections::BTreeMap;

use serde::Serialize;

use self::course::Course;
use self::decisions::Decisions;
use self::duplicates::Duplicates;
use self::money::{AllAmounts, Ledger, Products};
use self::months::Months;
use self::prescribers::Peers;
use self::sensitivity::{ReadOtherwise, read_otherwise};
use super::catalogue;
use super::changes::ChangeFigures;
use super::disclosure::{Disclosure, Figure, Shown};
use super::facts::{Appendix, Results};
use super::waterfall::{self, Step};
use crate::summary::{Crossing, Group, Measures, OpenCode, OpenGroup, RowGroup, Summary, TopFinding};
use crate::table::decimal::{MONEY_PLACES, UNIT_PLACES, plain};

/// The version of the shape of `summary.json`.
pub const SCHEMA_VERSION: u32 = 1;

/// The text of `summary.json`, indented, with a newline at the end; of each figure of the page whether it may be told.
///
/// # Errors
/// Only if serialisation itself fails, which plain data does not.
pub fn render(results: &Results<'_>, told: &Disclosure) -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(&document(results, told)).map(|text| text + "\n")
}

#[derive(Serialize)]
struct Document<'run> {
    schema_version: u32,
    note: &'static str,
    content_digest: &'run str,
    program_version: &'run str,
    ruleset: String,
    ruleset_digest: &'run str,
    rulesets: Vec<Edition<'run>>,
    code_facts_until: &'run str,
    service_dates: Option<[String; 2]>,
    money_column: Option<&'static str>,
    money_orders: u64,
    records: Records<'run>,
    totals: Figures,
    orders_without_patient_id: u64,
    orders_without_service_date: u64,
    by_determination: BTreeMap<&'run str, Figures>,
    by_flag: BTreeMap<&'run str, Figures>,
    by_certainty: BTreeMap<&'run str, Figures>,
    by_line_status: BTreeMap<&'run str, Figures>,
    orders_without_line_status: u64,
    by_determination_and_flag: Vec<Crossed<'run>>,
    by_guideline_row: Vec<RowFigures<'run>>,
    not_settled_by_wanting: Vec<Wanting<'run>>,
    not_settled: Vec<NotSettled<'run>>,
    not_settled_by_code: Vec<OpenByCode<'run>>,
    waterfall: Vec<StepFigures>,
    warnings: BTreeMap<&'run str, u64>,
    duplicates: Duplicates<'run>,
    prescribers: Peers<'run>,
    sites: Peers<'run>,
    sensitivity: Vec<ReadOtherwise<'run>>,
    course: Course<'run>,
    top_findings: Vec<Finding<'run>>,
    months: Months<'run>,
    /// The payer's own; null if the export carries none.
    decisions: Option<Decisions<'run>>,
    products: Products<'run>,
    amounts: AllAmounts<'run>,
    ledger: Ledger,
    #[serde(skip_serializing_if = "Option::is_none")]
    change_against_previous: Option<Previous<'run>>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    notes: &'run [String],
    /// Every figure of the page by its id, exactly, and whether the page withholds it.
    figures: BTreeMap<String, OnPage>,
}

#[derive(Serialize)]
struct Previous<'run> {
    content_digest: &'run str,
    #[serde(flatten)]
    changes: ChangeFigures<'run>,
}

#[derive(Serialize)]
struct Edition<'run> {
    ruleset: String,
    digest: &'run str,
    in_force_from: &'run str,
    orders: u64,
}

#[derive(Serialize)]
struct Records<'run> {
    read: u64,
    in_scope: u64,
    out_of_scope: &'run BTreeMap<String, u64>,
    rejected: &'run BTreeMap<String, u64>,
}

#[derive(Serialize)]
struct Figures {
    patients: u64,
    orders: u64,
    grams: Option<String>,
    orders_with_grams: u64,
    money: Option<String>,
    orders_with_money: u64,
}

#[derive(Serialize)]
struct OnPage {
    #[serde(flatten)]
    figures: Figures,
    withheld: bool,
}

#[derive(Serialize)]
struct Crossed<'run> {
    determination: &'run str,
    flag: &'run str,
    #[serde(flatten)]
    figures: Figures,
}

#[derive(Serialize)]
struct RowFigures<'run> {
    guideline_rows: &'run str,
    /// Null where no row is certain: such orders are not told apart by edition.
    ruleset: Option<&'run str>,
    determination: &'run str,
    #[serde(flatten)]
    figures: Figures,
    orders_by_flag: BTreeMap<&'run str, u64>,
}

#[derive(Serialize)]
struct Wanting<'run> {
    wanting: &'run str,
    #[serde(flatten)]
    figures: Figures,
}

#[derive(Serialize)]
struct NotSettled<'run> {
    wanting: &'run str,
    open: &'run [String],
    indication: &'run str,
    #[serde(flatten)]
    figures: Figures,
}

#[derive(Serialize)]
struct OpenByCode<'run> {
    indication: &'run str,
    code: &'run str,
    title: &'run str,
    #[serde(flatten)]
    figures: Figures,
}

#[derive(Serialize)]
struct StepFigures {
    step: &'static str,
    unit: &'static str,
    leaves: BTreeMap<String, u64>,
    remains: u64,
}

#[derive(Serialize)]
struct Finding<'run> {
    source_file: &'run str,
    record: u64,
    flag: &'run str,
    guideline_rows: &'run [String],
    determination: &'run str,
    open: &'run [String],
    indication: &'run str,
    certainty: &'run str,
    would_change: &'run [String],
    ruleset: &'run str,
}

fn document<'run>(results: &Results<'run>, told: &Disclosure) -> Document<'run> {
    let summary = results.summary;
    let records = &results.counts.records;
    Document {
        schema_version: SCHEMA_VERSION,
        note: "Flags are prompts for a clinician's review, not a determination of coverage. \
               Counts are exact: do not publish patient counts of 1 to 10.",
        content_digest: results.content_digest,
        program_version: &results.program.version,
        ruleset: results.ruleset.label(),
        ruleset_digest: &results.ruleset.digest,
        rulesets: results.editions.all().map(|edition| decided_by(edition, summary)).collect(),
        code_facts_until: &results.editions.newest.code_facts.1,
        service_dates: summary.period.map(|(first, last)| [first.to_string(), last.to_string()]),
        money_column: summary.money_column,
        money_orders: summary.totals.orders_with_money,
        records: Records {
            read: records.read,
            in_scope: records.in_scope,
            out_of_scope: &records.out_of_scope,
            rejected: &records.rejected,
        },
        totals: figures(&summary.totals),
        orders_without_patient_id: summary.orders_without_patient,
        orders_without_service_date: summary.orders_without_date,
        by_determination: keyed(&summary.by_determination),
        by_flag: keyed(&summary.by_flag),
        by_certainty: keyed(&summary.by_certainty),
        by_line_status: keyed(summary.by_line_status.iter().filter(|group| !group.key.is_empty())),
        orders_without_line_status: summary.orders_without_line_status(),
        by_determination_and_flag: summary.by_determination_and_flag.iter().map(crossed).collect(),
        by_guideline_row: summary.by_row.iter().map(row_figures).collect(),
        not_settled_by_wanting: summary
            .by_wanting
            .iter()
            .map(|group| Wanting { wanting: &group.key, figures: figures(&group.measures) })
            .collect(),
        not_settled: summary.not_settled.iter().map(open).collect(),
        not_settled_by_code: summary.open_by_code.iter().map(by_code).collect(),
        waterfall: waterfall::steps(results).into_iter().map(step).collect(),
        warnings: summary.warnings.iter().map(|(code, orders)| (code.as_str(), *orders)).collect(),
        duplicates: Duplicates::of(&summary.duplicates),
        prescribers: Peers::of(&summary.prescribers),
        sites: Peers::of(&summary.sites),
        sensitivity: summary.sensitivity.variants.iter().map(read_otherwise).collect(),
        course: Course::of(&summary.course),
        top_findings: summary.top_findings.iter().map(finding).collect(),
        months: Months::of(&summary.months),
        decisions: Decisions::of(summary),
        products: Products::of(summary),
        amounts: AllAmounts::of(summary),
        ledger: Ledger::of(summary),
        change_against_previous: results
            .previous
            .map(|previous| Previous { content_digest: previous.digest, changes: ChangeFigures::of(previous.changes) }),
        notes: results.notes,
        figures: catalogue::all(results).into_iter().map(|figure| on_page(figure, told)).collect(),
    }
}

fn on_page(figure: Figure, told: &Disclosure) -> (String, OnPage) {
    let withheld = told.shown(&figure.id) == Shown::Withheld;
    (figure.id, OnPage { figures: figures(&figure.measures), withheld })
}

fn figures(measures: &Measures) -> Figures {
    Figures {
        patients: measures.patients,
        orders: measures.orders,
        grams: measures.grams.map(|minor| plain(minor, UNIT_PLACES)),
        orders_with_grams: measures.orders_with_grams,
        money: measures.money.map(|minor| plain(minor, MONEY_PLACES)),
        orders_with_money: measures.orders_with_money,
    }
}

fn decided_by<'run>(edition: &'run Appendix, summary: &Summary) -> Edition<'run> {
    Edition {
        ruleset: edition.name(),
        digest: &edition.digest,
        in_force_from: &edition.in_force_from,
        orders: summary.orders_decided_by(&edition.name()),
    }
}

fn keyed<'run>(groups: impl IntoIterator<Item = &'run Group>) -> BTreeMap<&'run str, Figures> {
    groups.into_iter().map(|group| (group.key.as_str(), figures(&group.measures))).collect()
}

fn crossed(crossing: &Crossing) -> Crossed<'_> {
    Crossed { determination: &crossing.determination, flag: &crossing.flag, figures: figures(&crossing.measures) }
}

fn row_figures(row: &RowGroup) -> RowFigures<'_> {
    RowFigures {
        guideline_rows: &row.key,
        ruleset: (!row.ruleset.is_empty()).then_some(row.ruleset.as_str()),
        determination: &row.determination,
        figures: figures(&row.measures),
        orders_by_flag: row.by_flag.iter().map(|group| (group.key.as_str(), group.measures.orders)).collect(),
    }
}

fn open(group: &OpenGroup) -> NotSettled<'_> {
    NotSettled {
        wanting: &group.wanting,
        open: &group.open,
        indication: &group.indication,
        figures: figures(&group.measures),
    }
}

fn by_code(each: &OpenCode) -> OpenByCode<'_> {
    let (indication, code, title) = (&each.indication, &each.code, &each.title);
    OpenByCode { indication, code, title, figures: figures(&each.measures) }
}

fn step(step: Step) -> StepFigures {
    let Step { id, unit, leaves, remains, .. } = step;
    StepFigures { step: id, unit, leaves: leaves.into_iter().collect(), remains }
}

fn finding(finding: &TopFinding) -> Finding<'_> {
    Finding {
        source_file: &finding.source_file,
        record: finding.record,
        flag: &finding.flag,
        guideline_rows: &finding.rows,
        determination: &finding.determination,
        open: &finding.open,
        indication: &finding.indication,
        certainty: &finding.certainty,
        would_change: &finding.would_change,
        ruleset: &finding.ruleset,
    }
}
