//! The statement, clause by clause. Each test is a sentence of the abstract, asked of orders that fall under it.

use crate::bench::Bench;

fn answers(bench: &Bench, row: &str, determination: &str, class: &str) {
    let said = bench.said();
    assert_eq!((said.determination.as_str(), said.rows), (determination, vec![row.to_owned()]), "{bench:?}");
    let classes = if class.is_empty() { Vec::new() } else { vec![class.to_owned()] };
    assert_eq!(said.evidence, classes, "{bench:?}");
}

macro_rules! clause {
    ($name:ident, $bench:expr, $row:literal, $determination:literal, $class:literal) => {
        #[test]
        fn $name() {
            answers(&$bench, $row, $determination, $class);
        }
    };
}

clause!(ivig_is_recommended_in_cidp, Bench::dx("G61.81"), "cidp", "recommended", "I");
clause!(
    ivig_is_recommended_in_guillain_barre_syndrome_in_adults,
    Bench::dx("G61.0").age(30),
    "gbs-adult",
    "recommended",
    "I"
);
clause!(ivig_is_recommended_in_multifocal_motor_neuropathy, Bench::dx("G61.82"), "mmn", "recommended", "I");
clause!(ivig_is_recommended_in_dermatomyositis, Bench::dx("M33.12"), "dermatomyositis", "recommended", "I");
clause!(ivig_is_recommended_in_stiff_person_syndrome, Bench::dx("G25.82"), "stiff-person", "recommended", "I");
clause!(
    ivig_is_recommended_in_myasthenia_gravis_exacerbations,
    Bench::dx("G70.01"),
    "mg-exacerbation",
    "recommended",
    "I"
);
clause!(but_not_stable_disease, Bench::dx("G70.00").text("stable"), "mg-stable", "not_recommended", "I");
clause!(
    ivig_is_also_recommended_for_lambert_eaton_myasthenic_syndrome,
    Bench::dx("G70.80"),
    "lems",
    "recommended",
    "II"
);
clause!(and_pediatric_guillain_barre_syndrome, Bench::dx("G61.0").age(9), "gbs-pediatric", "recommended", "II");
clause!(
    ivig_is_not_recommended_for_inclusion_body_myositis,
    Bench::dx("G72.41"),
    "inclusion-body-myositis",
    "not_recommended",
    "I"
);
clause!(ivig_is_not_recommended_for_post_polio_syndrome, Bench::dx("G14"), "post-polio", "not_recommended", "I");
clause!(
    ivig_is_not_recommended_for_igm_paraproteinemic_neuropathy,
    Bench::dx("D47.2 G63").text("IgM"),
    "igm-paraproteinemic",
    "not_recommended",
    "I"
);
clause!(
    ivig_is_not_recommended_for_small_fiber_neuropathy_that_is_idiopathic,
    Bench::dx("G60.9").text("idiopathic small fiber neuropathy"),
    "sfn-idiopathic",
    "not_recommended",
    "I"
);
clause!(
    or_associated_with_tri_sulfated_heparin_disaccharide_autoantibodies,
    Bench::dx("G60.9").text("small fiber neuropathy, tri-sulfated heparin disaccharide antibodies"),
    "sfn-ts-hds",
    "not_recommended",
    "I"
);
clause!(
    or_with_fibroblast_growth_factor_receptor_3_autoantibodies,
    Bench::dx("G60.9").text("small fiber neuropathy, fibroblast growth factor receptor-3 antibodies"),
    "sfn-fgfr3",
    "not_recommended",
    "I"
);
clause!(
    it_should_be_considered_for_anti_hmgcr_myositis,
    Bench::dx("G72.49").text("anti-HMGCR myositis"),
    "anti-hmgcr-myopathy",
    "consider",
    "IV"
);
clause!(
    only_class_iv_evidence_exists_in_necrotizing_autoimmune_myopathy,
    Bench::dx("G72.49").text("necrotizing autoimmune myopathy, seronegative"),
    "necrotizing-myopathy-other",
    "insufficient_evidence",
    "IV"
);
clause!(
    insufficient_evidence_exists_in_miller_fisher_syndrome,
    Bench::dx("G61.0").age(50).text("Miller-Fisher syndrome"),
    "miller-fisher",
    "insufficient_evidence",
    ""
);
clause!(
    insufficient_evidence_exists_in_igg_paraproteinemic_neuropathy,
    Bench::dx("D47.2 G63").text("IgG paraproteinemic neuropathy"),
    "igg-paraproteinemic",
    "insufficient_evidence",
    ""
);
clause!(
    insufficient_evidence_exists_in_iga_paraproteinemic_neuropathy,
    Bench::dx("D47.2 G63").text("IgA paraproteinemic neuropathy"),
    "iga-paraproteinemic",
    "insufficient_evidence",
    ""
);
clause!(
    insufficient_evidence_exists_in_autonomic_neuropathy,
    Bench::dx("G90.09"),
    "autonomic",
    "insufficient_evidence",
    ""
);
clause!(
    insufficient_evidence_exists_in_chronic_autoimmune_neuropathy,
    Bench::dx("G61.89").text("chronic autoimmune neuropathy"),
    "chronic-autoimmune",
    "insufficient_evidence",
    ""
);
clause!(insufficient_evidence_exists_in_polymyositis, Bench::dx("M33.20"), "polymyositis", "insufficient_evidence", "");
clause!(
    insufficient_evidence_exists_in_idiopathic_brachial_plexopathy,
    Bench::dx("G54.5"),
    "brachial-plexopathy",
    "insufficient_evidence",
    ""
);
clause!(
    insufficient_evidence_exists_in_diabetic_lumbosacral_radiculoplexopathy,
    Bench::dx("E11.44"),
    "dlrpn",
    "insufficient_evidence",
    ""
);
