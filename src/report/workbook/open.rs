//! The orders that the export does not settle, and what would settle them.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::Book;
use super::page::{Page, denominators, measures, text_of, wrapped};
use crate::report::facts::Results;
use crate::report::words;

pub(super) fn page(book: &mut Book, results: &Results<'_>) -> Result<Worksheet, XlsxError> {
    let (summary, editions) = (results.summary, results.editions);
    let fact = |id: &str| match id {
        "" => "more than one fact".to_owned(),
        id => editions.fact(id).to_owned(),
    };
    let ask = |id: &str| {
        let known = editions.all().find(|edition| edition.facts.contains_key(id));
        known.map_or_else(String::new, |edition| edition.ask(id).to_owned())
    };
    let about = |id: &str| match id {
        "" => "several".to_owned(),
        id => editions.indication(id).to_owned(),
    };
    let mut page = Page::new(book, "Not settled", &[40.0, 50.0, 40.0, 40.0, 12.0, 12.0, 14.0, 18.0])?;
    page.title("What the export does not settle")?;
    page.section("By the fact that is wanting")?;
    page.heads(["Wanting", "What to ask for", "", ""].into_iter().chain(denominators(summary)))?;
    for group in &summary.by_wanting {
        let names = [text_of(fact(&group.key)), wrapped(ask(&group.key)), text_of(""), text_of("")];
        page.line(names.into_iter().chain(measures(&group.measures)))?;
    }
    page.section("By what is open")?;
    let heads = ["Wanting", "What to ask for", "Indication", "Possible answers"];
    page.heads(heads.into_iter().chain(denominators(summary)))?;
    for group in &summary.not_settled {
        let answers: Vec<String> = group.open.iter().map(|answer| words::determination(answer)).collect();
        let names = [
            text_of(fact(&group.wanting)),
            wrapped(ask(&group.wanting)),
            text_of(about(&group.indication)),
            text_of(answers.join(" or ")),
        ];
        page.line(names.into_iter().chain(measures(&group.measures)))?;
    }
    page.section("By code: each order once, under the first of its diagnoses that the rules list for its indication")?;
    let heads = ["Code", "Title", "Indication", ""];
    page.heads(heads.into_iter().chain(denominators(summary)))?;
    for each in &summary.open_by_code {
        let (code, title) = match each.code.as_str() {
            "" => ("none", "the text alone brings it up"),
            code => (code, each.title.as_str()),
        };
        let names = [text_of(code), wrapped(title), text_of(about(&each.indication)), text_of("")];
        page.line(names.into_iter().chain(measures(&each.measures)))?;
    }
    Ok(page.finish())
}
