//! Money and grams: the three amounts side by side, products and what was discarded, and the ledger.

use super::amounts::{Amounts, Columns};
use crate::report::catalogue::ledger::step_id;
use crate::report::catalogue::products::{product_id, use_id};
use crate::report::disclosure::{ALL, Disclosure, Texts};
use crate::report::facts::Results;
use crate::report::{figure, words};
use crate::summary::{Charged, Ledger, NET, Priced, Product, Summary};

/// The section.
pub(super) struct Money {
    pub(super) by_determination: Vec<Line>,
    pub(super) by_flag: Vec<Line>,
    pub(super) all: Line,
    pub(super) products: Vec<OfProduct>,
    pub(super) in_all: OfProduct,
    /// Products that are not listed.
    pub(super) beyond: Option<String>,
    pub(super) has_modifiers: bool,
    pub(super) ledger: Net,
}

/// A figure with its amounts.
pub(super) struct Line {
    pub(super) label: String,
    pub(super) figure: Texts,
    pub(super) amounts: Amounts,
}

/// A product with what of it was given and discarded.
pub(super) struct OfProduct {
    pub(super) label: String,
    pub(super) code: String,
    pub(super) given: Line,
    pub(super) wasted: Line,
}

/// The ledger.
pub(super) struct Net {
    pub(super) takes_out: bool,
    pub(super) steps: Vec<Line>,
    pub(super) stays: Line,
    pub(super) some_alone: bool,
    pub(super) some_replace_nothing: bool,
}

impl Money {
    pub(super) fn of(results: &Results<'_>, told: &Disclosure) -> Self {
        let summary = results.summary;
        let columns = columns(summary, told);
        let lines = |cut: &str, groups: &[Charged], name: fn(&str) -> String| {
            let line = |group: &Charged| {
                let id = format!("{cut}/{}", group.key);
                Line {
                    label: name(&group.key),
                    amounts: columns.amounts(told, &id, &group.charges),
                    figure: told.texts(&id),
                }
            };
            groups.iter().map(line).collect()
        };
        let products = &summary.products;
        let product = |product: &Product| of_product(product, told, columns);
        let of_use = |name: &str, priced: &Priced| line(String::new(), &use_id(name), priced, told, columns);
        Self {
            by_determination: lines("by_determination", &summary.charges_by_determination, words::determination),
            by_flag: lines("by_flag", &summary.charges_by_flag, words::flag),
            all: Line {
                label: "All orders".to_owned(),
                figure: told.texts(ALL),
                amounts: columns.amounts(told, ALL, &summary.charges),
            },
            products: in_order(summary, told).into_iter().map(product).collect(),
            in_all: OfProduct {
                label: "All products".to_owned(),
                code: String::new(),
                given: of_use("given", &products.all.given),
                wasted: of_use("wasted", &products.all.wasted),
            },
            beyond: (products.others > 0).then(|| figure::count(products.others)),
            has_modifiers: products.orders_with_modifier > 0,
            ledger: net(&summary.ledger, told, columns),
        }
    }
}

/// The listed products in their order, then those of which anything is withheld, by name, then all others.
fn in_order<'run>(summary: &'run Summary, told: &Disclosure) -> Vec<&'run Product> {
    let is_shown =
        |product: &&Product| ["given", "wasted"].iter().all(|name| told.measures(&product_id(product, name)).is_some());
    let (shown, mut withheld): (Vec<&Product>, Vec<&Product>) = summary.products.listed.iter().partition(is_shown);
    withheld.sort_by_key(|product| (&product.product, &product.code));
    shown.into_iter().chain(withheld).chain(&summary.products.other).collect()
}

fn of_product(product: &Product, told: &Disclosure, columns: Columns) -> OfProduct {
    let is_other = product.product == crate::summary::OTHER_PRODUCTS;
    let part = |name: &str, priced: &Priced| line(String::new(), &product_id(product, name), priced, told, columns);
    OfProduct {
        label: match product.product.as_str() {
            "" => "No product name".to_owned(),
            _ if is_other => "All others".to_owned(),
            name => name.to_owned(),
        },
        code: if is_other { String::new() } else { product.code.clone() },
        given: part("given", &product.given),
        wasted: part("wasted", &product.wasted),
    }
}

fn line(label: String, id: &str, priced: &Priced, told: &Disclosure, columns: Columns) -> Line {
    Line { label, amounts: columns.amounts(told, id, &priced.charges), figure: told.texts(id) }
}

fn net(ledger: &Ledger, told: &Disclosure, columns: Columns) -> Net {
    let label = |step: &str| match step {
        "reversal" => "Lines that take back another: reversed, void, or below zero",
        "reversed" => "The originals of those lines",
        "superseded" => "Originals that a replacement supersedes",
        _ => "Lines that repeat another",
    };
    let steps = ledger.steps.iter();
    Net {
        takes_out: ledger.takes_out(),
        steps: steps
            .map(|step| {
                let line = line(label(step.id).to_owned(), &step_id(step.id), &step.out, told, columns);
                nothing_is_zero(line, &ledger.gross)
            })
            .collect(),
        stays: line("Net".to_owned(), &step_id(NET), &ledger.net, told, columns),
        some_alone: ledger.unmatched_reversals > 0,
        some_replace_nothing: ledger.unmatched_replacements > 0,
    }
}

/// Lines that leave without amounts: their amounts stay in the sums, so that nothing of what the export holds leaves.
fn nothing_is_zero(mut line: Line, gross: &Priced) -> Line {
    let (amounts, held) = (&mut line.amounts, &gross.charges);
    let texts = [
        (&mut amounts.units, held.units.is_some()),
        (&mut amounts.billed, held.billed.is_some()),
        (&mut amounts.allowed, held.allowed.is_some()),
        (&mut amounts.paid, held.paid.is_some()),
        (&mut line.figure.grams, gross.measures.grams.is_some()),
    ];
    for (text, _) in texts.into_iter().filter(|(text, is_held)| *is_held && **text == figure::MISSING) {
        "0".clone_into(text);
    }
    line
}

/// Which amounts are shown, by all figures beside which the section prints any.
fn columns(summary: &Summary, told: &Disclosure) -> Columns {
    let cut = |cut: &'static str, groups: &'_ [Charged]| -> Vec<(String, crate::summary::Charges)> {
        groups.iter().map(|group| (format!("{cut}/{}", group.key), group.charges)).collect()
    };
    let mut all = cut("by_determination", &summary.charges_by_determination);
    all.extend(cut("by_flag", &summary.charges_by_flag));
    for product in summary.products.each() {
        all.push((product_id(product, "given"), product.given.charges));
        all.push((product_id(product, "wasted"), product.wasted.charges));
    }
    all.push((use_id("given"), summary.products.all.given.charges));
    all.push((use_id("wasted"), summary.products.all.wasted.charges));
    all.extend(summary.ledger.steps.iter().map(|step| (step_id(step.id), step.out.charges)));
    all.push((step_id(NET), summary.ledger.net.charges));
    Columns::of(told, &summary.charges, &all)
}
