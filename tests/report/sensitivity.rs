//! What the summary and the page say of other readings is what plain counting gives.

use std::collections::BTreeMap;

use ivig_audit::summary::{DETERMINATIONS, READINGS, Reading, Variant};
use ivig_audit::table::Row;

use super::{Outcome, counted, orders, publish};

const OTHER: &str = "aanem-2009@1.0.0";

/// Orders of which each can be read in some other ways, and some cannot.
fn rows(number: u64) -> Vec<Row> {
    let mut rows = orders::orders(number, true);
    for (row, at) in rows.iter_mut().zip(0_usize..) {
        let other = |by: usize| Some(DETERMINATIONS[(at / 3 * by) % DETERMINATIONS.len()].to_owned());
        let same = Some(row.determination.clone());
        row.first_listed = if at % 11 == 0 { None } else { [same.clone(), other(3)][usize::from(at % 4 == 0)].clone() };
        row.pointed = if at % 2 == 0 { None } else { [same.clone(), other(5)][usize::from(at % 5 == 0)].clone() };
        row.other_edition = Some(OTHER.to_owned());
        row.other_edition_determination.clone_from(&[same, other(7)][usize::from(at % 3 == 0)]);
    }
    rows
}

fn answer<'row>(row: &'row Row, reading: &Reading) -> Option<&'row str> {
    match reading {
        Reading::FirstListed => row.first_listed.as_deref(),
        Reading::Pointed => row.pointed.as_deref(),
        Reading::OtherEdition(name) => {
            row.other_edition_determination.as_deref().filter(|_| row.other_edition.as_ref() == Some(name))
        }
    }
}

fn is_counted(rows: &[Row], variant: &Variant) {
    let reading = &variant.reading;
    let is = |what: &str, measures: &ivig_audit::summary::Measures, part: &dyn Fn(&str, &str) -> bool| {
        let wanted = |row: &Row| answer(row, reading).is_some_and(|so| part(&row.determination, so));
        let found = (measures.patients, measures.orders, measures.grams, measures.money);
        assert_eq!(found, counted(rows, wanted), "{reading:?}, {what}");
    };
    is("compared", &variant.compared, &|_, _| true);
    is("same", &variant.same, &|audited, so| audited == so);
    for (at, determination) in DETERMINATIONS.iter().enumerate() {
        let (audited, so) = (&variant.as_audited[at], &variant.read_so[at]);
        assert_eq!((audited.key.as_str(), so.key.as_str()), (*determination, *determination));
        is("as audited", &audited.measures, &|audited, _| audited == *determination);
        is("read so", &so.measures, &|_, so| so == *determination);
    }
    for each in &variant.moves {
        assert_ne!(each.from, each.to);
        is("moves", &each.measures, &|audited, so| audited == each.from && so == each.to);
    }
    let moved: u64 = variant.moves.iter().map(|each| each.measures.orders).sum();
    assert_eq!(moved + variant.same.orders, variant.compared.orders, "{reading:?}");
    assert!(variant.moves.is_sorted_by_key(|each| std::cmp::Reverse(each.measures.orders)));
}

#[test]
fn every_reading_is_what_plain_counting_gives() -> Outcome {
    let rows = rows(811);
    let published = publish(&rows)?;
    let variants = &published.summary.sensitivity.variants;
    let readings: Vec<&Reading> = variants.iter().map(|variant| &variant.reading).collect();
    assert_eq!(readings, [&Reading::FirstListed, &Reading::Pointed, &Reading::OtherEdition(OTHER.to_owned())]);
    for variant in variants {
        is_counted(&rows, variant);
    }
    Ok(())
}

#[test]
fn each_edition_that_orders_are_compared_by_is_a_reading_of_its_own() -> Outcome {
    let mut rows = rows(411);
    for row in rows.iter_mut().step_by(2) {
        row.other_edition = Some("aanem-2023@2.0.0".to_owned());
    }
    let published = publish(&rows)?;
    let variants = &published.summary.sensitivity.variants;
    let editions: Vec<&str> = variants.iter().filter_map(|variant| variant.reading.edition()).collect();
    assert_eq!(editions, [OTHER, "aanem-2023@2.0.0"]);
    for variant in variants {
        is_counted(&rows, variant);
    }
    Ok(())
}

#[test]
fn a_table_without_other_readings_says_so_and_nothing_else() -> Outcome {
    let published = publish(&orders::orders(40, true))?;
    assert!(published.summary.sensitivity.variants.is_empty());
    assert!(published.html.contains("No line points at a diagnosis."));
    assert!(!published.html.contains("Shares in other readings"));
    Ok(())
}

#[test]
fn the_partition_of_readings_holds_every_order_once() -> Outcome {
    let published = publish(&rows(811))?;
    let partition = published.summary.partitions.iter().find(|each| each.name == READINGS).expect("it is there");
    assert!(["determination", "flag"].iter().all(|column| partition.columns.contains(column)));
    let mut cells = partition.cells.clone();
    cells.dedup();
    assert_eq!(cells, partition.cells, "sorted, and each once");
    Ok(())
}

#[test]
fn the_page_prints_what_is_shown_and_the_json_holds_all() -> Outcome {
    let published = publish(&rows(4_000))?;
    let json: serde_json::Value = serde_json::from_str(&published.json)?;
    let figures: BTreeMap<String, serde_json::Value> = serde_json::from_value(json["figures"].clone())?;
    let named: Vec<&str> = published.html.split("data-figure=\"sensitivity/").skip(1).collect();
    assert!(named.len() > 60, "{}", named.len());
    for rest in named {
        let id = format!("sensitivity/{}", rest.split('"').next().unwrap_or_default());
        let figure = figures.get(&id).unwrap_or_else(|| panic!("{id} is in no list of figures"));
        let orders = figure["orders"].as_u64().expect("a number");
        let cell = rest.split_once('>').map_or("", |(_, cell)| cell).split('<').next().unwrap_or_default();
        assert!(cell == "withheld" || cell.replace(',', "") == orders.to_string(), "{id}: {cell} for {orders}");
        assert!(cell == "withheld" || !(1..=10).contains(&orders), "{id}: {orders}");
    }
    let readings = json["sensitivity"].as_array().expect("a list");
    assert_eq!(readings[0]["reading"], "first_listed");
    assert_eq!(readings[2]["edition"], OTHER);
    assert_eq!(readings[2]["compared"]["orders"], 4_000);
    Ok(())
}
