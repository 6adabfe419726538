//! One explained order as text for a terminal, and as JSON.

use serde_json::{Value, json};

use super::Explained;
use crate::assess::explanation::{Explanation, PROMPT};
use crate::assess::{Variants, Wanting, product_code};
use crate::cli::output::wrapped;
use crate::guideline::Determination;

const WIDTH: usize = 100;

fn determination(explained: &Explained<'_>) -> String {
    let assessment = explained.assessment;
    let classes: Vec<&str> = assessment.evidence(explained.ruleset).iter().map(|class| class.as_str()).collect();
    let mut words = assessment.determination.as_str().replace('_', " ");
    if assessment.determination == Determination::Indeterminate {
        let open: Vec<String> = assessment.open.iter().map(|answer| answer.as_str().replace('_', " ")).collect();
        words = format!("{words}: {}", open.join(" or "));
    } else if !classes.is_empty() {
        words = format!("{words} (Class {})", classes.join(" or "));
    }
    words
}

/// What the order comes to in other readings, each with its determination. Where there is one diagnosis, or all are
/// pointed at, the first two say nothing new.
fn other_readings(explained: &Explained<'_>) -> Vec<(String, Determination)> {
    let Variants { first_listed, pointed, other_edition } = explained.variants;
    let several = explained.order.diagnoses.len() > 1;
    let readings = [
        ("the first listed diagnosis alone".to_owned(), first_listed.filter(|_| several)),
        ("the diagnoses that the line points at".to_owned(), pointed.filter(|_| several)),
        (explained.other.map(|other| other.info.name()).unwrap_or_default(), other_edition),
    ];
    readings.into_iter().filter_map(|(by, determination)| Some((by, determination?))).collect()
}

/// The order and its answer for a terminal.
pub(super) fn text(explained: &Explained<'_>) -> String {
    let (ruleset, order, assessment) = (explained.ruleset, explained.order, explained.assessment);
    let explanation = Explanation::new(ruleset, order, assessment);
    let product = ruleset.products.get(assessment.product);
    let mut lines = vec![
        format!("determination  {}", determination(explained)),
        format!("flag           {}", assessment.flag),
        format!("certainty      {}", assessment.certainty),
    ];
    let mut field = |name: &str, words: Vec<String>| {
        if !words.is_empty() {
            lines.push(format!("{name:<14} {}", words.join(", ")));
        }
    };
    field("rows", assessment.rows.ids(ruleset));
    field("also matched", assessment.also_matched.ids(ruleset));
    let wanting = |wanting: Wanting| format!("{}: {}", wanting.id(ruleset), wanting.label(ruleset));
    field("wanting", assessment.wanting.map(wanting).into_iter().collect());
    field(
        "product",
        vec![if explained.product_given {
            let code = product_code(ruleset, &order.product, assessment.product);
            match (product.system.as_str(), code) {
                ("hcpcs" | "cpt", Some(code)) => format!("{code} {}", product.name),
                (system, Some(code)) => format!("{system} {code} {}", product.name),
                (_, None) => format!("{}, told by its name", product.name),
            }
        } else {
            "not given; taken to be immune globulin by vein".to_owned()
        }],
    );
    field("service date", vec![order.service_date.map_or_else(|| "not given".to_owned(), |day| day.to_string())]);
    let chosen = explained.chosen.map(|why| format!("{why} (in force from {})", ruleset.info.in_force_from.0));
    field("ruleset", [Some(ruleset.info.name()), chosen].into_iter().flatten().collect());
    field("warnings", assessment.warnings.iter().map(|warning| warning.as_str().to_owned()).collect());
    lines.push("\nreason".to_owned());
    lines.push(wrapped(&explanation.reason(), "  ", WIDTH));
    if !assessment.steps.is_empty() {
        lines.push("\nsteps".to_owned());
    }
    for (number, step) in explanation.lines().iter().enumerate() {
        lines.push(wrapped(step, "     ", WIDTH).replacen("     ", &format!("{:>3}. ", number + 1), 1));
    }
    if !assessment.would_change.is_empty() {
        lines.push("\nwhat would change it".to_owned());
        for wanting in &assessment.would_change {
            let with = assessment.together.filter(|pair| pair.contains(wanting));
            let other = with.and_then(|pair| pair.into_iter().find(|each| each != wanting));
            let only = other.map(|other| format!(" (only with {})", other.id(ruleset))).unwrap_or_default();
            lines.push(wrapped(
                &format!("- {}: {}{only}", wanting.id(ruleset), explanation.ask(*wanting)),
                "  ",
                WIDTH,
            ));
        }
    }
    let readings = other_readings(explained);
    if !readings.is_empty() {
        lines.push("\nin other readings".to_owned());
    }
    for (by, determination) in readings {
        lines.push(format!("  by {by}: {}", determination.as_str().replace('_', " ")));
    }
    let source = &ruleset.info.source;
    lines.push(format!("\n{}", wrapped(&format!("{}. {}.", source.title, source.citation()), "", WIDTH)));
    lines.push(PROMPT.to_owned());
    lines.join("\n")
}

/// The same as one JSON object.
pub(super) fn json(explained: &Explained<'_>) -> String {
    let (ruleset, order, assessment) = (explained.ruleset, explained.order, explained.assessment);
    let explanation = Explanation::new(ruleset, order, assessment);
    let row = |index: usize| -> Value {
        let row = &ruleset.rows[index];
        json!({
            "id": row.id,
            "label": row.label,
            "recommendation": row.recommendation,
            "evidence_class": row.evidence,
            "statement": ruleset.statement_of(row).text,
            "basis": row.basis,
        })
    };
    let ask = |wanting: &Wanting| json!({ "id": wanting.id(ruleset), "ask": wanting.ask(ruleset) });
    let product = ruleset.products.get(assessment.product);
    let object = json!({
        "determination": assessment.determination,
        "flag": assessment.flag,
        "certainty": assessment.certainty,
        "evidence_class": assessment.evidence(ruleset),
        "indication": assessment.indication.map(|index| ruleset.indications[usize::from(index)].id.clone()),
        "guideline_rows": assessment.rows.iter().map(row).collect::<Vec<_>>(),
        "open": assessment.open,
        "wanting": assessment.wanting.map(|wanting| wanting.id(ruleset)),
        "would_change": assessment.would_change.iter().map(ask).collect::<Vec<_>>(),
        "together": assessment.together.map(|pair| pair.map(|each| each.id(ruleset))),
        "also_matched": assessment.also_matched.ids(ruleset),
        "warnings": assessment.warnings.iter().map(|warning| warning.as_str()).collect::<Vec<_>>(),
        "reason": explanation.reason(),
        "steps": explanation.lines(),
        "order": {
            "product": if explained.product_given { json!({
                "system": product.system,
                "code": product_code(ruleset, &order.product, assessment.product),
                "name": product.name,
            }) } else { Value::Null },
            "service_date": order.service_date.map(|day| day.to_string()),
            "age_years": order.age.years(),
            "diagnoses": order.diagnoses.iter().filter_map(|diagnosis| diagnosis.code.ok().map(|code| code.to_string())).collect::<Vec<_>>(),
        },
        "first_listed": explained.variants.first_listed,
        "pointed": explained.variants.pointed,
        "other_edition": explained.other.map(|other| other.info.name()),
        "other_edition_determination": explained.variants.other_edition,
        "ruleset": ruleset.info.name(),
        "ruleset_chosen": explained.chosen,
        "source": { "pmid": ruleset.info.source.pmid, "doi": ruleset.info.source.doi, "title": ruleset.info.source.title },
        "prompt": PROMPT,
    });
    serde_json::to_string_pretty(&object).unwrap_or_default()
}
