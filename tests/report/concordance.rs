//! The payer's decisions and the months, of orders that can be counted by hand.

use chrono::{Datelike, Months, NaiveDate};
use ivig_audit::summary::{MONTHS, OTHER_MONTHS};
use ivig_audit::table::Row;

use super::{Outcome, orders, publish};

/// So many orders, each of another patient, with a decision and a row that says so.
fn decided(number: usize, decision: Option<&str>, determination: &str, row: &str) -> Vec<Row> {
    let flag = if matches!(determination, "recommended" | "consider") { "clear" } else { "flagged" };
    let order = |at: usize| Row {
        source_file: "claims.csv".to_owned(),
        order_id: Some(format!("{determination}-{decision:?}-{at}")),
        patient_id: Some(format!("{determination}-{decision:?}-{at}")),
        service_date: NaiveDate::from_ymd_opt(2024, 5, 1),
        grams: Some(30_000),
        allowed: Some(100_000),
        guideline_rows: vec![row.to_owned()],
        determination: determination.to_owned(),
        flag: flag.to_owned(),
        certainty: "stated".to_owned(),
        ruleset: "aanem-2023@1.0.0".to_owned(),
        auth_decision: decision.map(str::to_owned),
        ..Row::default()
    };
    (0..number).map(order).collect()
}

#[test]
fn both_corners_are_counted_and_told_with_equal_weight() -> Outcome {
    let rows = [
        decided(100, Some("approved"), "recommended", "cidp"),
        decided(30, Some("approved"), "not_recommended", "post-polio"),
        decided(20, Some("partial"), "not_recommended", "post-polio"),
        decided(25, Some("denied"), "recommended", "mmn"),
        decided(15, Some("denied"), "not_recommended", "post-polio"),
        decided(40, Some("pended"), "recommended", "cidp"),
        decided(20, None, "recommended", "cidp"),
    ];
    let published = publish(&rows.concat())?;
    let decisions = &published.summary.decisions;
    let corners: Vec<_> =
        decisions.corners.iter().map(|each| (each.corner.id, each.measures.orders, each.rows.len())).collect();
    let expected = [
        ("approved-not-recommended", 50, 1),
        ("approved-insufficient-evidence", 0, 0),
        ("refused-recommended", 25, 1),
        ("refused-consider", 0, 0),
    ];
    assert_eq!(corners, expected);
    assert_eq!((decisions.agreeing.orders, decisions.compared.orders), (115, 190));
    for told in [
        "50 orders (26.3 % of those compared) were approved by the payer, in full or in part, for a use that the statement does not recommend.",
        "25 orders (13.2 % of those compared) were denied by the payer for a use that the statement recommends.",
        "Agreement: 60.5 % (115 of 190 orders).",
    ] {
        assert!(published.html.contains(told), "{told}");
    }
    let json: serde_json::Value = serde_json::from_str(&published.json)?;
    assert_eq!(json["decisions"]["corners"][2]["by_guideline_row"][0]["guideline_rows"], "mmn");
    assert_eq!(json["figures"]["by_decision/denied/recommended"]["orders"], 25);
    Ok(())
}

#[test]
fn a_small_corner_is_withheld_and_with_it_what_would_tell_it() -> Outcome {
    let rows = [
        decided(100, Some("approved"), "recommended", "cidp"),
        decided(30, Some("approved"), "not_recommended", "post-polio"),
        decided(7, Some("denied"), "recommended", "mmn"),
        decided(90, Some("denied"), "not_recommended", "post-polio"),
    ];
    let published = publish(&rows.concat())?;
    assert!(published.html.contains("Denied by the payer though recommended: withheld."));
    assert!(!published.html.contains("by_decision/denied/recommended\">7<"));
    assert!(!published.html.contains("by_decision/denied/not_recommended\">90<"), "or the line would tell the rest");
    Ok(())
}

#[test]
fn an_export_without_decisions_says_so() -> Outcome {
    let published = publish(&orders::orders(211, true))?;
    assert!(published.html.contains("carries no decisions of a payer"));
    let json: serde_json::Value = serde_json::from_str(&published.json)?;
    assert!(json["decisions"].is_null());
    Ok(())
}

/// Orders of consecutive months from July 2022, of which as many as asked for are flagged and the others clear.
fn monthly(flagged: &[usize], clear: usize) -> Vec<Row> {
    let first = NaiveDate::from_ymd_opt(2022, 7, 9).expect("a date");
    let of_month = |(at, flagged): (usize, &usize)| {
        let day = first + Months::new(u32::try_from(at).expect("small"));
        let rows =
            [decided(*flagged, None, "not_recommended", "post-polio"), decided(clear, None, "recommended", "cidp")];
        let dated = move |row: Row| Row { service_date: Some(day), ..row };
        rows.concat().into_iter().map(dated).collect::<Vec<_>>()
    };
    flagged.iter().enumerate().flat_map(of_month).collect()
}

#[test]
fn a_run_on_one_side_of_the_median_is_named_and_the_statement_is_marked() -> Outcome {
    let flagged = [20, 21, 20, 22, 20, 21, 20, 23, 20, 40, 41, 42, 40, 44, 40, 41, 42, 40];
    let published = publish(&monthly(&flagged, 60))?;
    let months = &published.summary.months;
    assert_eq!(months.listed.len(), 18);
    assert_eq!((months.listed[0].month.as_str(), months.listed[0].findings.orders), ("2022-07", 20));
    assert!(published.html.contains("From 2022-07 to 2023-03, 9 months in a row lie below the median."));
    assert!(published.html.contains("From 2023-04 to 2023-12, 9 months in a row lie above the median."));
    assert!(published.html.contains("▼ AANEM 2023 published"));
    assert_eq!(published.html.matches("<circle class=\"point\"").count(), 18);
    Ok(())
}

#[test]
fn months_that_cannot_be_are_one_line_and_orders_without_a_date_another() -> Outcome {
    let mut rows = monthly(&[12; MONTHS], 12);
    let mut odd = decided(5, None, "recommended", "cidp");
    for (row, year) in odd.iter_mut().zip([1726, 1826, 2144, 2944]) {
        row.service_date = row.service_date.and_then(|day| day.with_year(year));
    }
    odd[4].service_date = None;
    rows.extend(odd);
    let published = publish(&rows)?;
    let months = &published.summary.months;
    assert_eq!((months.listed.len(), months.others), (MONTHS, 4));
    assert_eq!(
        months.other.as_ref().map(|other| (other.month.as_str(), other.measures.orders)),
        Some((OTHER_MONTHS, 4))
    );
    assert_eq!(months.undated.as_ref().map(|undated| undated.measures.orders), Some(1));
    assert!(published.html.contains("4 others are one line"));
    Ok(())
}

#[test]
fn a_month_of_few_orders_is_withheld_and_not_drawn() -> Outcome {
    let published = publish(&monthly(&[20, 3, 20, 25], 60))?;
    // And one more with it, or all flagged orders would tell its number.
    assert_eq!(published.html.matches("<circle class=\"point\"").count(), 2);
    assert!(!published.html.contains("data-figure=\"by_month/2022-08/flagged\">3<"));
    Ok(())
}
