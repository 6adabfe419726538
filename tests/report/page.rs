//! What the page says, and that it says nothing which the data do not bear.

use ivig_audit::manifest::Counts;
use ivig_audit::rules::{RuleFiles, Ruleset};
use ivig_audit::run::appendix;
use ivig_audit::summary::ROW_BASED;
use ivig_audit::table::Row;

use super::{Outcome, Published, grouped, orders, publish, publish_counted};

/// The part of the page between two texts.
fn between<'page>(page: &'page str, from: &str, to: &str) -> &'page str {
    let rest = page.split_once(from).map_or("", |(_, rest)| rest);
    rest.split_once(to).map_or("", |(part, _)| part)
}

fn json(published: &Published) -> Result<serde_json::Value, serde_json::Error> {
    serde_json::from_str(&published.json)
}

#[test]
fn money_is_the_column_that_knows_the_most_orders() -> Outcome {
    let mut rows = orders::orders(40, false);
    for (row, place) in rows.iter_mut().zip(0..) {
        row.allowed = (place < 5).then_some(10_000);
        row.paid = (place < 30).then_some(20_000);
        row.billed = (place < 30).then_some(30_000);
    }
    let published = publish(&rows)?;
    assert_eq!(published.summary.money_column, Some("paid"), "on a tie the first of the widest");
    assert_eq!(published.summary.totals.orders_with_money, 30);
    assert_eq!(json(&published)?["money_orders"], 30);
    assert_eq!(json(&published)?["money_column"], "paid");
    assert!(published.html.contains("for how many orders the amount is known is withheld"), "10 know none");
    let mut more = orders::orders(60, false);
    more.iter_mut().take(40).for_each(|row| row.paid = Some(20_000));
    assert!(publish(&more)?.html.contains("paid amount (amount known for 40 of 60 orders)"));
    for row in &mut rows {
        row.allowed = Some(10_000);
    }
    assert_eq!(publish(&rows)?.summary.money_column, Some("allowed"));
    Ok(())
}

#[test]
fn a_group_without_any_amount_says_so_only_where_the_export_has_amounts() -> Outcome {
    let mut rows = orders::orders(6_211, true);
    let flagged = rows.iter_mut().filter(|row| row.flag == "flagged");
    flagged.for_each(|row| (row.allowed, row.billed, row.grams) = (None, None, Some(1_000)));
    let published = publish(&rows)?;
    let line = between(between(&published.html, "<caption>By flag", "</table>"), "flag flagged", "</tr>");
    assert!(line.contains(">no amount<") && !line.contains("not in the export"), "{line}");
    let without = publish(&orders::orders(211, false))?.html;
    assert!(!without.contains(">no amount<") && without.contains(">not in the export<"));
    assert!(!without.contains("amount known for"));
    Ok(())
}

#[test]
fn certainty_is_said_of_orders_with_a_guideline_row_only() -> Outcome {
    let rows = orders::orders(12_211, true);
    let published = publish(&rows)?;
    let with_row = |row: &&Row| ROW_BASED.contains(&row.determination.as_str());
    for group in &published.summary.by_certainty_of_rows {
        let counted = rows.iter().filter(with_row).filter(|row| row.certainty == group.key).count();
        assert_eq!(group.measures.orders, counted as u64, "{}", group.key);
    }
    let all: u64 = published.summary.by_certainty.iter().map(|group| group.measures.orders).sum();
    assert_eq!(all, 12_211, "summary.json still sums over all orders");
    let caption = between(&published.html, "<caption>By certainty", "</caption>");
    let orders = rows.iter().filter(with_row).count();
    assert!(orders < rows.len());
    assert_eq!(published.summary.of_rows.orders, orders as u64);
    // Rows of few orders may withhold the sum: then, and only then, the caption says so.
    let json: serde_json::Value = serde_json::from_str(&published.json)?;
    let is_withheld = json["figures"]["of_rows"]["withheld"].as_bool().ok_or("the figure")?;
    let number = if is_withheld { "withheld".to_owned() } else { grouped(i128::try_from(orders)?) };
    assert!(caption.contains(&format!("of the {number} orders")), "{number}: {caption}");
    assert!(published.html.contains("Presumed (broad or proxy code, combination, or a declared default)"));
    Ok(())
}

#[test]
fn a_group_of_findings_without_a_guideline_row_quotes_nothing() -> Outcome {
    let mut rows = orders::orders(60, true);
    for row in &mut rows {
        (row.determination, row.flag, row.guideline_rows) = ("no_diagnosis".into(), "review".into(), vec![]);
    }
    let page = publish(&rows)?.html;
    let findings = between(&page, "id=\"findings\"", "</table>");
    assert!(findings.contains("No usable diagnosis") && findings.contains("No row of the statement applies."));
    assert!(!findings.contains("<blockquote>") && findings.contains("data-figure=\"findings/review/"));
    Ok(())
}

#[test]
fn what_would_change_a_finding_is_what_to_ask_for() -> Outcome {
    let mut rows = orders::orders(211, true);
    rows.iter_mut().filter(|row| row.flag != "clear").for_each(|row| row.would_change = vec!["isotype".to_owned()]);
    let page = publish(&rows)?.html;
    let findings = between(&page, "id=\"findings\"", "</table>");
    assert!(findings.contains("<li>an immunofixation that names the isotype</li>"));
    assert!(!findings.contains("<li>isotype</li>"));
    Ok(())
}

#[test]
fn the_appendix_gives_an_indication_once_with_its_codes_above_its_rows() -> Outcome {
    let page = publish(&orders::orders(12, true))?.html;
    let appendix = page.split_once("id=\"appendix\"").ok_or("an appendix")?.1;
    for codes in ["codes of mg", "codes of gbs", "codes of cidp"] {
        assert_eq!(appendix.matches(&format!("exact: {codes}<")).count(), 1, "{codes}");
    }
    let group = between(appendix, "exact: codes of mg<", "</tbody>");
    assert!(group.contains(">mg-exacerbation<") && group.contains(">mg-stable<") && !group.contains(">lems<"));
    assert!(page.contains("2023. PMID") && !page.contains("2023.. PMID"));
    Ok(())
}

#[test]
fn every_warning_that_the_program_knows_has_its_words() -> Outcome {
    let sources = [include_str!("../../src/assess/warning.rs"), include_str!("../../src/order.rs")];
    let arms = sources.iter().flat_map(|source| source.lines()).filter(|line| line.trim().starts_with("Self::"));
    let ids = arms.filter_map(|line| line.split_once("=> \"")?.1.split('"').next());
    let ids: Vec<String> = ids.map(str::to_owned).collect();
    assert!(ids.len() > 25 && ids.contains(&"bare-quote".to_owned()) && ids.contains(&"review-note".to_owned()));
    let mut rows = orders::orders(1, true);
    rows[0].warnings = [ids.clone(), vec!["never-heard-of".to_owned()]].concat();
    let page = publish(&rows)?.html;
    let effect = |id: &str| between(&page, &format!("<span class=\"ids\">{id}</span>"), "</tr>").to_owned();
    let undescribed = "not described in this edition";
    assert!(effect("never-heard-of").contains(undescribed));
    for id in ids {
        let effect = effect(&id);
        assert!(
            !effect.is_empty() && !effect.contains(undescribed),
            "{id} has no words in src/report/words/warning.rs"
        );
    }
    Ok(())
}

#[test]
fn lines_of_which_the_product_is_not_known_are_named() -> Outcome {
    let rows = orders::orders(60, true);
    let page = publish(&rows)?.html;
    assert!(page.contains("Lines whose product could not be identified: 7 of "));
    assert!(page.contains("−7 could not be identified: no product code"));
    let mut counts = orders::counts(&rows);
    counts.records.out_of_scope.remove("no-product");
    assert!(!publish_counted(&rows, counts)?.html.contains("Lines whose product"));
    Ok(())
}

#[test]
fn nothing_is_claimed_of_an_export_without_orders_or_records() -> Outcome {
    let page = publish(&[])?.html;
    assert!(page.contains("The export holds no order in scope"));
    let page = publish_counted(&[], Counts::default())?.html;
    assert!(page.contains("The export holds no order in scope") && page.contains("No record was read"));
    assert!(!page.to_lowercase().contains("every record could be read"));
    let total = between(&page, "All orders", "</tr>");
    assert!(total.contains(">–<"), "money of no order is not zero: {total}");
    Ok(())
}

#[test]
fn every_fact_of_a_shipped_ruleset_says_what_to_ask_for_and_every_cap_has_its_line() -> Outcome {
    for id in RuleFiles::builtin().ruleset_ids() {
        let ruleset = Ruleset::builtin(&id)?;
        let appendix = appendix(&ruleset);
        assert!(appendix.facts.contains_key("diagnosis"));
        assert!(appendix.facts.values().all(|fact| !fact.ask.is_empty() && !fact.label.is_empty()), "{id}");
        assert!(appendix.rows.iter().all(|row| appendix.indications.contains_key(&row.indication)), "{id}");
        assert_eq!(appendix.open_questions.len(), ruleset.open_questions.len(), "{id}");
        for ((question, text), line) in ruleset.open_questions.iter().zip(&appendix.open_questions) {
            assert_eq!(line, &format!("{question}: {text}"));
        }
        assert_eq!(appendix.policy.iter().filter(|line| line.contains(" is at most ")).count(), 4);
    }
    Ok(())
}
