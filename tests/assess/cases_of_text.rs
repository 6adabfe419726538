//! Worked orders that rest on text: what it names, takes back, weighs and leaves open.

use crate::bench::{Bench, Case, run};

const TEXT_DECIDES_WHAT_CODES_LEAVE_OPEN: &[Case] = &[
    (
        "Miller Fisher",
        "G61.0",
        "Miller-Fisher variant",
        "age=44",
        "insufficient_evidence miller-fisher flagged text class=-",
    ),
    ("overlap", "G61.0", "Miller Fisher/GBS overlap", "age=44", "recommended gbs-adult clear text"),
    (
        "its antibody",
        "G61.0",
        "ophthalmoplegia, GQ1b positive",
        "age=44",
        "insufficient_evidence miller-fisher flagged text",
    ),
    ("its antibody not found", "G61.0", "GBS; GQ1b: negative", "age=44", "recommended gbs-adult clear"),
    ("exacerbation", "G70.00", "admitted with myasthenic exacerbation", "", "recommended mg-exacerbation clear text"),
    ("crisis", "G70.9", "myasthenia gravis, crisis", "", "recommended mg-exacerbation clear text"),
    ("no exacerbation", "G70.00", "no exacerbation since May", "", "not_recommended mg-stable flagged text"),
    (
        "an exacerbation that is over",
        "G70.00",
        "exacerbation resolved",
        "",
        "not_recommended mg-stable flagged presumed",
    ),
    ("regimen words say nothing", "G70.00", "monthly maintenance", "", "not_recommended mg-stable flagged presumed"),
    ("before thymectomy", "G70.00", "pre-op, thymectomy planned", "", "not_addressed - review text"),
    ("bridging", "G70.00", "bridge to mycophenolate", "", "not_addressed - review text"),
    ("not stable, the code speaks", "G70.01", "not stable", "", "recommended mg-exacerbation clear stated"),
    (
        "stable against the code",
        "G70.01",
        "stable",
        "",
        "indeterminate mg-exacerbation+mg-stable review text open=recommended+not_recommended wanting=mg-course",
    ),
    ("IgM", "D47.2 G62.9", "IgM kappa", "", "not_recommended igm-paraproteinemic flagged text class=I"),
    ("IgG", "D47.2 G63", "IgG lambda", "", "insufficient_evidence igg-paraproteinemic flagged text class=-"),
    ("IgA", "D47.2 G63", "IgA MGUS", "", "insufficient_evidence iga-paraproteinemic flagged text"),
    ("anti-MAG", "G63 D47.2", "anti-MAG neuropathy", "", "not_recommended igm-paraproteinemic flagged text"),
    ("incidental", "D47.2 G62.9", "incidental MGUS", "", "not_addressed - review text"),
    (
        "small fiber, nothing told",
        "G62.9",
        "small fibre neuropathy",
        "",
        "not_recommended sfn-idiopathic flagged presumed",
    ),
    ("small fiber, TS-HDS", "G60.8", "SFN with TS-HDS IgM", "", "not_recommended sfn-ts-hds flagged text"),
    (
        "small fiber, both",
        "G60.8",
        "SFN: anti-FGFR3 and TS-HDS positive",
        "",
        "not_recommended sfn-fgfr3+sfn-ts-hds flagged text",
    ),
    (
        "small fiber, neither",
        "G60.8",
        "SFN, FGFR3/TS-HDS negative",
        "",
        "not_recommended sfn-idiopathic flagged presumed",
    ),
    ("small fiber of diabetes", "E11.42", "small fiber neuropathy", "", "not_addressed - review text"),
    (
        "small fiber of Sjogren",
        "M35.06 G62.89",
        "Sjögren small fiber neuropathy",
        "",
        "insufficient_evidence chronic-autoimmune flagged text",
    ),
    ("HMGCR", "G72.49", "anti-HMGCR positive", "", "consider anti-hmgcr-myopathy clear text class=IV"),
    ("SRP", "G72.49", "anti-SRP myopathy", "", "insufficient_evidence necrotizing-myopathy-other review text class=IV"),
    ("HMGCR found, SRP not", "G72.49", "IMNM HMGCR+ SRP-", "", "consider anti-hmgcr-myopathy clear text"),
    (
        "HMGCR and SRP not found",
        "G72.49",
        "IMNM, HMGCR/SRP negative",
        "",
        "insufficient_evidence necrotizing-myopathy-other review text",
    ),
    (
        "which one was not found is not told",
        "G72.49",
        "IMNM, HMGCR, SRP negative",
        "",
        "indeterminate anti-hmgcr-myopathy+necrotizing-myopathy-other review open=consider+insufficient_evidence wanting=myositis-antibody",
    ),
    (
        "HMGCR not found, SRP found",
        "G72.49",
        "anti-HMGCR negative; anti-SRP positive",
        "",
        "insufficient_evidence necrotizing-myopathy-other review text",
    ),
    (
        "SRP found, HMGCR not",
        "G72.49",
        "SRP positive, HMGCR negative",
        "",
        "insufficient_evidence necrotizing-myopathy-other review text",
    ),
    ("in shorthand", "G72.49", "HMGCR neg SRP+", "", "insufficient_evidence necrotizing-myopathy-other review text"),
    (
        "HMGCR found, SRP not, the disease not named",
        "G72.49",
        "HMGCR+, SRP negative",
        "",
        "consider anti-hmgcr-myopathy clear text",
    ),
    (
        "the same result found and not found",
        "G72.49",
        "SRP positive in May; SRP negative",
        "",
        "indeterminate necrotizing-myopathy-other review open=insufficient_evidence+not_addressed warns=uncertain-mention",
    ),
    (
        "the name itself asserted and negated",
        "G62.9",
        "CIDP; chronic inflammatory demyelinating polyneuropathy ruled out",
        "",
        "not_addressed - review warns=uncertain-mention",
    ),
    ("skin", "M33.90", "Gottron papules", "", "recommended dermatomyositis clear text"),
    ("PM beside a myositis code", "M33.90", "PM", "", "insufficient_evidence polymyositis flagged text"),
    ("antisynthetase under the open code", "M33.90", "antisynthetase syndrome", "", "not_addressed - review text"),
    ("necrotizing under the open code", "M33.90", "IMNM, anti-HMGCR", "", "consider anti-hmgcr-myopathy clear text"),
    ("vasculitic under a proxy", "G61.89", "vasculitic neuropathy", "", "not_addressed - review text"),
    ("post-polio named", "B91", "post-polio syndrome", "", "not_recommended post-polio flagged text"),
    ("a variant of CIDP", "G62.89", "MADSAM", "", "recommended cidp clear text"),
    ("no code at all, recommended", "", "CIDP", "", "recommended cidp clear text"),
    ("no code at all, flagged", "", "Parsonage-Turner", "", "insufficient_evidence brachial-plexopathy review text"),
    (
        "a code that does not go with it",
        "I10",
        "inclusion body myositis",
        "",
        "not_recommended inclusion-body-myositis review text",
    ),
];

#[test]
fn text_decides_what_codes_leave_open() {
    run(TEXT_DECIDES_WHAT_CODES_LEAVE_OPEN);
}

#[test]
fn what_is_taken_back_does_not_count() {
    let cases: Vec<Case> = [
        "r/o CIDP",
        "rule out CIDP",
        "CIDP ruled out",
        "CIDP (ruled out)",
        "CIDP: excluded",
        "not CIDP",
        "no evidence of CIDP",
        "no evidence of GBS, CIDP or MMN",
        "no evidence of CIDP or inclusion body myositis",
        "does not meet criteria for CIDP",
        "CIDP criteria not met",
        "CIDP unlikely",
        "possible CIDP",
        "suspected diagnosis: CIDP",
        "ddx: CIDP",
        "?CIDP",
        "CIDP?",
        "CIDP likely",
        "evaluate for CIDP",
        "h/o CIDP",
        "history of GBS and CIDP",
        "s/p GBS",
        "PMH: hypertension, GBS 2009",
        "GBS in the past",
        "mother with CIDP",
        "family history: thyroid, CIDP",
        "No family history of CIDP",
    ]
    .into_iter()
    .map(|text| (text, "G62.9", text, "", "not_addressed - review"))
    .collect();
    run(&cases);
}

#[test]
fn what_only_looks_taken_back_counts() {
    let cases: Vec<Case> = [
        "CIDP, not GBS",
        "not GBS but CIDP",
        "CIDP. No fever",
        "prior auth for CIDP",
        "prior authorization: CIDP",
        "previous IVIG, CIDP relapse",
        "no improvement with steroids for CIDP",
        "CIDP, no response to PLEX",
        "s/p GBS 2010; now CIDP",
        "mother has MS; CIDP relapse",
        "Family history: negative\nCIDP",
        "CIDP without monoclonal protein",
    ]
    .into_iter()
    .map(|text| (text, "G62.9", text, "", "recommended cidp clear text"))
    .collect();
    run(&cases);
}

const NAMES_AGAINST_EACH_OTHER_OR_AGAINST_A_CODE: &[Case] = &[
    (
        "a worse name against a broad code that is clear alone",
        "G61.0",
        "inclusion body myositis",
        "age=44",
        "indeterminate gbs-adult+inclusion-body-myositis review text",
    ),
    (
        "the same in ICD-9",
        "357.0",
        "small fiber neuropathy",
        "age=44 date=2012-03-01",
        "indeterminate gbs-adult+sfn-idiopathic review text",
    ),
    ("a better name against a broad code that is flagged", "138", "CIDP", "date=2012-03-01", "recommended cidp clear"),
    (
        "a differential with a condition that the broad code does not cover",
        "G61.0",
        "GBS vs small fiber neuropathy",
        "age=44",
        "indeterminate gbs-adult+sfn-idiopathic review text",
    ),
    (
        "a worse name against the combination",
        "162.9 358.1",
        "stable myasthenia gravis",
        "date=2009-03-01",
        "indeterminate lems+mg-stable review text",
    ),
    (
        "differential",
        "G62.9",
        "CIDP vs IgM paraproteinemic neuropathy",
        "",
        "indeterminate cidp+igm-paraproteinemic review text open=recommended+not_recommended wanting=diagnosis",
    ),
    ("a differential of one answer", "G62.9", "CIDP or MMN", "", "recommended cidp+mmn clear text"),
    (
        "an uncertain differential may be neither",
        "G62.9",
        "probable CIDP or MMN",
        "",
        "indeterminate cidp+mmn review text open=recommended+not_addressed wanting=diagnosis",
    ),
    (
        "on the shared code",
        "G61.0",
        "GBS versus Miller Fisher",
        "age=50",
        "indeterminate gbs-adult+miller-fisher review text",
    ),
    (
        "a worse name against an exact code",
        "G61.82",
        "inclusion body myositis",
        "",
        "indeterminate inclusion-body-myositis+mmn review text open=recommended+not_recommended wanting=diagnosis",
    ),
    (
        "every answer of the name stays open",
        "G61.81 D47.2",
        "MGUS neuropathy",
        "",
        "indeterminate cidp+igm-paraproteinemic+igg-paraproteinemic+iga-paraproteinemic review text open=recommended+insufficient_evidence+not_recommended",
    ),
    (
        "an uncertain name against an exact code",
        "G61.81",
        "possible MMN",
        "",
        "recommended cidp clear stated warns=uncertain-mention",
    ),
    (
        "a negation of what the code says",
        "G61.81",
        "not CIDP",
        "",
        "recommended cidp clear stated warns=negated-in-text",
    ),
    (
        "an uncertain word leaves the presumption",
        "G70.00",
        "possible exacerbation",
        "",
        "not_recommended mg-stable flagged presumed warns=uncertain-mention",
    ),
    ("the name of the code", "G72.41", "sIBM", "", "not_recommended inclusion-body-myositis flagged stated"),
    (
        "a better name beside its own code",
        "G72.41 G61.81",
        "CIDP",
        "",
        "recommended cidp clear also=inclusion-body-myositis",
    ),
    (
        "two classes of protein",
        "D47.2 G63",
        "IgM kappa and IgG kappa",
        "",
        "indeterminate igm-paraproteinemic+igg-paraproteinemic flagged text wanting=isotype",
    ),
];

#[test]
fn names_against_each_other_or_against_a_code() {
    run(NAMES_AGAINST_EACH_OTHER_OR_AGAINST_A_CODE);
}

const SHORT_TOKENS_NEED_COMPANY: &[Case] = &[
    ("group B streptococcus", "P36.0", "GBS sepsis", "age=0", "other_use - review"),
    ("milligrams", "G62.9", "IVIG 400 mg/kg, 2 mg dexamethasone", "", "not_addressed - review stated"),
    ("a unit in capitals", "G62.9", "30000 MG daily", "", "not_addressed - review"),
    ("diabetes", "G62.9", "DM, weakness", "", "not_addressed - review"),
    ("an hour", "G62.9", "infuse at 8 PM", "", "not_addressed - review"),
    (
        "an hour beside a myositis code",
        "M33.91",
        "infuse at 8 PM",
        "",
        "indeterminate dermatomyositis+polymyositis review",
    ),
    ("Marfan", "Q87.40", "MFS", "", "not_addressed - review"),
    ("cardiac block", "G62.9", "AV conduction block", "", "not_addressed - review"),
    ("TS-HDS IgM is no paraprotein", "G60.3", "SFN TS-HDS IgM+", "", "not_recommended sfn-ts-hds flagged"),
    ("GAD65 in diabetes", "E10.9", "GAD65 positive", "", "not_addressed - review"),
    (
        "hereditary inclusion body myopathy",
        "G71.8",
        "GNE inclusion body myopathy",
        "date=2018-01-01",
        "not_addressed - review",
    ),
];

#[test]
fn short_tokens_need_company() {
    run(SHORT_TOKENS_NEED_COMPANY);
}

#[test]
fn a_result_that_was_not_found_is_no_hedge_of_the_other() {
    for text in ["anti-HMGCR negative; anti-SRP positive", "SRP positive, HMGCR negative", "HMGCR neg SRP+"] {
        let said = Bench::dx("G72.49").text(text).said();
        assert!(!said.warnings.iter().any(|warning| warning == "uncertain-mention"), "{text}: {said:?}");
    }
}
