//! `ivig-audit explain`: one order with its whole chain of reasons.

mod render;

use chrono::NaiveDate;
use clap::Args;

use super::Failure;
use super::output::Output;
use crate::assess::{Assessment, OutOfScope, Screen, Variants, assess_with_variants, screen};
use crate::codes::{Modifier, read_diagnosis};
use crate::exit_code::ExitCode;
use crate::intake::{Layout, Role};
use crate::order::{Age, Diagnosis, Notice, Order, ProductCodes};
use crate::rules::{ProductKind, Rulebook, Ruleset};
use crate::run::resolve;
use crate::scan::{Found, Line, Record};

/// Explains one order, from flags or from a record of a file.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  ivig-audit explain --dx G61.0 --age 7 --product J1569\n  ivig-audit explain --dx D47.2 --dx G63 --text 'IgM kappa, anti-MAG'\n  ivig-audit explain orders.csv --record 42 --json\n  ivig-audit explain lines.csv diagnoses=dx.csv --record 42"
)]
pub(super) struct ExplainArgs {
    /// A file, with --record; companions of the lines as ROLE=PATH
    ///
    /// ROLE is claims, diagnoses, names, patients or authorizations; `layouts list` says which a layout joins.
    #[arg(value_name = "INPUT", requires = "record", conflicts_with_all = ["dx", "text", "product", "ndc", "product_name", "modifier", "age", "birth_date", "date"])]
    inputs: Vec<String>,
    /// 1-based record number in the file, the header not counted
    #[arg(long, value_name = "N", requires = "inputs", value_parser = clap::value_parser!(u64).range(1..))]
    record: Option<u64>,
    /// Number of the line in its record, where a record holds several [default: all of them]
    #[arg(long, value_name = "N", requires = "record")]
    slot: Option<u32>,
    /// Diagnosis code; repeat for several
    #[arg(long, value_name = "CODE")]
    dx: Vec<String>,
    /// Indication text of the order
    #[arg(long, default_value = "", hide_default_value = true)]
    text: String,
    /// Product code of any system, such as HCPCS, CPT, ICD-10-PCS, ICD-9 procedure or ATC [default: taken to be immune globulin by vein]
    #[arg(long, value_name = "CODE")]
    product: Option<String>,
    /// National Drug Code
    #[arg(long, value_name = "NDC")]
    ndc: Option<String>,
    /// Product name, as an order writes it
    #[arg(long, value_name = "NAME")]
    product_name: Option<String>,
    /// Modifier; repeat for several
    #[arg(long, value_name = "XX")]
    modifier: Vec<String>,
    /// Age in years at the service date
    #[arg(long, value_name = "YEARS", value_parser = clap::value_parser!(i32).range(0..=i64::from(Age::MAX_YEARS)))]
    age: Option<i32>,
    /// Birth date
    #[arg(long, value_name = "YYYY-MM-DD", conflicts_with = "age")]
    birth_date: Option<NaiveDate>,
    /// Service date [default: not known]
    #[arg(long, value_name = "YYYY-MM-DD")]
    date: Option<NaiveDate>,
    /// Ruleset id or directory, or in-force: the edition in force on the service date
    ///
    /// `in-force:DIR` puts your ruleset in the place of the shipped edition that it is laid over.
    #[arg(long, default_value = "aanem-2023", env = "IVIG_AUDIT_RULES", value_name = "ID|DIR|in-force")]
    rules: String,
    /// Layout id or file, for a file
    #[arg(long, env = "IVIG_AUDIT_LAYOUT", value_name = "ID|FILE")]
    layout: Option<String>,
    /// Prints JSON
    #[arg(long)]
    json: bool,
}

/// An order with what is said of it, ready to be rendered.
struct Explained<'a> {
    ruleset: &'a Ruleset,
    /// Why this edition decided, where there was a choice.
    chosen: Option<&'static str>,
    order: &'a Order,
    assessment: &'a Assessment,
    /// What the order comes to in other readings, and the edition that it is compared by.
    variants: Variants,
    other: Option<&'a Ruleset>,
    product_given: bool,
}

pub(super) fn run(args: &ExplainArgs, output: &mut Output) -> Result<ExitCode, Failure> {
    let rulebook = Rulebook::open_to_compare(&args.rules).map_err(crate::run::RunError::from)?;
    match args.record {
        Some(record) => record_of(args, &rulebook, record, output),
        _ => order_of_flags(args, &rulebook, output),
    }
}

fn usage(message: impl Into<String>) -> Failure {
    Failure::Message(ExitCode::Usage, message.into())
}

impl ExplainArgs {
    fn gives_product(&self) -> bool {
        self.product.is_some() || self.ndc.is_some() || self.product_name.is_some()
    }
}

fn product_of_flags(args: &ExplainArgs, ruleset: &Ruleset) -> Result<ProductCodes, Failure> {
    let mut product = ProductCodes { name: args.product_name.clone().unwrap_or_default(), ..ProductCodes::default() };
    for modifier in &args.modifier {
        product.modifiers.push(
            Modifier::parse(modifier)
                .map_err(|reason| usage(format!("--modifier: {reason}; accepted are two letters or digits")))?,
        );
    }
    if let Some(cell) = &args.product {
        product.read_code(cell);
        if product.unreadable {
            return Err(usage("--product: it is no code of any system that is read; accepted is a code such as J1459"));
        }
    } else if !args.gives_product() {
        let any = ruleset.products.all().find(|product| product.kind == ProductKind::Intravenous);
        product.read_code(&any.and_then(|any| any.code).map(|code| code.to_string()).unwrap_or_default());
    }
    if let Some(cell) = &args.ndc {
        product.read_ndc(cell);
        if product.unreadable {
            return Err(usage("--ndc: it is no NDC in any form; accepted are 4-4-2, 5-3-2, 5-4-1, 5-4-2 and digits"));
        }
    }
    Ok(product)
}

fn order_of_flags(args: &ExplainArgs, rulebook: &Rulebook, output: &mut Output) -> Result<ExitCode, Failure> {
    if args.dx.is_empty() && args.text.trim().is_empty() && !args.gives_product() {
        return Err(usage("give an order: --dx CODE, --text TEXT or --product CODE, or INPUT --record N"));
    }
    let product = product_of_flags(args, rulebook.newest())?;
    let mut notices = Vec::new();
    let age = match (args.age, args.birth_date, args.date) {
        (Some(years), _, _) => Age::from_years(years),
        (None, Some(birth), Some(service)) => Age::between(birth, service),
        _ => Age::Unknown,
    };
    if age == Age::Unknown && (args.age.is_some() || args.birth_date.is_some()) {
        notices.push(if args.age.is_some() { Notice::AgeUnreadable } else { Notice::BirthDateImplausible });
    }
    let codes = args.dx.iter().flat_map(|cell| cell.split([',', ';', ' ', '|']).filter(|part| !part.is_empty()));
    let diagnoses = codes
        .zip(1..)
        .map(|(cell, position)| Diagnosis { position, code: read_diagnosis(cell, None, args.date), pointed: false })
        .collect();
    let order = Order {
        product,
        service_date: args.date,
        age,
        diagnoses,
        text: args.text.clone(),
        notices,
        ..Order::default()
    };
    output.line(match screen(rulebook.newest(), &order) {
        Screen::OutOfScope(reason) => out_of_scope(args, reason),
        Screen::InScope(product) => {
            let (ruleset, other) = (rulebook.on(order.service_date), rulebook.other_than_on(order.service_date));
            let (assessment, variants) = assess_with_variants(ruleset, other, &order, product);
            let (chosen, product_given) = (chosen(rulebook, order.service_date), args.gives_product());
            let (order, assessment) = (&order, &assessment);
            said(args, &Explained { ruleset, chosen, order, assessment, variants, other, product_given })
        }
    })?;
    Ok(ExitCode::Done)
}

/// Why the edition that decides is the one, where there was a choice.
fn chosen(rulebook: &Rulebook, service: Option<NaiveDate>) -> Option<&'static str> {
    rulebook.has_several().then_some(match service {
        None => "the newest edition, since the service date is not known",
        Some(day) if day < rulebook.first().info.in_force_from.1 => {
            "the first edition, since none was in force on the service date"
        }
        Some(_) => "the edition in force on the service date",
    })
}

fn record_of(args: &ExplainArgs, rulebook: &Rulebook, record: u64, output: &mut Output) -> Result<ExitCode, Failure> {
    use crate::run::RunError;
    let layouts = match &args.layout {
        Some(layout) => vec![Layout::open(layout).map_err(RunError::from)?],
        None => Layout::builtin().map_err(RunError::from)?,
    };
    let inputs = resolve(&args.inputs)?;
    if inputs.iter().filter(|input| input.role == Role::Lines).count() != 1 {
        return Err(usage("--record goes with one file of lines"));
    }
    match crate::run::find(&inputs, &layouts, rulebook, crate::run::today(), record)? {
        Found::Record(found) => {
            let said = said_of_record(args, rulebook, &found, record)?;
            output.line(said)?;
            Ok(ExitCode::Done)
        }
        Found::Rejected(fault) => {
            output.line(rejected(args, fault.id(), &fault.to_string()))?;
            Ok(ExitCode::Done)
        }
        Found::Beyond(records) => Err(usage(format!("--record {record}: the file has {records} records"))),
    }
}

/// What a record holds: its line, or all lines of its slots, or the one of them that was asked for.
fn said_of_record(args: &ExplainArgs, rulebook: &Rulebook, found: &Record, record: u64) -> Result<String, Failure> {
    let lines = match (found, args.slot) {
        (Record::Line(line), None) => return Ok(said_of_line(args, rulebook, line)),
        (Record::Line(_), Some(_)) => return Err(usage(format!("--slot: record {record} holds one line"))),
        (Record::Slots(lines), _) => lines,
    };
    if let Some(slot) = args.slot {
        let numbers: Vec<String> = lines.iter().map(|(number, _)| number.to_string()).collect();
        let line = lines.iter().find(|(number, _)| *number == slot);
        let (_, line) = line.ok_or_else(|| {
            usage(format!("--slot {slot}: record {record} has lines in these slots: {}", numbers.join(", ")))
        })?;
        return Ok(said_of_line(args, rulebook, line));
    }
    let all = lines.iter().map(|(number, line)| {
        let said = said_of_line(args, rulebook, line);
        if args.json {
            format!("{{\"slot\": {number}, \"line\": {said}}}")
        } else {
            format!("slot {number}\n\n{said}\n")
        }
    });
    let all: Vec<String> = all.collect();
    Ok(match (all.is_empty(), args.json) {
        (true, _) => out_of_scope(args, OutOfScope::NoProduct),
        (false, true) => format!("[{}]", all.join(",\n")),
        (false, false) => all.join("\n"),
    })
}

fn said_of_line(args: &ExplainArgs, rulebook: &Rulebook, line: &Line) -> String {
    match line {
        Line::Assessed(decoded, assessment, variants) => {
            let (order, variants) = (&decoded.order, *variants);
            let (ruleset, other) = (rulebook.on(order.service_date), rulebook.other_than_on(order.service_date));
            let chosen = chosen(rulebook, order.service_date);
            said(args, &Explained { ruleset, chosen, order, assessment, variants, other, product_given: true })
        }
        Line::OutOfScope(reason) => out_of_scope(args, *reason),
        Line::Rejected(rejection) => rejected(args, rejection.as_str(), rejection.sentence()),
    }
}

fn said(args: &ExplainArgs, explained: &Explained<'_>) -> String {
    if args.json { render::json(explained) } else { render::text(explained) }
}

fn out_of_scope(args: &ExplainArgs, reason: OutOfScope) -> String {
    if args.json {
        serde_json::json!({ "out_of_scope": reason.as_str() }).to_string()
    } else {
        format!("out of scope: {}. Only immune globulin given by vein is audited.", reason.as_str())
    }
}

fn rejected(args: &ExplainArgs, reason: &str, sentence: &str) -> String {
    if args.json {
        serde_json::json!({ "rejected": reason }).to_string()
    } else {
        format!("rejected: {reason}. {sentence}")
    }
}
