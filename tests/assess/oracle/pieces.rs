//! What random orders are made of: pieces of text with their meaning beside them, and codes.

/// A piece of text, the indications that it names, and the facts that its words give.
pub type Piece = (&'static str, &'static [&'static str], &'static [(&'static str, &'static str)]);

pub const TREATED: (&str, &str) = ("connective-tissue-neuropathy", "treated");
pub const PIECES: &[Piece] = &[
    ("CIDP", &["cidp"], &[]),
    ("MMN", &["mmn"], &[]),
    ("AIDP", &["guillain-barre"], &[]),
    ("Miller Fisher syndrome", &["miller-fisher"], &[]),
    ("LEMS", &["lems"], &[]),
    ("dermatomyositis", &["dermatomyositis"], &[]),
    ("polymyositis", &["polymyositis"], &[]),
    ("inclusion body myositis", &["inclusion-body-myositis"], &[]),
    ("IMNM", &["necrotizing-myopathy"], &[]),
    ("seronegative", &[], &[("myositis-antibody", "other")]),
    ("anti-HMGCR myopathy", &["necrotizing-myopathy"], &[("myositis-antibody", "hmgcr")]),
    ("myasthenia gravis", &["myasthenia-gravis"], &[]),
    ("exacerbation", &[], &[("mg-course", "exacerbation")]),
    ("stable", &[], &[("mg-course", "stable")]),
    ("without exacerbation", &[], &[("mg-course", "stable")]),
    ("before thymectomy", &[], &[("mg-setting", "setting-not-addressed")]),
    ("stiff person syndrome", &["stiff-person"], &[]),
    ("post polio syndrome", &["post-polio"], &[]),
    ("Parsonage Turner syndrome", &["brachial-plexopathy"], &[]),
    ("Bruns Garland syndrome", &["dlrpn"], &[]),
    ("pandysautonomia", &["autonomic"], &[]),
    ("small fibre neuropathy", &["small-fiber-neuropathy"], &[TREATED]),
    ("TSHDS positive", &[], &[("ts-hds", "positive")]),
    ("FGFR3 not detected", &[], &[("fgfr3", "negative")]),
    ("cryptogenic", &[], &[("sfn-cause", "unexplained")]),
    ("IgM lambda", &[], &[("isotype", "igm"), ("paraprotein-link", "linked")]),
    ("IgA kappa", &[], &[("isotype", "iga"), ("paraprotein-link", "linked")]),
    ("incidental paraprotein", &[], &[("paraprotein-link", "unrelated")]),
    ("vasculitic", &[], &[("unlisted-neuropathy", "named")]),
    ("overlap myositis", &[], &[("unlisted-myositis", "named"), ("necrotizing", "another-myopathy")]),
    ("infusion tolerated well", &[], &[]),
    ("no CIDP", &[], &[]),
    ("possible polymyositis", &[], &[]),
];

/// Pairs that a text may weigh against each other, as words and as indications.
pub const WEIGHED: &[(&str, [&str; 2])] = &[
    ("CIDP versus inclusion body myositis", ["cidp", "inclusion-body-myositis"]),
    ("AIDP versus Miller Fisher syndrome", ["guillain-barre", "miller-fisher"]),
    ("dermatomyositis versus polymyositis", ["dermatomyositis", "polymyositis"]),
    ("CIDP versus MMN", ["cidp", "mmn"]),
];

/// Codes that are usable on any day here; a code between windows keeps its meaning.
pub const CODES: &[&str] = &[
    "G61.0", "G61.81", "G61.82", "G61.89", "G61.9", "G62.9", "G62.89", "G60.8", "G63", "G70.0", "G70.00", "G70.01",
    "G70.80", "G72.41", "G72.49", "G72.0", "G14", "B91", "G25.82", "M33.02", "M33.12", "M33.20", "M33.90", "M36.0",
    "G90.09", "G99.0", "E11.43", "E11.44", "E11.42", "G54.0", "G54.1", "G54.5", "D47.2", "C88.00", "C90.00", "M35.06",
    "M35.01", "D83.9", "D69.3", "G35", "M32.9", "I10", "357.0", "357.8", "357.81", "357.89", "357.9", "357.4", "356.9",
    "358.0", "358.00", "358.01", "358.1", "358.30", "162.9", "359.71", "359.79", "710.3", "710.4", "333.91", "138",
    "353.1", "353.5", "250.60", "337.0", "337.00", "337.1", "273.1", "273.2", "273.3", "203.00", "279.06", "340",
];
