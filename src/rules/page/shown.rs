//! Examples: orders, and the answers they must get.

use super::sheet::Sheet;
use crate::rules::example::{Example, ExampleOrder, Expectation};
use crate::rules::ruleset::{Indication, Ruleset};

pub(super) fn write(sheet: &mut Sheet, ruleset: &Ruleset, indication: &Indication) {
    for (near_miss, heading) in [(false, "Examples"), (true, "Near misses: what it must not be taken for")] {
        if !indication.examples.iter().any(|(_, example)| example.near_miss == near_miss) {
            continue;
        }
        sheet.heading(heading);
        for (_, example) in indication.examples.iter().filter(|(_, example)| example.near_miss == near_miss) {
            write_example(sheet, ruleset, example);
        }
    }
    let below = indication.inherited.len();
    if below > 0 {
        let base = ruleset.info.extends.as_deref().unwrap_or_default();
        sheet.gap();
        sheet.paragraph(0, &format!("{below} more stand in the rules below ({base})."));
    }
}

fn write_example(sheet: &mut Sheet, ruleset: &Ruleset, example: &Example) {
    sheet.item(0, &example.name);
    sheet.columns(4, "Order", 6, &order(&example.order));
    sheet.columns(4, "Answer", 6, &answer(ruleset, &example.expect));
}

fn order(order: &ExampleOrder) -> String {
    let mut parts = vec![if order.dx.is_empty() { "no diagnosis code".to_owned() } else { order.dx.join(", ") }];
    if !order.text.is_empty() {
        parts.push(format!("\"{}\"", order.text));
    }
    if !order.texts.is_empty() {
        parts.push(format!("any of \"{}\"", order.texts.join("\", \"")));
    }
    parts.extend(order.age.map(|age| format!("age {age}")));
    parts.extend(order.birth_date.as_ref().map(|day| format!("born {day}")));
    parts.extend(
        order
            .date
            .as_ref()
            .map(|day| if day.is_empty() { "no service date".to_owned() } else { format!("service on {day}") }),
    );
    parts.extend(
        order
            .product
            .as_ref()
            .map(|code| if code.is_empty() { "no product code".to_owned() } else { format!("product {code}") }),
    );
    if !order.modifiers.is_empty() {
        parts.push(format!("modifier {}", order.modifiers.join(", ")));
    }
    parts.join("; ")
}

fn answer(ruleset: &Ruleset, expect: &Expectation) -> String {
    let words = |word: &String| word.replace(['_', '-'], " ");
    let mut parts = Vec::new();
    parts.extend(expect.out_of_scope.as_ref().map(|reason| format!("out of scope ({})", words(reason))));
    let rows = expect.rows.as_ref().filter(|rows| !rows.is_empty());
    let rows = rows.map(|rows| format!(" ({})", rows.join(", "))).unwrap_or_default();
    parts.extend(expect.determination.as_ref().map(|answer| format!("{}{rows}", words(answer))));
    let listed = |lead: &str, items: &Option<Vec<String>>| {
        items.as_ref().filter(|items| !items.is_empty()).map(|items| format!("{lead} {}", items.join(", ")))
    };
    parts.extend(listed("Class", &expect.evidence));
    parts.extend(expect.certainty.as_ref().map(|word| match word.as_str() {
        "text" => "the text decides".to_owned(),
        other => other.to_owned(),
    }));
    let open = expect.open.as_ref().map(|open| open.iter().map(words).collect());
    parts.extend(listed("open between", &open));
    let wanting = expect.wanting.as_ref().map(|id| {
        let fact = ruleset.facts.iter().find(|fact| fact.id == *id);
        format!("wanting: {}", fact.map_or(id.as_str(), |fact| fact.label.as_str()))
    });
    parts.extend(wanting);
    parts.extend(listed("also matched", &expect.also));
    let warnings = expect.warnings.as_ref().map(|warnings| warnings.iter().map(words).collect());
    parts.extend(listed("warning:", &warnings));
    parts.extend(expect.flag.as_ref().map(|flag| match flag.as_str() {
        "review" => "for review".to_owned(),
        other => other.to_owned(),
    }));
    parts.join("; ")
}
