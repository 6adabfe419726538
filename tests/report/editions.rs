//! Orders of two editions on one page: what is said of a row is said with its edition.

use ivig_audit::report::facts::{Appendix, Editions, Fact, Indication};
use ivig_audit::table::Row;

use super::{Outcome, Published, balanced, counted, orders, publish_by};

const EARLIER: &str = "aanem-2009@3.0.0";
const NEWEST: &str = "aanem-2023@1.0.0";

/// An earlier edition whose rows have the ids of the newer one and say something else.
fn earlier() -> Appendix {
    let mut edition = orders::appendix();
    (edition.ruleset_id, edition.version) = ("aanem-2009".to_owned(), "3.0.0".to_owned());
    (edition.digest, edition.short_title) = ("0123".to_owned(), "AANEM 2009".to_owned());
    (edition.in_force_from, edition.in_force) = ("2009-11".to_owned(), "2009-11 (a month)".to_owned());
    edition.source.title = "The statement before".into();
    edition.source.citation = "PMID 19768755".into();
    edition.rows.retain(|row| row.id != "post-polio");
    for row in &mut edition.rows {
        row.statement = "Class I evidence exists to support".into();
    }
    let only = Fact { label: "what only the earlier edition asks".to_owned(), ask: "the earlier note".to_owned() };
    edition.facts.insert("only-earlier".to_owned(), only);
    let only = Indication { label: "Earlier only".to_owned(), codes: vec![] };
    edition.indications.insert("only-earlier".to_owned(), only);
    edition
}

fn editions() -> Editions {
    Editions { newest: orders::appendix(), earlier: vec![earlier()] }
}

/// Orders of which every third was decided by the earlier edition.
fn rows() -> Vec<Row> {
    let mut rows = orders::orders(1_211, true);
    for row in rows.iter_mut().filter(|row| row.record % 3 == 0) {
        EARLIER.clone_into(&mut row.ruleset);
    }
    rows
}

fn published() -> Result<Published, Box<dyn std::error::Error>> {
    let rows = rows();
    publish_by(&rows, orders::counts(&rows), &editions())
}

#[test]
fn a_row_of_two_editions_is_two_lines_that_add_up() -> Outcome {
    let (rows, summary) = (rows(), published()?.summary);
    let definite = |row: &Row| {
        ["recommended", "consider", "insufficient_evidence", "not_recommended"].contains(&row.determination.as_str())
    };
    for group in summary.by_row.iter().filter(|group| !group.ruleset.is_empty()) {
        let is_of = |row: &Row| {
            definite(row)
                && row.ruleset == group.ruleset
                && row.determination == group.determination
                && row.guideline_rows.join("|") == group.key
        };
        let (patients, orders, grams, money) = counted(&rows, is_of);
        let found = &group.measures;
        assert_eq!((found.patients, found.orders, found.grams, found.money), (patients, orders, grams, money));
        let by_flag: u64 = group.by_flag.iter().map(|flag| flag.measures.orders).sum();
        assert_eq!(by_flag, orders, "{} {}", group.ruleset, group.key);
    }
    for edition in [EARLIER, NEWEST] {
        assert!(summary.by_row.iter().any(|group| group.key == "mg-stable" && group.ruleset == edition), "{edition}");
        assert_eq!(summary.orders_decided_by(edition), counted(&rows, |row| row.ruleset == edition).1);
    }
    let other: Vec<_> = summary.by_row.iter().filter(|group| group.ruleset.is_empty()).collect();
    assert!(other.iter().all(|group| group.key == group.determination) && other.len() == 4);
    assert_eq!(summary.by_row.iter().map(|group| group.measures.orders).sum::<u64>(), 1_211);
    assert_eq!(summary.orders_decided_by("nosuch@1"), 0);
    Ok(())
}

#[test]
fn the_page_names_the_edition_of_rows_and_findings_and_quotes_it() -> Outcome {
    let published = published()?;
    let page = &published.html;
    balanced(page)?;
    for part in [
        "Myasthenia gravis, stable disease · AANEM 2009<",
        "Myasthenia gravis, stable disease · AANEM 2023<",
        "and “The statement before”, each order by the edition in force on its service date",
        "These rulesets are drafts, which no clinician has signed yet: aanem-2023@1.0.0, aanem-2009@3.0.0.",
        "A. The statement: AANEM 2023 (aanem-2023@1.0.0)",
        "D. The statement: AANEM 2009 (aanem-2009@3.0.0)",
        "G. Limits",
        "H. Glossary",
        "I. What is withheld",
        "J. Changes of the rules",
        "Ruleset aanem-2023@1.0.0, aanem-2009@3.0.0 ·",
    ] {
        assert!(page.contains(part), "`{part}` is not on the page");
    }
    let findings =
        page.split_once("id=\"findings\"").and_then(|(_, rest)| rest.split_once("</table>")).ok_or("findings")?.0;
    let lines: Vec<&str> = findings.split("<tr>").skip(2).collect();
    assert!(lines.len() > 10);
    for line in lines.iter().filter(|line| line.contains("data-figure")) {
        let id = line.split("data-figure=\"").nth(1).and_then(|rest| rest.split('"').next()).ok_or("a figure")?;
        let is_earlier = id.contains(EARLIER);
        let (named, other) = if is_earlier { ("AANEM 2009", "AANEM 2023") } else { ("AANEM 2023", "AANEM 2009") };
        assert!(line.contains(named) && !line.contains(other), "{id}");
        if line.contains("<blockquote>") {
            assert_eq!(line.contains("Class I evidence exists to support"), is_earlier, "{id}");
        }
    }
    assert!(lines.iter().any(|line| line.contains("Class I evidence exists")), "the sample holds one of each");
    Ok(())
}

#[test]
fn the_summary_lists_the_editions_with_the_orders_that_each_decided() -> Outcome {
    let published = published()?;
    let json: serde_json::Value = serde_json::from_str(&published.json)?;
    let listed = json["rulesets"].as_array().ok_or("a list")?;
    assert_eq!(listed.len(), 2);
    assert_eq!((&listed[0]["ruleset"], &listed[0]["in_force_from"]), (&NEWEST.into(), &"2023-07".into()));
    assert_eq!((&listed[1]["ruleset"], &listed[1]["digest"]), (&EARLIER.into(), &"0123".into()));
    let decided: u64 = listed.iter().filter_map(|edition| edition["orders"].as_u64()).sum();
    assert_eq!(decided, 1_211);
    for row in json["by_guideline_row"].as_array().ok_or("rows")? {
        assert_eq!(row["ruleset"].is_null(), row["guideline_rows"] == row["determination"], "{row}");
    }
    assert!(json["top_findings"].as_array().ok_or("findings")?.iter().all(|finding| finding["ruleset"].is_string()));
    Ok(())
}

#[test]
fn a_word_that_only_an_earlier_edition_has_is_that_editions() {
    let editions = editions();
    assert_eq!(editions.fact("only-earlier"), "what only the earlier edition asks");
    assert_eq!(editions.indication("only-earlier"), "Earlier only");
    assert_eq!(editions.fact("isotype"), "the isotype of the paraprotein");
    assert_eq!((editions.fact("nosuch"), editions.indication("nosuch")), ("nosuch", "nosuch"));
    assert_eq!(editions.of_or_newest(EARLIER).ask("only-earlier"), "the earlier note");
    assert_eq!(editions.of_or_newest("nosuch@1").name(), NEWEST);
    assert!(editions.of("nosuch@1").is_none());
}

#[test]
fn with_one_edition_no_row_is_named_with_it() -> Outcome {
    let rows = orders::orders(211, true);
    let page = publish_by(&rows, orders::counts(&rows), &Editions { earlier: vec![], ..editions() })?.html;
    assert!(page.contains("A. The statement<") && page.contains("D. Limits<") && page.contains("E. Glossary<"));
    assert!(page.contains("The ruleset is a draft: no clinician has signed it yet."));
    assert!(!page.contains("· AANEM 2023<") && !page.contains("<dt>Which one</dt>"));
    Ok(())
}
