//! The ledger, products and amounts, of lines that can be counted by hand.

use chrono::NaiveDate;
use ivig_audit::summary::{Ledger, Summary};
use ivig_audit::table::Row;

use super::{Outcome, publish};

/// A line of a claim with its paid amount in whole units, and grams as many as that.
fn line(claim: &str, day: u32, paid: i64, status: &str) -> Row {
    Row {
        source_file: "claims.csv".to_owned(),
        claim_id: Some(claim.to_owned()),
        order_id: Some(format!("{claim}-{day}-{status}-{paid}")),
        patient_id: Some(format!("patient of {claim}")),
        service_date: NaiveDate::from_ymd_opt(2024, 3, day),
        product: Some("one".to_owned()),
        product_code: Some("J1569".to_owned()),
        units: Some(paid.signum() * 80_000),
        grams: Some(paid.signum() * 40_000),
        billed: Some(paid * 200),
        paid: Some(paid * 100),
        determination: "recommended".to_owned(),
        flag: "clear".to_owned(),
        certainty: "stated".to_owned(),
        guideline_rows: vec!["cidp".to_owned()],
        ruleset: "aanem-2023@1.0.0".to_owned(),
        line_status: (!status.is_empty()).then(|| status.to_owned()),
        ..Row::default()
    }
}

/// Orders and paid amount in whole units that leave at each step, then those that stay.
fn steps(ledger: &Ledger) -> Vec<(u64, i128)> {
    let all = ledger.steps.iter().map(|step| step.out).chain([ledger.net]);
    all.map(|each| (each.measures.orders, each.charges.paid.unwrap_or(0) / 100)).collect()
}

fn ledger(rows: &[Row]) -> Result<Ledger, Box<dyn std::error::Error>> {
    Ok(publish(rows)?.summary.ledger)
}

#[test]
fn a_reversal_takes_itself_and_its_original_out_whatever_its_sign() -> Outcome {
    for paid in [100, -100] {
        let rows = [line("a", 1, 100, ""), line("b", 1, 100, ""), line("b", 1, paid, "reversed")];
        let found = ledger(&rows)?;
        assert_eq!(steps(&found), [(1, i128::from(paid)), (1, 100), (0, 0), (0, 0), (1, 100)], "{paid}");
        assert_eq!(
            (found.unmatched_reversals, found.net.measures.patients),
            (0, 1),
            "only the patient of a has a line"
        );
        assert_eq!(found.net.measures.grams, Some(40_000));
        assert_eq!(found.gross.measures.patients, 2);
    }
    Ok(())
}

#[test]
fn a_reversal_of_another_size_or_claim_leaves_alone_and_its_amount_below_zero_stays() -> Outcome {
    let rows = [line("a", 1, 100, ""), line("a", 1, -30, "reversed"), line("c", 1, 50, "void")];
    let found = ledger(&rows)?;
    assert_eq!(steps(&found), [(2, 50), (0, 0), (0, 0), (0, 0), (1, 70)]);
    assert_eq!(found.unmatched_reversals, 2);
    Ok(())
}

#[test]
fn a_line_below_zero_takes_back_without_the_word_and_a_replacement_supersedes() -> Outcome {
    let rows = [
        line("a", 1, 100, "paid"),
        line("a", 1, -100, ""),
        line("b", 1, 100, ""),
        line("b", 1, 120, "replacement"),
        line("d", 1, 90, "replacement"),
    ];
    let found = ledger(&rows)?;
    assert_eq!(steps(&found), [(1, -100), (1, 100), (1, 100), (0, 0), (2, 210)]);
    assert_eq!((found.replacements, found.unmatched_replacements), (2, 1));
    Ok(())
}

#[test]
fn without_a_claim_id_the_patient_product_and_day_tell_the_original() -> Outcome {
    let unnamed = |patient: &str, row: Row| Row { claim_id: None, patient_id: Some(patient.to_owned()), ..row };
    let rows = [
        unnamed("p", line("a", 1, 100, "")),
        unnamed("p", line("b", 2, 100, "")),
        unnamed("q", line("c", 2, 100, "")),
        unnamed("p", line("d", 2, -100, "reversed")),
    ];
    let found = ledger(&rows)?;
    assert_eq!(steps(&found), [(1, -100), (1, 100), (0, 0), (0, 0), (2, 200)]);
    assert_eq!(found.net.measures.patients, 2);
    Ok(())
}

#[test]
fn repeated_lines_leave_once_and_do_not_take_part_in_reversals() -> Outcome {
    let later = |row: &Row| Row { source_file: "later.csv".to_owned(), ..row.clone() };
    let (original, reversal, other) = (line("a", 1, 100, ""), line("a", 1, -100, "reversed"), line("b", 1, 70, ""));
    let rows = [original.clone(), reversal.clone(), other.clone(), later(&original), later(&reversal), later(&other)];
    let published = publish(&rows)?;
    let Summary { ledger, duplicates, .. } = &published.summary;
    assert_eq!(steps(ledger), [(1, -100), (1, 100), (0, 0), (3, 70), (1, 70)]);
    assert_eq!(duplicates.orders(), 3);
    assert!(published.html.contains("Gross and net"));
    let json: serde_json::Value = serde_json::from_str(&published.json)?;
    assert_eq!(json["ledger"]["steps"][4]["step"], "net");
    assert_eq!(json["ledger"]["steps"][4]["amounts"]["paid"], "70.00");
    assert_eq!(json["figures"]["ledger/repeated"]["orders"], 3);
    Ok(())
}

#[test]
fn a_line_that_is_reversed_by_one_with_its_own_ids_and_amounts_is_reversed_and_not_repeated() -> Outcome {
    for status in ["reversed", "void"] {
        let original = line("a", 1, 100, "");
        let reversal = Row { line_status: Some(status.to_owned()), ..original.clone() };
        let again = Row { source_file: "later.csv".to_owned(), ..reversal.clone() };
        let found = publish(&[original, reversal, line("b", 1, 70, ""), again])?.summary;
        assert_eq!(steps(&found.ledger), [(1, 100), (1, 100), (0, 0), (1, 100), (1, 70)], "{status}");
        assert_eq!(found.duplicates.orders(), 1, "a reversal that is listed twice");
    }
    Ok(())
}

#[test]
fn lines_with_neither_claim_nor_patient_leave_once_and_are_told_by_their_order() -> Outcome {
    let unnamed = |order: &str, paid: i64, status: &str| Row {
        claim_id: None,
        patient_id: None,
        order_id: (!order.is_empty()).then(|| order.to_owned()),
        ..line("a", 1, paid, status)
    };
    let rows = [
        unnamed("o", 100, ""),
        unnamed("o", -100, "reversed"),
        unnamed("o", -100, "reversed"),
        unnamed("", -50, "void"),
        unnamed("", 50, ""),
        unnamed("x", 100, ""),
    ];
    let found = ledger(&rows)?;
    assert_eq!(steps(&found), [(2, -100), (1, 100), (0, 0), (1, -100), (2, 100)]);
    assert_eq!(found.unmatched_reversals, 1, "that without any id");
    Ok(())
}

#[test]
fn an_export_without_such_lines_is_net_as_it_is() -> Outcome {
    let published = publish(&[line("a", 1, 100, ""), line("b", 1, 100, "paid")])?;
    assert_eq!(published.summary.ledger.net.measures, published.summary.totals);
    assert!(published.html.contains("gross is net"));
    Ok(())
}

#[test]
fn what_is_discarded_stands_apart_by_product_and_code_and_the_amounts_side_by_side() -> Outcome {
    let of = |claim: String, code: &str, wasted: bool| Row {
        product_code: Some(code.to_owned()),
        wasted: wasted.then(|| "yes".to_owned()),
        modifier: Some(if wasted { "JW" } else { "JZ" }.to_owned()),
        ..line(&claim, 1, 100, "")
    };
    let mut rows: Vec<Row> = (0..20).map(|at| of(format!("a{at}"), "J1569", false)).collect();
    rows.extend((0..12).map(|at| of(format!("w{at}"), "J1569", true)));
    rows.extend((0..11).map(|at| of(format!("b{at}"), "J1459", false)));
    let published = publish(&rows)?;
    let products = &published.summary.products;
    let found: Vec<_> = products
        .listed
        .iter()
        .map(|each| (each.code.as_str(), each.given.measures.orders, each.wasted.measures.orders))
        .collect();
    assert_eq!(found, [("J1569", 20, 12), ("J1459", 11, 0)]);
    assert_eq!(products.listed[0].wasted.charges.units, Some(12 * 80_000));
    assert_eq!(products.all.wasted.measures.grams, Some(12 * 40_000));
    assert_eq!(products.orders_with_modifier, 43);
    let charges = published.summary.charges;
    assert_eq!((charges.billed, charges.allowed, charges.paid), (Some(43 * 20_000), None, Some(43 * 10_000)));
    let row = published.html.split("J1459</td>").nth(1).ok_or("the product is listed")?;
    let cells: Vec<&str> = row.split("</td>").take(7).filter_map(|cell| cell.rsplit('>').next()).collect();
    assert_eq!(cells, ["11", "11", "880", "440", "0", "0", "0"]);
    let json: serde_json::Value = serde_json::from_str(&published.json)?;
    assert_eq!(json["products"]["listed"][0]["wasted"]["amounts"]["units"], "960.000");
    assert_eq!(json["amounts"]["by_flag"]["clear"]["billed"], "8600.00");
    Ok(())
}

#[test]
fn an_amount_that_few_orders_have_is_printed_nowhere() -> Outcome {
    let mut rows: Vec<Row> = (0..40).map(|at| line(&format!("a{at}"), 1, 100, "")).collect();
    for row in &mut rows[..3] {
        row.allowed = Some(123_400);
    }
    let published = publish(&rows)?;
    assert_eq!(published.summary.charges.allowed, Some(3 * 123_400));
    assert!(!published.html.contains("3,702") && published.html.contains("8,000"));
    Ok(())
}
