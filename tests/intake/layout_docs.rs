//! The page on layouts: every shipped layout is on it, and every recipe is a layout that parses.

use ivig_audit::intake::Layout;

const PAGE: &str = include_str!("../../docs/layouts.md");

/// The page's blocks of TOML, with the line on which each begins.
fn blocks() -> Vec<(usize, String)> {
    let mut blocks = Vec::new();
    let mut open: Option<(usize, String)> = None;
    for (at, line) in PAGE.lines().enumerate() {
        match (&mut open, line) {
            (None, "```toml") => open = Some((at + 2, String::new())),
            (Some(_), "```") => blocks.extend(open.take()),
            (Some((_, text)), line) => {
                text.push_str(line);
                text.push('\n');
            }
            _ => {}
        }
    }
    assert!(open.is_none(), "a block of TOML is not closed");
    blocks
}

#[test]
fn every_recipe_is_a_layout_that_parses() {
    let recipes: Vec<(usize, String)> =
        blocks().into_iter().filter(|(_, text)| text.lines().any(|line| line.starts_with("id = "))).collect();
    assert!(recipes.len() >= 8, "{} recipes", recipes.len());
    for (line, text) in recipes {
        if let Err(error) = Layout::parse("docs/layouts.md", &text) {
            panic!("the block at line {line} of docs/layouts.md: {error}");
        }
    }
}

#[test]
fn every_shipped_layout_is_on_the_page() {
    let rows: Vec<&str> = PAGE.lines().filter(|line| line.starts_with("| `")).collect();
    for layout in Layout::builtin().expect("the shipped layouts are valid") {
        let cell = format!("`{}`", layout.id);
        let row = rows.iter().find(|row| row.split('|').nth(1).is_some_and(|first| first.contains(&cell)));
        let row = row.unwrap_or_else(|| panic!("{cell} has no row in docs/layouts.md"));
        let roles = row.split('|').nth(3).unwrap_or_default();
        for companion in layout.companions.iter().filter(|companion| !companion.again) {
            assert!(
                roles.contains(companion.role.as_str()),
                "{cell}: its row does not name the role {}",
                companion.role
            );
            let bold = roles.contains(&format!("**{}**", companion.role));
            assert_eq!(bold, companion.needed, "{cell}: is {} needed?", companion.role);
        }
    }
}
