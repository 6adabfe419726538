//! The ledger held against an oracle: one line after the other, each compared with every other one.

use std::collections::BTreeSet;
use std::error::Error;

use ivig_audit::summary::{
    Charges, LEDGER, LEDGER_STEPS, Ledger, LedgerStep, Limits, Measures, Priced, Summary, summarise_within,
};
use ivig_audit::table::Row;
use ivig_audit::table::parquet::ParquetAppender;
use proptest::prelude::*;

/// What becomes of a line; those that leave in the order of [`LEDGER_STEPS`].
#[derive(Debug, Clone, Copy, PartialEq)]
enum Fate {
    TakesBack,
    /// The same, and nothing was found that it takes back.
    TakesBackAlone,
    TakenBack,
    Superseded,
    Repeats,
    Stands,
}

impl Fate {
    fn step(self) -> Option<usize> {
        match self {
            Self::TakesBack | Self::TakesBackAlone => Some(0),
            Self::TakenBack => Some(1),
            Self::Superseded => Some(2),
            Self::Repeats => Some(3),
            Self::Stands => None,
        }
    }
}

fn has(id: Option<&String>) -> bool {
    id.is_some_and(|id| !id.is_empty())
}

fn values(row: &Row) -> [Option<i64>; 4] {
    [row.units, row.billed, row.allowed, row.paid]
}

fn is_below_zero(row: &Row) -> bool {
    let known: Vec<i64> = values(row).into_iter().flatten().collect();
    known.iter().any(|value| *value < 0) && known.iter().all(|value| *value <= 0)
}

fn takes_back(row: &Row) -> bool {
    is_called_back(row) || is_below_zero(row)
}

fn replaces(row: &Row) -> bool {
    !takes_back(row) && row.line_status.as_deref() == Some("replacement")
}

fn is_called_back(row: &Row) -> bool {
    matches!(row.line_status.as_deref(), Some("reversed" | "void"))
}

/// Whether one line repeats another one, by all that the report calls equal.
fn repeats(one: &Row, other: &Row) -> bool {
    let key = |row: &Row| {
        let ids = (row.claim_id.clone(), row.order_id.clone(), row.patient_id.clone(), row.slot);
        let given = (row.product.clone(), row.product_code.clone(), row.service_date, row.diagnoses.clone());
        (ids, given, values(row), is_called_back(row))
    };
    (has(one.claim_id.as_ref()) || has(one.order_id.as_ref())) && key(one) == key(other)
}

/// Whether two lines are about one service, so that one may take back or replace the other.
fn are_of_one_claim(one: &Row, other: &Row) -> bool {
    let same_day = one.product_code == other.product_code && one.service_date == other.service_date;
    if has(one.claim_id.as_ref()) {
        let of = |row: &Row| (row.claim_id.clone(), row.patient_id.clone(), row.product_code.clone());
        of(one) == of(other)
    } else if has(other.claim_id.as_ref()) {
        false
    } else if has(one.patient_id.as_ref()) {
        one.patient_id == other.patient_id && same_day
    } else {
        !has(other.patient_id.as_ref()) && has(one.order_id.as_ref()) && one.order_id == other.order_id && same_day
    }
}

fn are_as_large(one: &Row, other: &Row) -> bool {
    values(one).map(|value| value.map(i64::abs)) == values(other).map(|value| value.map(i64::abs))
}

/// The fates of all lines, the replacements that found an original, and all replacements.
fn fates(rows: &[Row]) -> (Vec<Fate>, u64, u64) {
    type Test = fn(&Row, &Row) -> bool;
    let mut fates: Vec<Option<Fate>> = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        fates.push(rows[..at].iter().any(|before| repeats(row, before)).then_some(Fate::Repeats));
    }
    let mut pair = |may: Test, test: Test, fate: fn(&Row) -> Fate| {
        let mut found = 0;
        for at in 0..rows.len() {
            let fits = |other: &usize| {
                let (one, other_row) = (&rows[at], &rows[*other]);
                fates[*other].is_none()
                    && at != *other
                    && are_of_one_claim(one, other_row)
                    && may(one, other_row)
                    && test(one, other_row)
            };
            if fates[at].is_some() {
                continue;
            }
            let Some(other) = (0..rows.len()).find(fits) else { continue };
            (fates[at], fates[other]) = (Some(fate(&rows[at])), Some(fate(&rows[other])));
            found += 1;
        }
        found
    };
    let each_other: Test =
        |one, other| takes_back(one) && is_below_zero(one) && takes_back(other) && !is_below_zero(other);
    let original: Test = |one, other| takes_back(one) && !takes_back(other);
    let taken = |row: &Row| if takes_back(row) { Fate::TakesBack } else { Fate::TakenBack };
    for may in [each_other, original] {
        pair(may, |one, other| are_as_large(one, other) && one.service_date == other.service_date, taken);
        pair(may, are_as_large, taken);
    }
    // A line that was taken back replaces nothing any more.
    let superseded = |row: &Row| if replaces(row) { Fate::Stands } else { Fate::Superseded };
    let replaced: Test =
        |one, other| replaces(one) && !replaces(other) && !takes_back(other) && one.service_date == other.service_date;
    let as_many_units: Test = |one, other| one.units.map(i64::abs) == other.units.map(i64::abs);
    let matched = pair(replaced, as_many_units, superseded) + pair(replaced, |_, _| true, superseded);
    let mut replacements = matched;
    let decided = rows.iter().zip(fates).map(|(row, fate)| {
        fate.unwrap_or_else(|| {
            replacements += u64::from(replaces(row));
            if takes_back(row) { Fate::TakesBackAlone } else { Fate::Stands }
        })
    });
    let mut fates: Vec<Fate> = decided.collect();
    // What is superseded leaves once: with it goes a line of its day that takes back at other amounts.
    for at in (0..rows.len()).filter(|at| fates[*at] == Fate::Superseded).collect::<Vec<_>>() {
        let of_its_day = |other: &usize| {
            fates[*other] == Fate::TakesBackAlone
                && are_of_one_claim(&rows[at], &rows[*other])
                && rows[at].service_date == rows[*other].service_date
        };
        if let Some(other) = (0..rows.len()).find(of_its_day) {
            fates[other] = Fate::TakesBack;
        }
    }
    (fates, matched, replacements)
}

/// What each of some lines adds to a sum.
type Share = fn(&Row, Option<i64>, Fate) -> Option<i64>;

/// All that a line has.
fn whole(_: &Row, value: Option<i64>, _: Fate) -> Option<i64> {
    value
}

/// What leaves with a line: of one that takes back alone, only what is above zero.
fn leaving(_: &Row, value: Option<i64>, fate: Fate) -> Option<i64> {
    value.filter(|value| fate != Fate::TakesBackAlone || *value > 0)
}

/// What is left of a line where it stood.
fn staying(_: &Row, value: Option<i64>, fate: Fate) -> Option<i64> {
    match fate {
        Fate::Stands => value,
        Fate::TakesBackAlone => value.filter(|value| *value <= 0),
        _ => None,
    }
}

/// What some lines amount to, added up one after the other.
fn priced(lines: &[(&Row, Fate)], money: Option<&str>, share: Share, is_there: fn(Fate) -> bool) -> Priced {
    let sum = |value: fn(&Row) -> Option<i64>| {
        let known = lines.iter().filter_map(|(row, fate)| share(row, value(row), *fate)).map(i128::from);
        let known: Vec<i128> = known.collect();
        ((!known.is_empty()).then(|| known.iter().sum::<i128>()), known.len() as u64)
    };
    let (units, orders_with_units) = sum(|row| row.units);
    let (billed, orders_with_billed) = sum(|row| row.billed);
    let (allowed, orders_with_allowed) = sum(|row| row.allowed);
    let (paid, orders_with_paid) = sum(|row| row.paid);
    let (grams, orders_with_grams) = sum(|row| row.grams);
    let (money, orders_with_money) = match money {
        Some("billed") => (billed, orders_with_billed),
        Some("allowed") => (allowed, orders_with_allowed),
        Some("paid") => (paid, orders_with_paid),
        _ => (None, 0),
    };
    let there: Vec<&Row> = lines.iter().filter(|(_, fate)| is_there(*fate)).map(|(row, _)| *row).collect();
    let patients: BTreeSet<&String> = there.iter().filter_map(|row| row.patient_id.as_ref()).collect();
    let (patients, orders) = (patients.len() as u64, there.len() as u64);
    let measures = Measures { patients, orders, grams, orders_with_grams, money, orders_with_money };
    Priced {
        measures,
        charges: Charges {
            units,
            billed,
            allowed,
            paid,
            orders_with_units,
            orders_with_billed,
            orders_with_allowed,
            orders_with_paid,
        },
    }
}

/// The ledger that comparing every line with every other one gives.
fn compared(rows: &[Row], money: Option<&str>) -> Ledger {
    let (fates, matched, replacements) = fates(rows);
    let lines: Vec<(&Row, Fate)> = rows.iter().zip(fates.iter().copied()).collect();
    let steps = LEDGER_STEPS.iter().zip(0..).map(|(id, step)| {
        let out: Vec<_> = lines.iter().filter(|(_, fate)| fate.step() == Some(step)).copied().collect();
        LedgerStep { id, out: priced(&out, money, leaving, |_| true) }
    });
    Ledger {
        gross: priced(&lines, money, whole, |_| true),
        steps: steps.collect(),
        net: priced(&lines, money, staying, |fate| fate == Fate::Stands),
        unmatched_reversals: fates.iter().filter(|fate| **fate == Fate::TakesBackAlone).count() as u64,
        replacements,
        unmatched_replacements: replacements - matched,
    }
}

/// Every step with the determinations and flags of its lines, and how lines repeat others.
fn cells(rows: &[Row]) -> Vec<Vec<String>> {
    let (fates, ..) = fates(rows);
    let cell = |(at, (row, fate)): (usize, (&Row, Fate))| {
        let in_its_file = |before: &Row| before.source_file == row.source_file && repeats(row, before);
        let repeat = match fate {
            Fate::Repeats if rows[..at].iter().any(in_its_file) => "in-one-file",
            Fate::Repeats => "across-files",
            _ => "no",
        };
        let step = fate.step().map_or("net", |step| LEDGER_STEPS[step]);
        [step, repeat, &row.determination, &row.flag].map(str::to_owned).to_vec()
    };
    let cells: BTreeSet<Vec<String>> = rows.iter().zip(fates).enumerate().map(cell).collect();
    cells.into_iter().collect()
}

/// Orders, grams, units and amounts as they add up, without those that nothing is known of.
fn sums(priced: &Priced) -> [i128; 6] {
    let (measures, charges) = (&priced.measures, &priced.charges);
    let sums =
        [measures.grams, charges.units, charges.billed, charges.allowed, charges.paid].map(Option::unwrap_or_default);
    [&[i128::from(measures.orders)], &sums[..]].concat().try_into().unwrap_or_default()
}

fn summary(rows: &[Row], limits: &Limits) -> Result<Summary, Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("assessments.parquet");
    let mut table = ParquetAppender::new(std::fs::File::create(&path)?)?;
    table.push(rows)?;
    table.finish()?;
    Ok(summarise_within(&path, limits)?)
}

/// A line of which most values are one of two or none, so that lines of one claim and repeated lines are common.
fn line() -> impl Strategy<Value = Row> {
    let id = |words: [&'static str; 2]| prop_oneof![1 => Just(None), 4 => prop::sample::select(words.to_vec()).prop_map(|word| Some(word.to_owned()))];
    let amount =
        |one: i64| prop_oneof![2 => Just(None), 6 => Just(Some(one)), 1 => Just(Some(one / 2)), 1 => Just(Some(0))];
    let status = [None, None, None, Some("paid"), Some("reversed"), Some("void"), Some("replacement")];
    let words = (prop::sample::select(status.to_vec()), prop::sample::select(vec!["clear", "review"]), 0_usize..2);
    let ids = (id(["c", "d"]), id(["o", "x"]), id(["p", "q"]), id(["J1", "J2"]), id(["1", "2"]));
    let sign = prop_oneof![3 => Just(1_i64), 2 => Just(-1)];
    let amounts = (amount(80_000), amount(9_000), amount(700), amount(50), amount(40_000), sign);
    (ids, amounts, words).prop_map(|((claim, order, patient, code, day), amounts, (status, flag, file))| {
        let signed = |value: Option<i64>| value.map(|value| value * amounts.5);
        Row {
            source_file: ["first.csv", "second.csv"][file].to_owned(),
            claim_id: claim,
            order_id: order,
            patient_id: patient,
            product_code: code,
            service_date: day.and_then(|day| chrono::NaiveDate::from_ymd_opt(2024, 1, day.parse().ok()?)),
            units: signed(amounts.0),
            billed: signed(amounts.1),
            allowed: signed(amounts.2),
            paid: signed(amounts.3),
            grams: signed(amounts.4),
            determination: if flag == "clear" { "recommended" } else { "not_addressed" }.to_owned(),
            flag: flag.to_owned(),
            certainty: "stated".to_owned(),
            line_status: status.map(str::to_owned),
            ..Row::default()
        }
    })
}

/// Lines of which some stand again, as they are or with another sign and status.
fn lines() -> impl Strategy<Value = Vec<Row>> {
    let again =
        (0_usize..40, prop_oneof![Just(None), Just(Some("reversed")), Just(Some("void")), Just(Some("replacement"))]);
    let many = (prop::collection::vec(line(), 0..24), prop::collection::vec((again, any::<bool>()), 0..12));
    many.prop_map(|(mut rows, again)| {
        for ((at, status), is_below) in again {
            let Some(mut row) = rows.get(at % rows.len().max(1)).cloned() else { continue };
            if is_below {
                for value in [&mut row.units, &mut row.billed, &mut row.allowed, &mut row.paid, &mut row.grams] {
                    *value = value.map(|value| -value);
                }
            }
            if status.is_some() {
                row.line_status = status.map(str::to_owned);
            }
            rows.push(row);
        }
        // A file is read to its end before the next one is begun.
        rows.sort_by(|one, other| one.source_file.cmp(&other.source_file));
        rows
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn the_ledger_is_what_comparing_every_line_with_every_other_one_gives(rows in lines()) {
        for limits in [Limits::default(), Limits { part: 5, memory: 4_096 }] {
            let found = summary(&rows, &limits).map_err(|error| TestCaseError::fail(error.to_string()))?;
            let expected = compared(&rows, found.money_column);
            prop_assert_eq!(&found.ledger, &expected);
            let [gross, net] = [&found.ledger.gross, &found.ledger.net].map(sums);
            for at in 0..gross.len() {
                let left: i128 = found.ledger.steps.iter().map(|step| sums(&step.out)[at]).sum();
                prop_assert_eq!(gross[at] - left, net[at], "all lines without those that leave are those that stand");
            }
            let partition = found.partitions.iter().find(|each| each.name == LEDGER);
            prop_assert_eq!(partition.map(|each| each.cells.clone()), Some(cells(&rows)));
        }
    }
}
