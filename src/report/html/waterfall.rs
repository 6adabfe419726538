//! The waterfall as the page prints it: the records as they were counted, the orders as they may be shown.

use crate::report::disclosure::{ALL, Disclosure, WITHHELD};
use crate::report::facts::Results;
use crate::report::figure::count;
use crate::report::{waterfall, words};

/// Width of the drawing, in its own units.
const WIDTH: u64 = 900;

/// Where the bars begin; labels stand to the left.
const BAR_LEFT: u64 = 250;

/// The longest bar.
const BAR_LENGTH: u64 = 540;

/// Distance from one bar to the next.
const PITCH: u64 = 24;

/// The waterfall: its table, and its drawing.
pub(super) struct Waterfall {
    pub(super) steps: Vec<Step>,
    pub(super) width: u64,
    pub(super) height: u64,
    pub(super) left: u64,
    pub(super) description: String,
    /// Whether it begins with records.
    pub(super) has_records: bool,
}

/// One step.
pub(super) struct Step {
    pub(super) label: &'static str,
    pub(super) unit: &'static str,
    pub(super) is_first_of_unit: bool,
    pub(super) leaves: Vec<Leaf>,
    pub(super) remains: String,
    /// The figure that it is; none for records.
    pub(super) figure: String,
    /// Where its bar is, and how long what remains and what leaves are; nothing is drawn of what is withheld.
    pub(super) top: u64,
    pub(super) middle: u64,
    pub(super) stays: u64,
    pub(super) goes: u64,
    pub(super) end: u64,
}

/// What leaves at a step.
pub(super) struct Leaf {
    pub(super) label: String,
    pub(super) number: String,
    pub(super) figure: String,
}

/// A step before it has its place in the drawing: how many remain, if that is shown, and before it.
struct Drawn {
    step: Step,
    remains: Option<u64>,
}

impl Waterfall {
    pub(super) fn of(results: &Results<'_>, told: &Disclosure) -> Self {
        let mut drawn = records(results, told);
        drawn.extend(orders(told));
        let (mut unit, mut before, mut whole, mut top) = ("", None, 1, PITCH / 4);
        let steps = drawn.into_iter().map(|Drawn { mut step, remains }| {
            step.is_first_of_unit = step.unit != unit;
            if step.is_first_of_unit {
                (unit, before, whole) = (step.unit, remains, remains.unwrap_or(1).max(1));
            }
            let scaled = |number: u64| length(number, whole);
            step.stays = remains.map_or(0, scaled);
            step.goes =
                before.filter(|_| remains.is_some()).map_or(0, |before| scaled(before).saturating_sub(step.stays));
            (step.top, step.middle, step.end) = (top, top + PITCH / 2, BAR_LEFT + step.stays + step.goes + PITCH / 4);
            before = remains;
            top += PITCH;
            step
        });
        let steps: Vec<Step> = steps.collect();
        let said = steps.iter().map(|step| format!("{}: {} {}", step.label, step.remains, step.unit));
        Self {
            width: WIDTH,
            height: steps.len() as u64 * PITCH + PITCH / 2,
            left: BAR_LEFT,
            description: said.collect::<Vec<_>>().join(". ") + ".",
            has_records: results.records_known,
            steps,
        }
    }
}

/// The steps of records. Where the orders in all are withheld, no step is told that would say how many are in scope.
fn records(results: &Results<'_>, told: &Disclosure) -> Vec<Drawn> {
    let is_told = |id: &str| told.measures(ALL).is_some() || ["read", "readable"].contains(&id);
    let steps = waterfall::steps(results).into_iter().filter(|step| step.unit == "records" && is_told(step.id));
    let drawn = steps.map(|step| {
        let leaves = step.leaves.into_iter().filter(|(_, number)| *number > 0);
        let leaf = |(label, number)| Leaf { label, number: format!("−{}", count(number)), figure: String::new() };
        Drawn {
            remains: Some(step.remains),
            step: Step { leaves: leaves.map(leaf).collect(), ..new(step.label, "records", count(step.remains), "") },
        }
    });
    drawn.collect()
}

fn orders(told: &Disclosure) -> Vec<Drawn> {
    let open =
        ["indeterminate", "no_diagnosis"].map(|key| (words::determination(key), format!("by_determination/{key}")));
    let flags = ["clear", "review"].map(|key| (words::flag(key), format!("settled_by_flag/{key}")));
    let first = "Orders assessed";
    let steps: [(_, _, Vec<_>); 3] = [
        (first, ALL, Vec::new()),
        ("Settled by what the export holds", "settled", open.into()),
        ("Flagged among the settled", "settled_by_flag/flagged", flags.into()),
    ];
    let drawn = steps.map(|(label, figure, leaves)| {
        let leaves = leaves.into_iter().filter_map(|(label, figure)| {
            let number = match told.measures(&figure).map(|measures| measures.orders) {
                Some(0) => return None,
                Some(orders) => format!("−{}", count(orders)),
                None => WITHHELD.to_owned(),
            };
            Some(Leaf { label, number, figure })
        });
        Drawn {
            remains: told.measures(figure).map(|measures| measures.orders),
            step: Step { leaves: leaves.collect(), ..new(label, "orders", told.orders(figure), figure) },
        }
    });
    drawn.into()
}

fn new(label: &'static str, unit: &'static str, remains: String, figure: &str) -> Step {
    let (leaves, figure) = (Vec::new(), figure.to_owned());
    Step { label, unit, is_first_of_unit: false, leaves, remains, figure, top: 0, middle: 0, stays: 0, goes: 0, end: 0 }
}

fn length(number: u64, whole: u64) -> u64 {
    let length = u128::from(number) * u128::from(BAR_LENGTH) / u128::from(whole.max(1));
    u64::try_from(length).unwrap_or(BAR_LENGTH).clamp(u64::from(number > 0), BAR_LENGTH)
}
