//! The colours of the page can be told apart by whoever reads it: contrast as WCAG 2.2 counts it.

use std::collections::BTreeMap;

use super::Outcome;

const STYLE: &str = include_str!("../../templates/report/page.css");

/// Colours of letters against colours of grounds: 4.5 to 1 (AA).
const LETTERS: [(&str, &[&str]); 5] = [
    ("ink", &["paper", "faint", "note"]),
    ("soft", &["paper"]),
    ("accent", &["paper"]),
    ("flagged", &["paper"]),
    ("review-text", &["paper"]),
];

/// Colours of marks that carry meaning: 3 to 1.
const MARKS: [&str; 4] = ["accent", "review", "flagged", "soft"];

/// The palettes: on a light screen, on a dark one, on paper.
fn palettes() -> Vec<BTreeMap<&'static str, [f64; 3]>> {
    let colours = |block: &'static str| {
        let pairs = block.split(';').filter_map(|pair| pair.trim().strip_prefix("--")?.split_once(": #"));
        let channel = |hex: &str, at: usize| {
            let wide = if hex.len() == 3 { hex[at..=at].repeat(2) } else { hex[at * 2..at * 2 + 2].to_owned() };
            f64::from(u8::from_str_radix(&wide, 16).expect("a colour"))
        };
        pairs.map(|(name, hex)| (name, [0, 1, 2].map(|at| channel(hex, at)))).collect::<BTreeMap<_, _>>()
    };
    let blocks = STYLE.split(":root {").skip(1).filter_map(|rest| rest.split('}').next());
    blocks.map(colours).collect()
}

fn luminance(colour: [f64; 3]) -> f64 {
    let linear = colour.map(|channel| {
        let share = channel / 255.0;
        if share <= 0.040_45 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
}

fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn letters_and_marks_have_the_contrast_of_aa_on_screen_dark_screen_and_paper() -> Outcome {
    let palettes = palettes();
    assert_eq!(palettes.len(), 3);
    for palette in palettes {
        let of = |name: &str| palette.get(name).copied().ok_or(format!("no colour {name}"));
        for (letter, grounds) in LETTERS {
            for ground in grounds {
                let found = contrast(of(letter)?, of(ground)?);
                assert!(found >= 4.5, "{letter} on {ground}: {found:.2}");
            }
        }
        for mark in MARKS {
            let found = contrast(of(mark)?, of("paper")?);
            assert!(found >= 3.0, "{mark}: {found:.2}");
        }
    }
    Ok(())
}

#[test]
fn contrast_is_that_of_the_standard() {
    assert!((contrast([0.0; 3], [255.0; 3]) - 21.0).abs() < 0.01);
    assert!((contrast([119.0; 3], [255.0; 3]) - 4.48).abs() < 0.01);
}
