//! Prescribers and sites beside each other, with the ids of the export: this workbook is for the auditor.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::Book;
use super::page::{Page, count, denominators, measures, text_of};
use super::sheet::Value;
use super::style::Style;
use crate::report::facts::Results;
use crate::report::figure;
use crate::summary::{MIN_ORDERS, MIN_PATIENTS, Peer, Peers, Position};

/// Digits after the point of a share in percent, of which limits are given in millionths.
const SHARE_PLACES: u32 = 4;

const HEADS: [&str; 4] = ["Id", "As on the page", "Rank", "Place among the limits"];

pub(super) fn page(book: &mut Book, results: &Results<'_>) -> Result<Worksheet, XlsxError> {
    let widths = [24.0, 20.0, 8.0, 26.0, 12.0, 12.0, 14.0, 18.0, 12.0, 12.0, 14.0, 14.0, 12.0, 12.0];
    let mut page = Page::new(book, "By prescriber", &widths)?;
    page.title("Prescribers and sites")?;
    page.sentence(
        "A place among others is no finding about a person: patients differ, and so do the records that reach an export. \
         Ranked by the lower limit of the share of patients with a flagged order, not by the share.",
    )?;
    page.sentence(&format!(
        "Compared are orders for which a guideline row speaks or which are flagged. Not ranked under {MIN_PATIENTS} \
         patients or {MIN_ORDERS} orders."
    ))?;
    peers(&mut page, results, "Prescribers", &results.summary.prescribers)?;
    peers(&mut page, results, "Sites", &results.summary.sites)?;
    Ok(page.finish())
}

fn peers(page: &mut Page<'_>, results: &Results<'_>, what: &str, peers: &Peers) -> Result<(), XlsxError> {
    page.section(what)?;
    page.line([text_of("With an order that is compared"), count(peers.units)])?;
    page.line([text_of("Too few patients or orders to be ranked"), count(peers.too_few)])?;
    page.line([text_of("Listed here"), count(peers.listed.len() as u64)])?;
    for (position, number) in Position::ALL.into_iter().zip(peers.positions) {
        page.line([text_of(capital(place(position))), count(number)])?;
    }
    let [outside_95, outside_998] = peers.by_chance.map(|tenths| figure::count(tenths.div_ceil(10)));
    page.sentence(&format!(
        "Many are compared: chance alone would leave up to {outside_95} outside the 95 % limits, and up to {outside_998} \
         outside the 99.8 % limits."
    ))?;
    let flagged = ["Flagged: patients", "Flagged: orders", "Lower limit %", "Upper limit %"];
    let expected = ["95 % from", "95 % to"];
    page.heads(HEADS.into_iter().chain(denominators(results.summary)).chain(flagged).chain(expected))?;
    for peer in &peers.listed {
        line(page, peer)?;
    }
    let others = [text_of("All others that are compared"), text_of(""), text_of(""), text_of("")];
    page.line(others.into_iter().chain(measures(&peers.others)))?;
    let without = [text_of("Orders without an id"), text_of(""), text_of(""), text_of("")];
    page.line(without.into_iter().chain(measures(&peers.without_id)))
}

fn line(page: &mut Page<'_>, peer: &Peer) -> Result<(), XlsxError> {
    let names = [
        text_of(peer.id.open_for_auditor()),
        text_of(peer.label.as_str()),
        (Style::Number, peer.rank.into()),
        text_of(capital(place(peer.position))),
    ];
    let limit = |millionths: u32| (Style::Grams, Value::Decimal(millionths.into(), SHARE_PLACES));
    let flagged = [
        count(peer.flagged.patients),
        count(peer.flagged.orders),
        limit(peer.interval.low),
        limit(peer.interval.high),
        count(peer.band.low_95),
        count(peer.band.high_95),
    ];
    page.line(names.into_iter().chain(measures(&peer.compared)).chain(flagged))
}

fn place(position: Position) -> &'static str {
    match position {
        Position::FarAbove => "above the 99.8 % limits",
        Position::Above => "above the 95 % limits",
        Position::Within => "inside the limits",
        Position::Below => "below the 95 % limits",
        Position::FarBelow => "below the 99.8 % limits",
    }
}

fn capital(words: &str) -> String {
    crate::report::words::spaced(words)
}
