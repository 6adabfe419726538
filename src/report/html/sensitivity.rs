//! How far the determinations rest on how an order is read.

use crate::report::catalogue::sensitivity::{audited_id, id, move_id, moves, read_id};
use crate::report::disclosure::{Disclosure, Texts};
use crate::report::facts::Results;
use crate::report::{figure, words};
use crate::summary::{DETERMINATIONS, Reading, Variant};

/// The section on other readings.
pub(super) struct Sensitivity {
    pub(super) readings: Vec<Heading>,
    /// One for each determination.
    pub(super) lines: Vec<Line>,
    pub(super) moved: Vec<Moved>,
    /// Readings that no order has.
    pub(super) absent: Vec<&'static str>,
}

/// One reading, and how many orders it is compared over.
pub(super) struct Heading {
    pub(super) name: String,
    pub(super) compared: Share,
    pub(super) same: Share,
}

/// Orders with their share.
pub(super) struct Share {
    pub(super) id: String,
    pub(super) orders: String,
    /// Empty where it is withheld.
    pub(super) percent: String,
}

/// One determination in all readings.
pub(super) struct Line {
    pub(super) label: String,
    /// As audited and read so, for each reading.
    pub(super) pairs: Vec<[Share; 2]>,
}

/// What moves in one reading.
pub(super) struct Moved {
    pub(super) name: String,
    pub(super) moves: Vec<MoveLine>,
    /// Moves that are not listed.
    pub(super) beyond: Option<String>,
}

/// Orders that come to something else.
pub(super) struct MoveLine {
    pub(super) from: String,
    pub(super) to: String,
    pub(super) figure: Texts,
}

impl Sensitivity {
    pub(super) fn of(results: &Results<'_>, told: &Disclosure) -> Self {
        let variants = &results.summary.sensitivity.variants;
        let is_read = |wanted: fn(&Reading) -> bool| variants.iter().any(|variant| wanted(&variant.reading));
        let absent = [
            (is_read(|reading| *reading == Reading::FirstListed), "No order has a diagnosis to be listed first."),
            (is_read(|reading| *reading == Reading::Pointed), "No line points at a diagnosis."),
            (
                is_read(|reading| reading.edition().is_some()),
                "The ruleset is laid over no edition that has another one beside it, so no order was compared by another edition.",
            ),
        ];
        Self {
            readings: variants.iter().map(|variant| heading(variant, told)).collect(),
            lines: DETERMINATIONS.iter().map(|determination| line(determination, variants, told)).collect(),
            moved: variants.iter().map(|variant| moved(variant, told)).collect(),
            absent: absent.into_iter().filter(|(is_read, _)| !is_read).map(|(_, sentence)| sentence).collect(),
        }
    }
}

fn name(reading: &Reading) -> String {
    match reading {
        Reading::FirstListed => "First listed diagnosis only".to_owned(),
        Reading::Pointed => "Diagnoses pointed at only".to_owned(),
        Reading::OtherEdition(name) => format!("By {name}"),
    }
}

fn share(id: String, reading: &Reading, told: &Disclosure) -> Share {
    let percent = told.share_of_orders(&id, &self::id(reading, "compared"));
    Share { orders: told.orders(&id), percent, id }
}

fn heading(variant: &Variant, told: &Disclosure) -> Heading {
    let reading = &variant.reading;
    let compared = id(reading, "compared");
    Heading {
        name: name(reading),
        compared: Share {
            orders: told.orders(&compared),
            percent: told.share_of_orders(&compared, crate::report::disclosure::ALL),
            id: compared,
        },
        same: share(id(reading, "same"), reading, told),
    }
}

fn line(determination: &str, variants: &[Variant], told: &Disclosure) -> Line {
    let pair = |variant: &Variant| {
        let reading = &variant.reading;
        [audited_id(reading, determination), read_id(reading, determination)].map(|id| share(id, reading, told))
    };
    Line { label: words::determination(determination), pairs: variants.iter().map(pair).collect() }
}

fn moved(variant: &Variant, told: &Disclosure) -> Moved {
    let reading = &variant.reading;
    let listed = moves(variant);
    let beyond = variant.moves.len().saturating_sub(listed.len());
    // What is withheld stands last, by name.
    let (shown, mut withheld): (Vec<_>, Vec<_>) =
        listed.into_iter().partition(|each| told.measures(&move_id(reading, each)).is_some());
    withheld.sort_by_key(|each| move_id(reading, each));
    let line = |each: &crate::summary::Move| MoveLine {
        from: words::determination(&each.from),
        to: words::determination(&each.to),
        figure: told.texts(&move_id(reading, each)),
    };
    Moved {
        name: name(reading),
        moves: shown.into_iter().chain(withheld).map(line).collect(),
        beyond: (beyond > 0).then(|| figure::count(beyond as u64)),
    }
}
