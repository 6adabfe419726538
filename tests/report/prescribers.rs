//! Prescribers and sites are compared over patients, the same for any limits of memory, and nobody is named.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::path::{Path, PathBuf};

use ivig_audit::report::disclosure::Audience;
use ivig_audit::report::pseudonym::{Kind, PseudonymKey};
use ivig_audit::report::{catalogue, html};
use ivig_audit::summary::{Limits, MIN_ORDERS, MIN_PATIENTS, Peers, Position, Summary, summarise, summarise_within};
use ivig_audit::table::Row;
use ivig_audit::table::parquet::ParquetAppender;

use super::{Outcome, orders, publish, results};

const CANARY: &str = "9CANARY";

fn order(prescriber: &str, patient: usize, determination: &str, flag: &str) -> Row {
    Row {
        source_file: "a.csv".to_owned(),
        patient_id: Some(format!("p{patient}")),
        provider_id: (!prescriber.is_empty()).then(|| format!("{CANARY}{prescriber}")),
        facility_id: Some(format!("{CANARY}S{}", prescriber.len())),
        determination: determination.to_owned(),
        flag: flag.to_owned(),
        certainty: "stated".to_owned(),
        ruleset: "aanem-2023@1.0.0".to_owned(),
        grams: Some(30_000),
        allowed: Some(10_000),
        ..Row::default()
    }
}

/// So many patients of a prescriber, with two orders each; one order of the first `flagged` is flagged.
fn practice(name: &str, from: usize, patients: usize, flagged: usize) -> Vec<Row> {
    let orders = |at: usize| {
        let second = if at < flagged { ("not_recommended", "flagged") } else { ("recommended", "clear") };
        [order(name, from + at, "recommended", "clear"), order(name, from + at, second.0, second.1)]
    };
    (0..patients).flat_map(orders).collect()
}

/// Six prescribers, one of them far above the others and one with few patients; orders that are not compared, and orders
/// that name nobody.
fn practices() -> Vec<Row> {
    let mut rows = practice("A", 0, 100, 60);
    rows.extend(practice("B", 1_000, 200, 40));
    rows.extend(practice("C", 2_000, 150, 30));
    rows.extend(practice("D", 3_000, 120, 20));
    rows.extend(practice("E", 4_000, 10, 10));
    rows.extend(practice("F", 5_000, 40, 3));
    rows.extend((0..25).map(|patient| order("A", 6_000 + patient, "other_use", "clear")));
    rows.extend((0..30).map(|patient| order("", 7_000 + patient, "recommended", "clear")));
    // A patient of two prescribers counts with both.
    rows.extend((0..15).map(|patient| order("B", patient, "recommended", "clear")));
    rows.extend((0..12).map(|_| Row { patient_id: None, ..order("D", 0, "indeterminate", "review") }));
    rows
}

fn table(folder: &Path, rows: &[Row]) -> Result<PathBuf, Box<dyn Error>> {
    let path = folder.join("assessments.parquet");
    let mut table = ParquetAppender::new(std::fs::File::create(&path)?)?;
    table.push(rows)?;
    table.finish()?;
    Ok(path)
}

fn summary(rows: &[Row]) -> Result<Summary, Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    Ok(summarise(&table(folder.path(), rows)?)?)
}

/// The plain way to count: patients, patients with a flagged order, orders of each.
fn counted(rows: &[Row]) -> BTreeMap<String, (u64, u64, u64)> {
    let is_compared = |row: &&Row| {
        row.flag == "flagged" || !["other_use", "not_addressed", "no_diagnosis"].contains(&row.determination.as_str())
    };
    let mut found: BTreeMap<String, (BTreeSet<&str>, BTreeSet<&str>, u64)> = BTreeMap::new();
    for row in rows.iter().filter(is_compared) {
        let Some(id) = row.provider_id.as_ref().filter(|id| !id.is_empty()) else { continue };
        let entry = found.entry(id.clone()).or_default();
        entry.2 += 1;
        let Some(patient) = row.patient_id.as_deref() else { continue };
        entry.0.insert(patient);
        if row.flag == "flagged" {
            entry.1.insert(patient);
        }
    }
    found
        .into_iter()
        .map(|(id, (all, flagged, orders))| (id, (all.len() as u64, flagged.len() as u64, orders)))
        .collect()
}

fn holds_what_plain_counting_gives(peers: &Peers, rows: &[Row]) {
    let counted = counted(rows);
    assert_eq!(peers.units, counted.len() as u64);
    let ranked = counted.values().filter(|(patients, _, orders)| *patients >= MIN_PATIENTS && *orders >= MIN_ORDERS);
    assert_eq!(peers.ranked(), ranked.count() as u64);
    let sum = |of: fn(&(u64, u64, u64)) -> u64| counted.values().map(of).sum::<u64>();
    assert_eq!(peers.center, (sum(|each| each.0), sum(|each| each.1)));
    assert_eq!(peers.compared.orders, sum(|each| each.2));
    assert_eq!(peers.positions.iter().sum::<u64>(), peers.ranked());
    for peer in &peers.listed {
        let found = (peer.compared.patients, peer.flagged.patients, peer.compared.orders);
        assert_eq!(found, counted[peer.id.open_for_auditor()], "{}", peer.label);
        assert_eq!(peer.flagged.orders + peer.not_flagged.orders, peer.compared.orders);
        assert_eq!(peer.position, peer.band.position(peer.flagged.patients));
    }
    assert!(peers.listed.windows(2).all(|two| two[0].interval.low >= two[1].interval.low), "by the lower limit");
    assert!(peers.listed.windows(2).all(|two| two[0].rank <= two[1].rank && two[0].number + 1 == two[1].number));
}

#[test]
fn prescribers_are_ranked_by_their_lower_limits_over_patients() -> Outcome {
    let rows = practices();
    let peers = summary(&rows)?.prescribers;
    holds_what_plain_counting_gives(&peers, &rows);
    let ids: Vec<&str> = peers.listed.iter().map(|peer| peer.id.open_for_auditor()).collect();
    assert_eq!(ids[0], format!("{CANARY}A"));
    assert_eq!((ids.len(), peers.too_few), (5, 1), "ten patients of whom all are flagged are not ranked");
    assert_eq!(peers.listed[0].label, "Prescriber 1");
    assert_eq!(peers.listed[0].position, Position::FarAbove);
    // 60 of 100 by Clopper and Pearson: 0.4972 to 0.6967.
    let interval = peers.listed[0].interval;
    assert!(interval.low.abs_diff(497_209) <= 1 && interval.high.abs_diff(696_706) <= 1, "{interval:?}");
    assert_eq!(peers.without_id.orders, 30, "orders without an id are a group of their own");
    assert_eq!(peers.listed[0].compared.orders, 200, "other uses are not compared");
    assert_eq!(peers.others.orders, 20, "who is not ranked is among the others");
    Ok(())
}

#[test]
fn ranges_and_limits_of_memory_change_nothing() -> Outcome {
    // Few rows: the smallest memory reads the table once for almost each patient.
    let mut rows: Vec<Row> = practices().into_iter().step_by(7).collect();
    for (row, at) in rows.iter_mut().zip(0..) {
        row.facility_id = (at % 9 > 0).then(|| format!("{CANARY}S{}", at * at % 17));
    }
    let folder = tempfile::tempdir()?;
    let path = table(folder.path(), &rows)?;
    let whole = summarise(&path)?;
    assert!(whole.sites.units > 5 && whole.sites.without_id.orders > 0);
    for (part, memory) in [(7, 1 << 20), (300, 512), (1 << 20, 4_096), (64, 0)] {
        assert_eq!(summarise_within(&path, &Limits { part, memory })?, whole, "parts of {part}, {memory} bytes");
    }
    Ok(())
}

#[test]
fn nobody_is_named_on_the_page_or_in_the_summary() -> Outcome {
    let published = publish(&practices())?;
    for (name, text) in [("html", &published.html), ("json", &published.json)] {
        assert!(!text.contains(CANARY), "an id in {name}");
    }
    assert!(!format!("{:?}", published.summary).contains(CANARY), "nor where a summary is printed for debugging");
    assert!(published.html.contains(">Prescriber 1<") && published.json.contains("\"label\": \"Prescriber 1\""));
    Ok(())
}

#[test]
fn with_a_key_the_labels_are_its_pseudonyms() -> Outcome {
    let rows = practices();
    let mut summary = summary(&rows)?;
    let key = PseudonymKey::new(&(1..=40).collect::<Vec<u8>>())?;
    key.name(&mut summary);
    let label = format!("Prescriber {}", key.label(Kind::Prescriber, &format!("{CANARY}A")));
    assert_eq!(summary.prescribers.listed[0].label, label);
    let (counts, ruleset, program) = (orders::counts(&rows), orders::ruleset(), orders::program());
    let (inputs, exclusions) = (orders::inputs(counts.records.read), orders::exclusions());
    let editions = ivig_audit::report::facts::Editions { newest: orders::appendix(), earlier: vec![] };
    let results = results(&summary, &counts, (&inputs, &ruleset, &program), &exclusions, &editions);
    let page = html::render(&results, &catalogue::disclosed(Audience::Committee, &results))?;
    assert!(page.contains(&label) && !page.contains(">Prescriber 1<"));
    Ok(())
}

/// The part of the page about prescribers.
fn section(page: &str) -> &str {
    page.split_once("id=\"prescribers\"")
        .map_or("", |(_, rest)| rest)
        .split("id=\"sites-compared\"")
        .next()
        .unwrap_or_default()
}

#[test]
fn nothing_is_drawn_or_listed_of_whose_figures_are_withheld() -> Outcome {
    let published = publish(&practices())?;
    let section = section(&published.html);
    // F has 3 flagged patients of 40. B, C or D may be withheld so that these cannot be worked out.
    let shown =
        published.summary.prescribers.listed.iter().filter(|peer| section.contains(&format!(">{}<", peer.label)));
    let shown: Vec<_> = shown.collect();
    assert!(!shown.is_empty() && shown.len() < 5, "{} of 5", shown.len());
    assert!(shown.iter().all(|peer| peer.flagged.patients > 10 && peer.patients_never_flagged() > 10));
    assert_eq!(section.matches("<path class=\"peer").count(), shown.len() + 3, "with three signs of the legend");
    assert!(section.contains("as their figures are withheld"));
    Ok(())
}

#[test]
fn who_has_all_but_few_patients_flagged_is_withheld_too() -> Outcome {
    let mut rows = practice("A", 0, 100, 95);
    for (name, from) in [("B", 1_000), ("C", 2_000), ("D", 3_000)] {
        rows.extend(practice(name, from, 100, 40));
    }
    let published = publish(&rows)?;
    assert_eq!(published.summary.prescribers.listed[0].patients_never_flagged(), 5);
    assert!(!section(&published.html).contains(">Prescriber 1<"));
    Ok(())
}

#[test]
fn an_export_that_names_nobody_says_so() -> Outcome {
    let mut rows = orders::orders(211, true);
    for row in &mut rows {
        row.provider_id = None;
    }
    let page = publish(&rows)?.html;
    assert!(section(&page).contains("names a prescriber: there is nothing to compare"));
    assert!(!section(&page).contains("<svg class=\"chart\""));
    Ok(())
}

#[test]
fn a_hundred_thousand_prescribers_make_a_small_page() -> Outcome {
    let mut rows: Vec<Row> = (0..100_000)
        .map(|at| {
            let flag = if at % 5 == 0 { ("not_recommended", "flagged") } else { ("recommended", "clear") };
            order(&format!("{at}"), at % 60_000, flag.0, flag.1)
        })
        .collect();
    for prescriber in 0..80 {
        rows.extend(practice(&format!("big{prescriber}"), prescriber * 1_000, 60 + prescriber, 15 + prescriber % 20));
    }
    let published = publish(&rows)?;
    let peers = &published.summary.prescribers;
    holds_what_plain_counting_gives(peers, &rows);
    assert_eq!((peers.units, peers.ranked()), (100_080, 80));
    assert!(peers.listed.len() <= 40 && peers.listed.len() >= 20);
    assert!(published.html.len() < 1 << 20, "{} bytes", published.html.len());
    Ok(())
}
