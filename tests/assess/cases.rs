//! Worked orders that rest on codes, dates, ages and products.

use crate::bench::{Case, run};

const CODES_ALONE: &[Case] = &[
    ("cidp", "G61.81", "", "", "recommended cidp clear stated class=I"),
    ("cidp undotted", "g6181", "", "", "recommended cidp clear stated"),
    ("guillain-barre is broad", "G61.0", "", "age=61", "recommended gbs-adult clear presumed class=I"),
    ("lambert-eaton in neoplasm", "G70.81 C34.90", "", "", "recommended lems clear stated class=II"),
    ("stiff-man", "G25.82", "", "", "recommended stiff-person clear stated class=I"),
    ("exacerbation", "G70.01", "", "", "recommended mg-exacerbation clear stated class=I"),
    ("without exacerbation", "G70.00", "", "", "not_recommended mg-stable flagged presumed class=I"),
    ("both courses coded", "G70.00 G70.01", "", "", "recommended mg-exacerbation clear"),
    (
        "the myasthenia header",
        "G70.0",
        "",
        "",
        "indeterminate mg-exacerbation+mg-stable review presumed open=recommended+not_recommended wanting=mg-course warns=header-code",
    ),
    ("inclusion body", "G72.41", "", "", "not_recommended inclusion-body-myositis flagged stated class=I"),
    ("post-polio", "G14", "", "", "not_recommended post-polio flagged stated class=I"),
    ("sequelae of polio", "B91", "", "", "not_addressed - review stated"),
    ("adult dermatomyositis", "M33.11", "", "", "recommended dermatomyositis clear stated"),
    ("juvenile dermatomyositis", "M33.09", "", "age=6", "recommended dermatomyositis clear stated"),
    ("in neoplasm", "M36.0 C50.911", "", "", "recommended dermatomyositis clear presumed"),
    (
        "dermatopolymyositis",
        "M33.91",
        "",
        "",
        "indeterminate dermatomyositis+polymyositis review presumed open=recommended+insufficient_evidence wanting=myositis-type",
    ),
    ("polymyositis", "M33.21", "", "", "insufficient_evidence polymyositis flagged stated class=-"),
    (
        "other inflammatory myopathy",
        "G72.49",
        "",
        "",
        "indeterminate anti-hmgcr-myopathy+necrotizing-myopathy-other review presumed open=consider+insufficient_evidence+not_addressed wanting=myositis-antibody",
    ),
    ("critical illness myopathy", "G72.81", "", "", "not_addressed - review stated"),
    ("idiopathic autonomic", "G90.09", "", "", "insufficient_evidence autonomic flagged stated"),
    ("autonomic in disease", "G99.0", "", "", "insufficient_evidence autonomic review presumed"),
    ("diabetic autonomic", "E13.43", "", "", "insufficient_evidence autonomic review presumed"),
    ("carotid sinus", "G90.01", "", "", "not_addressed - review stated"),
    ("amyotrophy", "E10.44", "", "", "insufficient_evidence dlrpn flagged stated"),
    ("amyotrophy by two codes", "E09.42 G54.1", "", "", "insufficient_evidence dlrpn review presumed"),
    ("neuralgic amyotrophy", "G54.5", "", "", "insufficient_evidence brachial-plexopathy flagged stated"),
    ("chronic autoimmune proxy", "G61.9", "", "", "insufficient_evidence chronic-autoimmune review presumed"),
    ("nothing listed", "G62.9 I10", "", "", "not_addressed - review stated"),
    ("nerves in Sjogren, not told", "M35.06", "", "", "not_addressed - review presumed"),
];

#[test]
fn codes_alone() {
    run(CODES_ALONE);
}

const COMBINATIONS_OF_CODES: &[Case] = &[
    (
        "gammopathy in disease",
        "G63 D47.2",
        "",
        "",
        "indeterminate igm-paraproteinemic+igg-paraproteinemic+iga-paraproteinemic flagged presumed open=insufficient_evidence+not_recommended wanting=isotype",
    ),
    (
        "gammopathy and an unspecific code",
        "D47.2 G60.9",
        "",
        "",
        "indeterminate igm-paraproteinemic+igg-paraproteinemic+iga-paraproteinemic review open=insufficient_evidence+not_recommended+not_addressed wanting=isotype",
    ),
    (
        "gammopathy and a proxy: not every open answer would be flagged",
        "D47.2 G61.89",
        "",
        "",
        "indeterminate igm-paraproteinemic+igg-paraproteinemic+iga-paraproteinemic review presumed open=insufficient_evidence+not_recommended+not_addressed",
    ),
    (
        "macroglobulinemia and a neuropathy code that is broad by itself",
        "273.3 357.89",
        "",
        "date=2012-03-01",
        "not_recommended igm-paraproteinemic flagged presumed",
    ),
    (
        "gammopathy, an inflammatory neuropathy and the word that the two are unrelated",
        "D47.2 G61.89",
        "incidental MGUS, unrelated",
        "",
        "insufficient_evidence chronic-autoimmune review",
    ),
    ("waldenstrom is IgM", "C88.00 G63", "", "date=2025-01-15", "not_recommended igm-paraproteinemic flagged presumed"),
    ("gammopathy alone", "D47.2", "", "", "not_addressed - review stated"),
    ("cidp beside a gammopathy", "D47.2 G61.81", "", "", "recommended cidp clear stated warns=review-note"),
    ("cidp beside myeloma", "C90.01 G61.81", "", "", "recommended cidp clear stated warns=review-note"),
    (
        "better supported governs",
        "G72.41 G25.82",
        "",
        "",
        "recommended stiff-person clear also=inclusion-body-myositis warns=several-rows",
    ),
    ("two of one answer", "G14 G72.41", "", "", "not_recommended inclusion-body-myositis+post-polio flagged stated"),
    (
        "two flagged of two answers",
        "G14 G54.5",
        "",
        "",
        "insufficient_evidence brachial-plexopathy flagged also=post-polio",
    ),
    ("active over sequela", "G65.0 G61.0", "", "age=70", "recommended gbs-adult clear"),
    (
        "a code twice",
        "G63 G63 D47.2 D47.2",
        "",
        "",
        "indeterminate igm-paraproteinemic+igg-paraproteinemic+iga-paraproteinemic flagged",
    ),
];

#[test]
fn combinations_of_codes() {
    run(COMBINATIONS_OF_CODES);
}

const USES_OUTSIDE_THE_STATEMENT: &[Case] = &[
    ("immunodeficiency", "D80.1", "", "", "other_use - clear stated"),
    ("an immunodeficiency among the neurological codes", "G11.3", "", "", "other_use - clear stated"),
    ("thrombocytopenia", "D69.3", "", "", "other_use - clear"),
    ("transplant", "Z94.0", "", "", "other_use - clear"),
    ("established beside recommended", "D80.1 G61.82", "", "", "recommended mmn clear"),
    ("established beside flagged", "D80.1 G14", "", "", "other_use - review also=post-polio"),
    ("established beside open", "D80.1 G70.0", "", "", "other_use - review also=mg-exacerbation+mg-stable"),
    ("another condition", "M32.9", "", "", "other_use - review stated"),
    ("another condition suppresses nothing", "M32.9 G72.41", "", "", "not_recommended inclusion-body-myositis flagged"),
    ("another condition beside the unlisted", "G62.9 M32.9", "", "", "other_use - review"),
];

#[test]
fn uses_outside_the_statement() {
    run(USES_OUTSIDE_THE_STATEMENT);
}

const DATES_AGES_AND_UNUSABLE_CODES: &[Case] = &[
    (
        "day before a code's first",
        "G61.82",
        "",
        "date=2016-09-30",
        "recommended mmn clear warns=code-not-valid-on-date",
    ),
    ("a code's first day", "G61.82", "", "date=2016-10-01", "recommended mmn clear"),
    (
        "before the split of G61.89",
        "G61.89",
        "",
        "date=2016-09-30",
        "indeterminate mmn+chronic-autoimmune review presumed open=recommended+insufficient_evidence wanting=inflammatory-neuropathy-nec",
    ),
    (
        "after the split of G61.89",
        "G61.89",
        "",
        "date=2016-10-01",
        "insufficient_evidence chronic-autoimmune review presumed",
    ),
    ("a parent on its last day", "C88.0 G63", "", "date=2024-09-30", "not_recommended igm-paraproteinemic flagged"),
    (
        "a retired parent",
        "C88.0 G63",
        "",
        "date=2024-10-01",
        "not_recommended igm-paraproteinemic flagged warns=code-not-valid-on-date",
    ),
    (
        "a child before the split",
        "C88.01 G63",
        "",
        "date=2024-09-30",
        "not_recommended igm-paraproteinemic flagged warns=code-not-valid-on-date",
    ),
    ("multiple sclerosis before", "G35", "", "date=2025-09-30", "other_use - review"),
    ("multiple sclerosis after", "G35", "", "date=2025-10-01", "other_use - review warns=code-not-valid-on-date"),
    ("before the statement", "G61.81", "", "date=2023-06-30", "recommended cidp clear warns=service-before-statement"),
    ("no date", "G61.89", "", "date=none", "indeterminate mmn+chronic-autoimmune review warns=service-date-missing"),
    ("17 years", "G61.0", "", "age=17", "recommended gbs-pediatric clear class=II"),
    ("18 years", "G61.0", "", "age=18", "recommended gbs-adult clear class=I"),
    ("newborn", "G61.0", "", "age=0", "recommended gbs-pediatric clear class=II"),
    ("age unknown", "G61.0", "", "", "recommended gbs-adult+gbs-pediatric clear class=I+II"),
    ("a truncated code", "G61.8", "", "", "no_diagnosis - review warns=header-code"),
    ("a child that never was", "G61.83", "", "", "no_diagnosis - review warns=unknown-diagnosis"),
    ("not a code", "N/A G61.8I", "", "", "no_diagnosis - review warns=malformed-diagnosis"),
    ("nothing", "", "", "", "no_diagnosis - review stated"),
    ("the ninth revision", "357.81", "", "date=2015-03-01", "recommended cidp clear stated"),
    ("beside the tenth", "357.81 G61.81", "", "", "recommended cidp clear warns=code-not-valid-on-date"),
    ("one bad cell hides nothing", "?? G61.81", "", "", "recommended cidp clear warns=malformed-diagnosis"),
];

#[test]
fn dates_ages_and_unusable_codes() {
    run(DATES_AGES_AND_UNUSABLE_CODES);
}

const PRODUCTS_AND_MODIFIERS: &[Case] = &[
    ("dual route, no modifier", "G61.81", "", "product=J1561", "recommended cidp clear"),
    ("dual route by vein", "G61.81", "", "product=J1569 mod=JA", "recommended cidp clear"),
    ("dual route under the skin", "G61.81", "", "product=J1569 mod=JB", "out-of-scope subcutaneous"),
    ("the modifier may stand second", "G61.81", "", "product=J1561 mod=JZ mod=jb", "out-of-scope subcutaneous"),
    ("by vein only, whatever the modifier", "G61.81", "", "product=J1459 mod=JB", "recommended cidp clear"),
    ("subcutaneous product", "G61.81", "", "product=J1559", "out-of-scope subcutaneous"),
    ("anti-D", "G61.81", "", "product=J2790", "out-of-scope other-globulin"),
    ("unclassified biologic", "G61.81", "", "product=J3590", "out-of-scope unclassified-product"),
    ("infusion service", "G61.81", "", "product=96365", "out-of-scope administration"),
    ("another drug", "G61.81", "", "product=J0897", "out-of-scope not-immune-globulin"),
    ("no product", "G61.81", "", "product=-", "out-of-scope no-product"),
    (
        "a product before its code",
        "G61.81",
        "",
        "product=J1576 date=2023-06-30",
        "recommended cidp clear warns=product-not-valid-on-date",
    ),
    ("the CPT code", "G61.81", "", "product=90283", "recommended cidp clear"),
];

#[test]
fn products_and_modifiers() {
    run(PRODUCTS_AND_MODIFIERS);
}
