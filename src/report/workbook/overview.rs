//! The first sheet: what the run is, and its four denominators.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::Book;
use super::page::{Page, count, denominators, measures, text_of};
use crate::report::facts::Results;
use crate::report::{figure, words};
use crate::summary::worklist::Worklist;
use crate::summary::{Group, Summary};

/// Inputs that are listed; all of them stand in the manifest.
const INPUTS: usize = 1_000;

pub(super) fn page(book: &mut Book, results: &Results<'_>, worklist: &Worklist) -> Result<Worksheet, XlsxError> {
    let mut page = Page::new(book, "Summary", &[40.0, 26.0, 14.0, 14.0, 16.0, 18.0])?;
    page.title("Findings for review")?;
    page.sentence("A flag is a prompt for a clinician’s review, not a determination of coverage. A person decides.")?;
    page.sentence(
        "This workbook names patients, orders and prescribers, and nothing is withheld: it is for those who hold the \
         records. The page to pass on is report.html.",
    )?;
    page.section("The run")?;
    run(&mut page, results, worklist)?;
    tables(&mut page, results.summary)?;
    inputs(&mut page, results)?;
    Ok(page.finish())
}

fn run(page: &mut Page<'_>, results: &Results<'_>, worklist: &Worklist) -> Result<(), XlsxError> {
    let (summary, counts) = (results.summary, results.counts);
    let period = summary.period.map_or_else(|| figure::MISSING.to_owned(), |(from, to)| format!("{from} to {to}"));
    page.said("Service dates", &period)?;
    if results.records_known {
        page.line([text_of("Records read"), count(counts.records.read)])?;
        page.line([text_of("Records in scope"), count(counts.records.in_scope)])?;
        page.line([text_of("Records out of scope"), count(counts.records.out_of_scope_total())])?;
        page.line([text_of("Records that could not be read"), count(counts.records.rejected_total())])?;
    }
    page.line([text_of("Orders"), count(summary.totals.orders)])?;
    page.line([text_of("Findings in the worklist"), count(worklist.findings())])?;
    page.line([text_of("Of these, pended or still to come"), count(worklist.urgent())])?;
    if worklist.sorted() < worklist.urgent() {
        page.line([text_of("Of these, sorted by days left; the others follow"), count(worklist.sorted())])?;
    }
    page.said("Days left are counted from", &worklist.as_of().to_string())?;
    for edition in results.editions.all() {
        page.said("Ruleset", &edition.name())?;
        page.said("Its basis", &edition.basis)?;
        page.said("Its status", &edition.status)?;
        page.said("In force from", &edition.in_force)?;
        page.line([text_of("Orders that it decided"), count(summary.orders_decided_by(&edition.name()))])?;
    }
    page.said("Digest of the rules", &results.ruleset.digest)?;
    page.said("Program", &format!("{} {}", results.program.name, results.program.version))?;
    page.said("Content digest of the run", results.content_digest)
}

fn tables(page: &mut Page<'_>, summary: &Summary) -> Result<(), XlsxError> {
    page.section("By determination")?;
    page.heads(["Determination", ""].into_iter().chain(denominators(summary)))?;
    groups(page, &summary.by_determination, words::determination)?;
    page.line([text_of("All orders"), text_of("")].into_iter().chain(measures(&summary.totals)))?;
    page.sentence("A patient counts once on each line, so patients do not add up over lines.")?;
    page.section("By flag")?;
    page.heads(["Flag", ""].into_iter().chain(denominators(summary)))?;
    groups(page, &summary.by_flag, words::flag)?;
    page.section("By determination and flag")?;
    page.heads(["Determination", "Flag"].into_iter().chain(denominators(summary)))?;
    for each in &summary.by_determination_and_flag {
        let names = [text_of(words::determination(&each.determination)), text_of(words::flag(&each.flag))];
        page.line(names.into_iter().chain(measures(&each.measures)))?;
    }
    if summary.money_column.is_some() {
        let (known, all) = (summary.totals.orders_with_money, summary.totals.orders);
        page.sentence(&format!("Amount known for {} of {} orders.", figure::count(known), figure::count(all)))?;
    }
    Ok(())
}

fn groups(page: &mut Page<'_>, groups: &[Group], words: fn(&str) -> String) -> Result<(), XlsxError> {
    for group in groups {
        page.line([text_of(words(&group.key)), text_of("")].into_iter().chain(measures(&group.measures)))?;
    }
    Ok(())
}

fn inputs(page: &mut Page<'_>, results: &Results<'_>) -> Result<(), XlsxError> {
    if results.inputs.is_empty() {
        return Ok(());
    }
    page.section("Sources")?;
    page.heads(["File", "Layout", "Records", "Role", "How it is written", "BLAKE3"])?;
    for input in results.inputs.iter().take(INPUTS) {
        let role = input.role.as_deref().unwrap_or("lines");
        page.line([
            text_of(input.file.as_str()),
            text_of(input.layout.as_str()),
            count(input.records),
            text_of(role),
            text_of(input.dialect.as_str()),
            text_of(input.blake3.as_str()),
        ])?;
    }
    let beyond = results.inputs.len().saturating_sub(INPUTS) as u64;
    if beyond > 0 {
        page.sentence(&format!("and {} more inputs, listed in manifest.json", figure::count(beyond)))?;
    }
    Ok(())
}
