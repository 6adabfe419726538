//! A digest of what is said of made-up orders: equal in two builds where both say the same, step by step.
//!
//! `cargo run --release -p ivig-audit-benches --example digest -- [ORDERS [SEED]]` prints one line for every 20,000
//! orders; `-- ORDERS SEED AT` prints the order at a place and all that is said of it; `-- ORDERS SEED - time` assesses only.

use std::fmt::Write;
use std::hash::{DefaultHasher, Hasher};

use chrono::{Days, NaiveDate};
use ivig_audit::assess::explanation::Explanation;
use ivig_audit::assess::{Screen, assess, screen};
use ivig_audit::codes::read_diagnosis;
use ivig_audit::order::{Age, Diagnosis, Notice, Order};
use ivig_audit::rules::{CueKind, Meaning, Ruleset};

/// How many orders one line stands for.
const BLOCK: u64 = 20_000;

/// Throws of a die that fall alike for one seed.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end.max(1) as u64).unwrap_or_default()
    }

    fn lucky(&mut self, percent: u64) -> bool {
        self.next() % 100 < percent
    }

    fn one<'t, T>(&mut self, of: &'t [T]) -> &'t T {
        &of[self.below(of.len())]
    }

    fn word<'t, T: AsRef<str>>(&mut self, of: &'t [T]) -> &'t str {
        self.one(of).as_ref()
    }
}

/// What made-up orders are made of.
struct Stock {
    /// Codes, by list.
    lists: Vec<Vec<String>>,
    /// Codes of the lists of one indication.
    indications: Vec<Vec<String>>,
    telling: Vec<String>,
    cues: Vec<String>,
    /// Phrases, by indication that they name and the facts that its rows ask about.
    about: Vec<Vec<String>>,
}

/// Codes that may go wrong: headers, children that never existed, codes of no list, cells that are no code.
const ODD: [&str; 14] =
    ["G61", "G35", "D83", "I10", "E11.9", "Z79.52", "G61.899", "M33", "x", "", "357.0", "V58.12", "G70.0", "U07.1"];

/// Words between phrases, with breaks of all kinds.
const JOINTS: [&str; 26] = [
    " ",
    ", ",
    ". ",
    "; ",
    " and ",
    " or ",
    ": ",
    " (",
    ") ",
    " - ",
    "/",
    "\n",
    "+, ",
    " vs. ",
    " of ",
    " due to ",
    " in 2019, ",
    " in 2024 ",
    " with ",
    "? ",
    " ?",
    " -, ",
    " abc ",
    " + ",
    "é ",
    " x 3 days. Q.I.D. The ",
];

impl Stock {
    fn of(ruleset: &Ruleset) -> Self {
        let codes = |rows: &[ivig_audit::rules::ListRow]| rows.iter().map(|row| row.code.clone()).collect::<Vec<_>>();
        let lists: Vec<Vec<String>> = ruleset.lists.all().map(|list| codes(&list.rows)).collect();
        let of_indication = |each: &ivig_audit::rules::Indication| {
            let own = each.matches.iter().flat_map(|each| &each.lists);
            own.flat_map(|list| codes(&ruleset.lists.get(*list).rows)).collect::<Vec<_>>()
        };
        let is_cue = |meanings: &[Meaning]| {
            meanings.iter().any(|each| matches!(each, Meaning::Cue(kind) if *kind != CueKind::Result))
        };
        let phrases = |wanted: &dyn Fn(&[Meaning]) -> bool| -> Vec<String> {
            ruleset
                .phrases
                .all()
                .filter(|(_, meanings)| wanted(meanings))
                .map(|(phrase, _)| phrase.to_owned())
                .collect()
        };
        let about = |at: usize| {
            let rows = ruleset.rows[ruleset.indications[at].rows.clone()].iter();
            let facts: Vec<u8> = rows.flat_map(|row| row.when.terms.iter().map(|(fact, _)| *fact)).collect();
            phrases(&|meanings| {
                meanings.iter().any(|each| match each {
                    Meaning::Name { indication, .. } => usize::from(*indication) == at,
                    Meaning::Fact { fact, .. } => facts.contains(fact),
                    _ => false,
                })
            })
        };
        Self {
            indications: ruleset.indications.iter().map(of_indication).filter(|codes| !codes.is_empty()).collect(),
            lists: lists.into_iter().filter(|codes| !codes.is_empty()).collect(),
            telling: phrases(&|meanings| !is_cue(meanings)),
            cues: phrases(&is_cue),
            about: (0..ruleset.indications.len()).map(about).filter(|own| !own.is_empty()).collect(),
        }
    }

    fn text(&self, dice: &mut Dice) -> String {
        let mut text = String::new();
        let about = dice.one(&self.about);
        for _ in 0..dice.below(9) {
            if dice.lucky(45) {
                text.push_str(dice.word(&self.cues));
                text.push_str(if dice.lucky(80) { " " } else { dice.word(&JOINTS) });
            }
            let phrase = if dice.lucky(60) { dice.word(about) } else { dice.word(&self.telling) };
            match dice.below(3) {
                0 => text.push_str(&phrase.to_uppercase()),
                _ => text.push_str(phrase),
            }
            text.push_str(dice.word(&JOINTS));
        }
        text
    }

    fn order(&self, dice: &mut Dice) -> Order {
        let mut order = Order::default();
        order.product.read_code(dice.word(&["J1459", "J1569", "J1561", "90283", "J1599", "C9399", "J3490"]));
        let first = NaiveDate::from_ymd_opt(2008, 1, 1).unwrap_or_default();
        order.service_date = dice.lucky(92).then(|| first + Days::new(dice.next() % 7000));
        order.age = match dice.below(10) {
            0 | 1 => Age::Unknown,
            2 => Age::at_least(dice.below(110) as i32),
            3 => Age::within(dice.below(30) as i32, dice.below(60) as i32),
            4 | 5 => Age::from_years(dice.below(18) as i32),
            _ => Age::from_years(dice.below(100) as i32),
        };
        let own = dice.one(&self.indications);
        let most = if dice.lucky(3) { 40 } else { 6 };
        for position in 1..=dice.below(most) as u8 {
            let code = match dice.below(10) {
                0 => ODD[dice.below(ODD.len())],
                1..=5 => dice.word(own),
                _ => {
                    let list = dice.one(&self.lists);
                    dice.word(list)
                }
            };
            let code = read_diagnosis(code, None, order.service_date);
            order.diagnoses.push(Diagnosis { position, code, pointed: false });
        }
        if dice.lucky(55) {
            order.text = self.text(dice);
        }
        if dice.lucky(10) {
            order.notices.push(*dice.one(&[Notice::AgeUnreadable, Notice::ServiceDateUnreadable, Notice::AgeMasked]));
        }
        if dice.lucky(15) {
            dice.word(&["Gammagard Liquid", "Privigen 10%", "Hizentra", "immune globulin", "saline"])
                .clone_into(&mut order.product.name);
        }
        order.dates_shifted = dice.lucky(5);
        order
    }
}

/// All that is said of an order.
fn said(ruleset: &Ruleset, order: &Order, all: &mut String) {
    all.clear();
    let product = match screen(ruleset, order) {
        Screen::InScope(product) => product,
        Screen::OutOfScope(reason) => {
            all.push_str(reason.as_str());
            return;
        }
    };
    let assessment = assess(ruleset, order, product);
    let explanation = Explanation::new(ruleset, order, &assessment);
    let lines = explanation.lines();
    let asked: Vec<&str> = assessment.would_change.iter().map(|each| explanation.ask(*each)).collect();
    let _ = write!(all, "{assessment:?}\n{lines:#?}\n{}\n{asked:?}", explanation.reason());
}

/// How long assessing takes, of orders that are made before.
fn time(ruleset: &Ruleset, stock: &Stock, orders: u64, seed: u64) {
    let made: Vec<Order> = (0..orders).map(|at| stock.order(&mut Dice(seed << 40 | at << 8))).collect();
    let in_scope: Vec<_> = made
        .iter()
        .filter_map(|order| match screen(ruleset, order) {
            Screen::InScope(product) => Some((order, product)),
            Screen::OutOfScope(_) => None,
        })
        .collect();
    let start = std::time::Instant::now();
    let findings =
        in_scope.iter().filter(|(order, product)| assess(ruleset, order, *product).flag.is_finding()).count();
    let each = start.elapsed().as_nanos() / in_scope.len().max(1) as u128;
    println!("{} orders, {findings} findings, {each} ns an order", in_scope.len());
}

fn main() {
    let number =
        |at: usize, default: u64| std::env::args().nth(at).and_then(|cell| cell.parse().ok()).unwrap_or(default);
    let (orders, seed, wanted) = (number(1, 200_000), number(2, 1), number(3, u64::MAX));
    let rulesets: Vec<Ruleset> =
        ["aanem-2023", "aanem-2009"].iter().map(|id| Ruleset::builtin(id).expect("it ships")).collect();
    let stocks: Vec<Stock> = rulesets.iter().map(Stock::of).collect();
    let (mut digest, mut all) = (DefaultHasher::new(), String::new());
    if std::env::args().nth(4).is_some_and(|word| word == "time") {
        return time(&rulesets[0], &stocks[0], orders, seed);
    }
    let mut findings = 0;
    for at in 0..orders {
        let dice = &mut Dice(seed << 40 | at << 8);
        let edition = usize::from(dice.lucky(25));
        let order = stocks[edition].order(dice);
        said(&rulesets[edition], &order, &mut all);
        findings += u64::from(all.contains("would_change: [F") || all.contains("would_change: [D"));
        if at == wanted {
            println!("{order:#?}\n{all}");
        }
        digest.write(all.as_bytes());
        if (at + 1) % BLOCK == 0 || at + 1 == orders {
            println!("{:>9} {:016x} {findings} findings", at + 1, digest.finish());
        }
    }
}
