//! Prescribers and sites beside each other.

use super::funnel::Funnel;
use crate::report::catalogue::{PRESCRIBERS, PeerIds, SITES};
use crate::report::disclosure::{Disclosure, Texts, WITHHELD};
use crate::report::facts::Results;
use crate::report::{figure, words};
use crate::summary::{Interval, MILLION, MIN_ORDERS, MIN_PATIENTS, Peer, Peers, Position};

/// The section: prescribers, then sites.
pub(super) struct Prescribers {
    pub(super) money: &'static str,
    pub(super) tables: Vec<Table>,
}

/// Those of one kind.
pub(super) struct Table {
    /// The beginning of ids on the page.
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    /// One of them, in words.
    pub(super) one: &'static str,
    pub(super) sentences: Vec<String>,
    pub(super) funnel: Option<Funnel>,
    pub(super) lines: Vec<Line>,
    pub(super) all: Whole,
    pub(super) others: Texts,
    pub(super) without_id: Texts,
}

/// One that is shown.
pub(super) struct Line {
    pub(super) label: String,
    pub(super) rank: String,
    pub(super) patients: u64,
    pub(super) flagged: u64,
    pub(super) position: Position,
    pub(super) patients_text: String,
    pub(super) flagged_text: String,
    pub(super) share: String,
    pub(super) interval: String,
    pub(super) limits_95: String,
    pub(super) limits_998: String,
    pub(super) sign: &'static str,
    pub(super) place: String,
    pub(super) figure: Texts,
    pub(super) flagged_figure: Texts,
}

/// The line of all together.
pub(super) struct Whole {
    pub(super) share: String,
    pub(super) figure: Texts,
    pub(super) flagged_figure: Texts,
}

impl Prescribers {
    pub(super) fn of(results: &Results<'_>, told: &Disclosure) -> Self {
        let summary = results.summary;
        let tables = [("Prescribers", PRESCRIBERS, &summary.prescribers), ("Sites", SITES, &summary.sites)];
        Self {
            money: words::money(summary.money_column),
            tables: tables.map(|(title, ids, peers)| table(title, ids, peers, told)).into(),
        }
    }
}

fn table(title: &'static str, ids: PeerIds, peers: &Peers, told: &Disclosure) -> Table {
    // Limits are drawn around the share of all. Where that is withheld, they would tell it.
    let center = shown_center(peers, ids, told);
    let shown = peers.listed.iter().filter_map(|peer| line(peer, ids, told));
    let lines: Vec<Line> = if center.is_some() { shown.collect() } else { Vec::new() };
    let all = Whole {
        share: center.map_or_else(|| WITHHELD.to_owned(), |(patients, flagged)| figure::percent(flagged, patients)),
        figure: told.texts(&ids.compared()),
        flagged_figure: told.texts(&ids.flagged()),
    };
    Table {
        id: ids.all,
        title,
        one: ids.one,
        sentences: sentences(peers, ids, &lines, center),
        funnel: center.filter(|_| !lines.is_empty()).map(|center| Funnel::of(ids, &lines, &peers.bands, center)),
        lines,
        all,
        others: told.texts(&ids.others()),
        without_id: told.texts(&ids.without_id()),
    }
}

/// The share around which limits are drawn, if the figures of all are shown: patients, and those with a flagged order.
fn shown_center(peers: &Peers, ids: PeerIds, told: &Disclosure) -> Option<(u64, u64)> {
    let is_shown = [ids.compared(), ids.flagged()].iter().all(|id| told.measures(id).is_some());
    (is_shown && peers.center.0 > 0).then_some(peers.center)
}

/// The line of one, unless some of its figures are withheld: then nothing of it is shown.
fn line(peer: &Peer, ids: PeerIds, told: &Disclosure) -> Option<Line> {
    let patients = told.measures(&ids.of(peer))?.patients;
    let flagged = told.measures(&ids.flagged_of(peer))?.patients;
    told.measures(&ids.not_flagged_of(peer))?;
    told.measures(&ids.never_flagged_of(peer))?;
    let (sign, place) = place(peer.position);
    let number = |from, until| format!("{} to {}", figure::count(from), figure::count(until));
    Some(Line {
        label: peer.label.clone(),
        rank: figure::count(peer.rank),
        patients,
        flagged,
        position: peer.position,
        patients_text: figure::count(patients),
        flagged_text: figure::count(flagged),
        share: figure::percent(flagged, patients),
        interval: interval(peer.interval),
        limits_95: number(peer.band.low_95, peer.band.high_95),
        limits_998: number(peer.band.low_998, peer.band.high_998),
        sign,
        // The column is about the limits, and narrow.
        place: place.replace("the ", "").trim_end_matches(" limits").to_owned(),
        figure: told.texts(&ids.of(peer)),
        flagged_figure: told.texts(&ids.flagged_of(peer)),
    })
}

/// A sign and words for a place in the funnel.
pub(super) fn place(position: Position) -> (&'static str, &'static str) {
    match position {
        Position::FarAbove => ("▲▲", "above the 99.8 % limits"),
        Position::Above => ("▲", "above the 95 % limits"),
        Position::Within => ("○", "within the limits"),
        Position::Below => ("▼", "below the 95 % limits"),
        Position::FarBelow => ("▼▼", "below the 99.8 % limits"),
    }
}

fn interval(interval: Interval) -> String {
    let percent = |millionths: u32| figure::percent(millionths, MILLION);
    format!("{} to {}", percent(interval.low).trim_end_matches(" %"), percent(interval.high))
}

/// A number with tenths.
fn tenths(number: u64) -> String {
    format!("{}.{}", figure::count(number / 10), number % 10)
}

fn sentences(peers: &Peers, ids: PeerIds, lines: &[Line], center: Option<(u64, u64)>) -> Vec<String> {
    let PeerIds { one, all } = ids;
    if peers.units == 0 {
        return vec![format!(
            "No order for which a guideline row speaks, and none that is flagged, names a {one}: there is nothing to compare."
        )];
    }
    let counted =
        |number: u64| if number == 1 { format!("1 {one}") } else { format!("{} {all}", figure::count(number)) };
    let mut sentences = vec![format!(
        "{} with such orders. {} with fewer than {MIN_PATIENTS} patients or fewer than {MIN_ORDERS} orders among them: \
         not ranked, as the rate of few says little. Ranked: {}.",
        counted(peers.units),
        counted(peers.too_few),
        figure::count(peers.ranked()),
    )];
    if peers.ranked() == 0 {
        return sentences;
    }
    if center.is_none() {
        sentences.push("The figures of all together are withheld, and with them the limits and the table.".to_owned());
        return sentences;
    }
    let [far_above, above, _, below, far_below] = peers.positions;
    sentences.push(format!(
        "Many are compared, so some lie outside by chance: about {} of {} would lie outside the 95 % limits and about {} \
         outside the 99.8 % limits if all were alike. {} and {} do: {} above and {} below the 95 % limits.",
        tenths(peers.by_chance[0]),
        figure::count(peers.ranked()),
        tenths(peers.by_chance[1]),
        figure::count(far_above + above + below + far_below),
        figure::count(far_above + far_below),
        figure::count(far_above + above),
        figure::count(below + far_below),
    ));
    let listed = peers.listed.len() as u64;
    if peers.ranked() > listed {
        sentences.push(format!(
            "Listed are the ten with the highest lower limit, the ten with the lowest upper limit and the twenty with the \
             most patients, {listed} in all. The other {} ranked are counted in the sentence above.",
            counted(peers.ranked() - listed)
        ));
    }
    let withheld = listed.saturating_sub(lines.len() as u64);
    if withheld > 0 {
        sentences.push(format!("Neither listed nor drawn, as their figures are withheld: {}.", counted(withheld)));
    }
    sentences
}
