//! The statement, clause by clause. Each test is a sentence of the abstract, asked of orders that fall under it;
//! together they are all that it recommends for or against, and the rows are no more than they.

use std::collections::BTreeSet;

use crate::bench::{Bench, RULES};

fn answers(bench: &Bench, row: &str, words: &str, determination: &str, class: &str) {
    let said = bench.said();
    assert_eq!((said.determination.as_str(), said.rows), (determination, vec![row.to_owned()]), "{bench:?}");
    let classes = if class.is_empty() { Vec::new() } else { vec![class.to_owned()] };
    assert_eq!(said.evidence, classes, "{bench:?}");
    let row = RULES.row(row).expect("the row is of the ruleset");
    let statement = &RULES.statement_of(row).text;
    assert!(statement.contains(words), "{words} is not in the statement that the row cites: {statement}");
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
    ivig_is_recommended_in_cidp:
        Bench::dx("G61.81"),
        "cidp", "chronic inflammatory demyelinating polyneuropathy", "recommended", "I";
    ivig_is_recommended_in_guillain_barre_syndrome_in_adults:
        Bench::dx("G61.0").age(30),
        "gbs-adult", "Guillain-Barré Syndrome (GBS) in adults", "recommended", "I";
    ivig_is_recommended_in_multifocal_motor_neuropathy:
        Bench::dx("G61.82"),
        "mmn", "multifocal motor neuropathy", "recommended", "I";
    ivig_is_recommended_in_dermatomyositis:
        Bench::dx("M33.12"),
        "dermatomyositis", "dermatomyositis", "recommended", "I";
    ivig_is_recommended_in_stiff_person_syndrome:
        Bench::dx("G25.82"),
        "stiff-person", "stiff-person syndrome", "recommended", "I";
    ivig_is_recommended_in_myasthenia_gravis_exacerbations:
        Bench::dx("G70.01"),
        "mg-exacerbation", "myasthenia gravis exacerbations", "recommended", "I";
    but_not_stable_disease:
        Bench::dx("G70.00").text("stable"),
        "mg-stable", "but not stable disease", "not_recommended", "I";
    ivig_is_also_recommended_for_lambert_eaton_myasthenic_syndrome:
        Bench::dx("G70.80"),
        "lems", "Lambert-Eaton myasthenic syndrome", "recommended", "II";
    and_pediatric_guillain_barre_syndrome:
        Bench::dx("G61.0").age(9),
        "gbs-pediatric", "pediatric GBS", "recommended", "II";
    ivig_is_not_recommended_for_inclusion_body_myositis:
        Bench::dx("G72.41"),
        "inclusion-body-myositis", "inclusion body myositis", "not_recommended", "I";
    ivig_is_not_recommended_for_post_polio_syndrome:
        Bench::dx("G14"),
        "post-polio", "post-polio syndrome", "not_recommended", "I";
    ivig_is_not_recommended_for_igm_paraproteinemic_neuropathy:
        Bench::dx("D47.2 G63").text("IgM"),
        "igm-paraproteinemic", "IgM paraproteinemic neuropathy", "not_recommended", "I";
    ivig_is_not_recommended_for_small_fiber_neuropathy_that_is_idiopathic:
        Bench::dx("G60.9").text("idiopathic small fiber neuropathy"),
        "sfn-idiopathic", "small fiber neuropathy that is idiopathic", "not_recommended", "I";
    or_associated_with_tri_sulfated_heparin_disaccharide_autoantibodies:
        Bench::dx("G60.9").text("small fiber neuropathy, tri-sulfated heparin disaccharide antibodies"),
        "sfn-ts-hds", "tri-sulfated heparin disaccharide", "not_recommended", "I";
    or_with_fibroblast_growth_factor_receptor_3_autoantibodies:
        Bench::dx("G60.9").text("small fiber neuropathy, fibroblast growth factor receptor-3 antibodies"),
        "sfn-fgfr3", "fibroblast growth factor receptor-3 autoantibodies", "not_recommended", "I";
    it_should_be_considered_for_anti_hmgcr_myositis:
        Bench::dx("G72.49").text("anti-HMGCR myositis"),
        "anti-hmgcr-myopathy", "it should be considered for anti-hydroxy-3-methyl-glutaryl-coenzyme A reductase myositis given the risk of long-term disability", "consider", "IV";
    only_class_iv_evidence_exists_in_necrotizing_autoimmune_myopathy:
        Bench::dx("G72.49").text("necrotizing autoimmune myopathy, seronegative"),
        "necrotizing-myopathy-other", "only Class IV evidence exists for IVIG use in necrotizing autoimmune myopathy", "insufficient_evidence", "IV";
    insufficient_evidence_exists_in_miller_fisher_syndrome:
        Bench::dx("G61.0").age(50).text("Miller-Fisher syndrome"),
        "miller-fisher", "Miller-Fisher syndrome", "insufficient_evidence", "";
    insufficient_evidence_exists_in_igg_paraproteinemic_neuropathy:
        Bench::dx("D47.2 G63").text("IgG paraproteinemic neuropathy"),
        "igg-paraproteinemic", "IgG", "insufficient_evidence", "";
    insufficient_evidence_exists_in_iga_paraproteinemic_neuropathy:
        Bench::dx("D47.2 G63").text("IgA paraproteinemic neuropathy"),
        "iga-paraproteinemic", "IgA paraproteinemic neuropathy", "insufficient_evidence", "";
    insufficient_evidence_exists_in_autonomic_neuropathy:
        Bench::dx("G90.09"),
        "autonomic", "autonomic neuropathy", "insufficient_evidence", "";
    insufficient_evidence_exists_in_chronic_autoimmune_neuropathy:
        Bench::dx("G61.89").text("chronic autoimmune neuropathy"),
        "chronic-autoimmune", "chronic autoimmune neuropathy", "insufficient_evidence", "";
    insufficient_evidence_exists_in_polymyositis:
        Bench::dx("M33.20"),
        "polymyositis", "polymyositis", "insufficient_evidence", "";
    insufficient_evidence_exists_in_idiopathic_brachial_plexopathy:
        Bench::dx("G54.5"),
        "brachial-plexopathy", "idiopathic brachial plexopathy", "insufficient_evidence", "";
    insufficient_evidence_exists_in_diabetic_lumbosacral_radiculoplexopathy:
        Bench::dx("E11.44"),
        "dlrpn", "diabetic lumbosacral radiculoplexopathy", "insufficient_evidence", "";
}

#[test]
fn every_row_is_supported_by_a_clause_and_every_clause_has_its_row() {
    let tested: BTreeSet<&str> = TESTED.iter().map(|(row, _)| *row).collect();
    let rows: BTreeSet<&str> = RULES.rows.iter().map(|row| row.id.as_str()).collect();
    assert_eq!(rows, tested);
    assert_eq!(TESTED.len(), rows.len(), "one clause a row");
}

/// Words by which the abstract joins its clauses; what is left beside them is a clause that no test asks about.
const JOINING: &[&str] = &[
    "based",
    "on",
    "class",
    "i",
    "ii",
    "evidence",
    "ivig",
    "is",
    "also",
    "not",
    "recommended",
    "in",
    "for",
    "the",
    "treatment",
    "of",
    "and",
    "or",
    "associated",
    "with",
    "autoantibodies",
    "although",
    "insufficient",
    "exists",
    "use",
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
