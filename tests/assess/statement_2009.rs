//! The statement of 2009, clause by clause: each test is a piece of a sentence of that abstract, asked of an order that
//! falls under it. What the abstract does not say is not addressed.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use ivig_audit::assess::{Assessment, Screen, assess, screen};
use ivig_audit::rules::Ruleset;

use crate::bench::Bench;

static RULES: LazyLock<Ruleset> =
    LazyLock::new(|| Ruleset::builtin("aanem-2009").unwrap_or_else(|error| panic!("{error}")));

fn assessed(bench: &Bench) -> Assessment {
    let order = bench.clone().on("2015-03-02").order();
    let Screen::InScope(product) = screen(&RULES, &order) else { panic!("in scope") };
    assess(&RULES, &order, product)
}

fn answers(bench: &Bench, row: &str, words: &str, determination: &str, class: &str) {
    let found = assessed(bench);
    assert_eq!(found.determination.as_str(), determination, "{bench:?}");
    assert_eq!(found.rows.ids(&RULES), [row.to_owned()], "{bench:?}");
    let classes: Vec<&str> = found.evidence(&RULES).iter().map(|class| class.as_str()).collect();
    assert_eq!(classes, if class.is_empty() { vec![] } else { vec![class] }, "{bench:?}");
    let row = RULES.row(row).expect("the row is of the ruleset");
    let statement = &RULES.statement_of(row).text;
    assert!(statement.contains(words), "{words} is not in the statement that the row cites: {statement}");
}

fn says_nothing(bench: &Bench) {
    let found = assessed(bench);
    assert_eq!(found.determination.as_str(), "not_addressed", "{bench:?}");
    assert_eq!(found.rows.ids(&RULES), Vec::<String>::new(), "{bench:?}");
}

/// A test for each clause: its name, an order, the row, the words of the abstract, the answer and the class.
macro_rules! clauses {
    ($($name:ident: $bench:expr, $row:literal, $words:literal, $determination:literal, $class:literal;)*) => {
        $(
            #[test]
            fn $name() {
                answers(&$bench, $row, $words, $determination, $class);
            }
        )*

        /// The rows that a clause supports, with the words of the clause.
        const TESTED: &[(&str, &str)] = &[$(($row, $words)),*];
    };
}

clauses! {
    class_i_evidence_exists_to_support_the_prescription_of_ivig_to_treat_patients_with_guillain_barre_syndrome:
        Bench::dx("357.0"),
        "gbs", "Guillain-Barre syndrome (GBS)", "recommended", "I";
    class_i_evidence_exists_to_support_it_in_cidp:
        Bench::dx("357.81"),
        "cidp", "CIDP", "recommended", "I";
    class_i_evidence_exists_to_support_it_in_multifocal_motor_neuropathy:
        Bench::dx("357.89").text("multifocal motor neuropathy"),
        "mmn", "multifocal motor neuropathy", "recommended", "I";
    class_i_evidence_exists_to_support_it_in_refractory_exacerbations_of_myasthenia_gravis:
        Bench::dx("358.01").text("refractory to steroids"),
        "mg-refractory-exacerbation", "refractory exacerbations of myasthenia gravis", "recommended", "I";
    class_i_evidence_exists_to_support_it_in_lambert_eaton_syndrome:
        Bench::dx("358.30"),
        "lems", "Lambert-Eaton syndrome", "recommended", "I";
    class_i_evidence_exists_to_support_it_in_dermatomyositis:
        Bench::dx("710.3"),
        "dermatomyositis", "dermatomyositis", "recommended", "I";
    and_class_i_evidence_exists_to_support_it_in_stiff_person_syndrome:
        Bench::dx("333.91"),
        "stiff-person", "stiff person syndrome", "recommended", "I";
    treatment_of_fisher_syndrome_is_supported_only_by_class_iv_studies:
        Bench::dx("357.0").text("Miller Fisher syndrome"),
        "miller-fisher", "Treatment of Fisher syndrome", "insufficient_evidence", "IV";
    treatment_of_polymyositis_is_supported_only_by_class_iv_studies:
        Bench::dx("710.4"),
        "polymyositis", "polymyositis", "insufficient_evidence", "IV";
    treatment_of_certain_presumed_autoimmune_neuromuscular_disorders_is_supported_only_by_class_iv_studies:
        Bench::dx("357.9").text("chronic autoimmune neuropathy"),
        "presumed-autoimmune",
        "certain presumed autoimmune neuromuscular disorders is supported only by Class IV studies",
        "insufficient_evidence", "IV";
    there_is_no_convincing_data_to_substantiate_the_treatment_of_inclusion_body_myopathy:
        Bench::dx("359.71"),
        "inclusion-body-myositis", "inclusion body myopathy (IBM)", "insufficient_evidence", "";
    there_is_no_convincing_data_in_idiopathic_neuropathies:
        Bench::dx("356.4"),
        "idiopathic-neuropathy", "idiopathic neuropathies", "insufficient_evidence", "";
    an_idiopathic_small_fiber_neuropathy_is_one_of_the_idiopathic_neuropathies:
        Bench::dx("357.9").text("idiopathic small fiber neuropathy"),
        "sfn-idiopathic", "idiopathic neuropathies", "insufficient_evidence", "";
    there_is_no_convincing_data_in_brachial_plexopathy:
        Bench::dx("353.5").text("neuralgic amyotrophy, no diabetes"),
        "brachial-plexopathy", "brachial plexopathy", "insufficient_evidence", "";
    there_is_no_convincing_data_in_diabetic_amyotrophy:
        Bench::dx("250.60 353.5"),
        "dlrpn", "diabetic amyotrophy", "insufficient_evidence", "";
}

/// One row rests on the same words as another: a reading of them (open question K7).
const READ_FROM_THE_SAME_WORDS: &[&str] = &["sfn-idiopathic"];

#[test]
fn every_row_is_supported_by_a_clause_and_every_clause_has_its_row() {
    let tested: BTreeSet<&str> = TESTED.iter().map(|(row, _)| *row).collect();
    let rows: BTreeSet<&str> = RULES.rows.iter().map(|row| row.id.as_str()).collect();
    assert_eq!(rows, tested);
    assert_eq!(TESTED.len(), rows.len(), "one clause a row");
    let words: BTreeSet<&str> = TESTED.iter().map(|(_, words)| *words).collect();
    assert_eq!(TESTED.len() - words.len(), READ_FROM_THE_SAME_WORDS.len());
}

/// Words by which the abstract joins its clauses; what is left beside them is a clause that no test asks about.
const JOINING: &[&str] = &[
    "class",
    "i",
    "evidence",
    "exists",
    "to",
    "support",
    "the",
    "prescription",
    "of",
    "ivig",
    "treat",
    "patients",
    "with",
    "and",
    "there",
    "is",
    "no",
    "convincing",
    "data",
    "substantiate",
    "treatment",
    "or",
    "using",
];

#[test]
fn no_clause_of_the_quoted_statement_is_left_without_a_test() {
    let mut longest: Vec<&str> = TESTED.iter().map(|(_, words)| *words).collect();
    longest.sort_by_key(|words| std::cmp::Reverse(words.len()));
    for statement in &RULES.statements {
        let rest = longest.iter().fold(statement.text.clone(), |text, words| text.replace(words, " "));
        let words = rest.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase);
        let left: Vec<String> = words.filter(|word| !JOINING.contains(&word.as_str())).collect();
        assert!(left.is_empty(), "{}: {left:?} is asked by no test", statement.id);
    }
}

#[test]
fn the_abstract_does_not_speak_of_stable_myasthenia_gravis() {
    says_nothing(&Bench::dx("358.00"));
    says_nothing(&Bench::dx("358.00").text("stable myasthenia gravis"));
}

#[test]
fn the_abstract_does_not_speak_of_an_exacerbation_that_is_treated_for_the_first_time() {
    says_nothing(&Bench::dx("358.01").text("treatment naive"));
}

#[test]
fn the_abstract_does_not_speak_of_post_polio_syndrome() {
    says_nothing(&Bench::dx("138"));
    says_nothing(&Bench::dx("138").text("post-polio syndrome"));
}

#[test]
fn the_abstract_does_not_speak_of_neuropathies_with_a_paraprotein() {
    for text in
        ["", "IgM paraproteinemic neuropathy, anti-MAG", "IgG paraproteinemic neuropathy", "IgA neuropathy, MGUS"]
    {
        says_nothing(&Bench::dx("273.1 357.4").text(text));
    }
}

#[test]
fn the_abstract_does_not_speak_of_autonomic_neuropathy() {
    says_nothing(&Bench::dx("337.09"));
    says_nothing(&Bench::dx("337.09").text("autoimmune autonomic neuropathy"));
}

#[test]
fn the_abstract_does_not_speak_of_necrotizing_autoimmune_myopathy() {
    for text in ["", "necrotizing autoimmune myopathy", "anti-HMGCR myositis"] {
        says_nothing(&Bench::dx("359.79").text(text));
    }
}

#[test]
fn the_abstract_does_not_speak_of_small_fiber_neuropathies_with_a_known_cause() {
    for text in ["SFN due to diabetes", "diabetic small fiber neuropathy"] {
        says_nothing(&Bench::dx("357.9").text(text));
    }
}

#[test]
fn the_class_of_guillain_barre_syndrome_does_not_depend_on_age() {
    for age in [5, 17, 18, 80] {
        answers(&Bench::dx("357.0").age(age), "gbs", "Guillain-Barre syndrome (GBS)", "recommended", "I");
    }
}
