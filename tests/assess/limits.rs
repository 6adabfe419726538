//! What happens at the limits: nothing that was not looked at is taken for settled.

use std::fmt::Write as _;

use ivig_audit::assess::{Screen, assess, screen};
use ivig_audit::codes::{ProcedureCode, read_diagnosis};
use ivig_audit::guideline::{Determination, Flag};
use ivig_audit::order::{Diagnosis, Order, ProductCodes};
use ivig_audit::rules::{RuleFiles, Ruleset};

fn order(codes: &[&str]) -> Order {
    let diagnoses = codes
        .iter()
        .enumerate()
        .map(|(at, code)| Diagnosis { position: at as u8 + 1, code: read_diagnosis(code, None, None), pointed: false })
        .collect();
    let product = ProductCodes { procedure: ProcedureCode::parse("J1459").ok(), ..ProductCodes::default() };
    Order { product, diagnoses, ..Order::default() }
}

/// The shipped rules with an indication whose one row asks for the first value of `facts` facts that nothing
/// tells, and for another one of the `last`: all assignments but one say nothing.
fn ruleset_with_unknowns(facts: usize, last: &str) -> Ruleset {
    let mut files = RuleFiles::builtin();
    let mut text = files.get("aanem-2023/facts.toml").unwrap().to_owned();
    let mut when = Vec::new();
    for fact in 0..facts {
        let _ = write!(
            text,
            "\n[[fact]]\nid = \"unknown-{fact}\"\nlabel = \"x\"\nask = \"x\"\nvalues = [\"a\", \"b\"]\nvalue-labels = [\"a\", \"b\"]\n"
        );
        let value = if fact + 1 == facts { last } else { "a" };
        when.push(format!("unknown-{fact} = \"{value}\""));
    }
    files.insert("aanem-2023/facts.toml", text);
    files.insert(
        "codes/made-up.csv",
        "system,code,match,label,valid_from,valid_to,source,confidence\nicd10cm,Q99.9,exact,x,2015-10-01,,test,high\n",
    );
    files.insert(
        "aanem-2023/indications/made-up.toml",
        format!(
            "id = \"made-up\"\nlabel = \"x\"\nwhy = \"x\"\n[[match]]\ncodes = \"made-up\"\nstrength = \"exact\"\n[[row]]\nid = \"made-up\"\nlabel = \"x\"\nwhen = {{ {} }}\nrecommendation = \"recommended\"\ncite = {{ statement = \"class-i-recommended\", basis = \"stated\" }}\n",
            when.join(", ")
        ),
    );
    Ruleset::load(&files, "aanem-2023").unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn more_unknowns_than_are_tried_leave_the_answer_open() {
    for (facts, last) in [(3, "a"), (12, "b"), (13, "a"), (13, "b"), (20, "b")] {
        let ruleset = ruleset_with_unknowns(facts, last);
        let order = order(&["Q99.9"]);
        let Screen::InScope(product) = screen(&ruleset, &order) else { panic!("in scope") };
        let found = assess(&ruleset, &order, product);
        assert_eq!(found.determination, Determination::Indeterminate, "{facts} unknown facts");
        assert_eq!(found.open, [Determination::Recommended, Determination::NotAddressed], "{facts} unknown facts");
        assert_eq!(found.flag, Flag::Review);
    }
}
