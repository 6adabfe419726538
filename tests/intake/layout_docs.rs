//! The page on layouts: every shipped layout is on it, and every recipe is a layout that parses.

use ivig_audit::intake::{Layout, example};

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

/// The recipe of that id with an example, as a site would add one.
fn with_example(id: &str, example: &str) -> Vec<String> {
    let own = format!("id = \"{id}\"");
    let (line, text) = blocks().into_iter().find(|(_, text)| text.contains(&own)).expect("the recipe is there");
    let layout =
        Layout::parse(&format!("docs/layouts.md:{line}"), &format!("{text}\n[[example]]\nname = \"e\"\n{example}\n"));
    example::differences(&layout.unwrap_or_else(|error| panic!("{error}")))
}

#[test]
fn recipes_read_what_they_say() {
    let none = Vec::<String>::new();
    assert_eq!(
        with_example(
            "our-iqvia",
            "header = \"pat_id|claimno|linenum|rectype|from_dt|der_yob|der_sex|proc_cde|cpt_mod|ndc|srv_unit|diag1|diag2|diagprc_ind|rend_id|pos|allowed|paid\"\n\
             record = \"p1|c1|2|M|2014-03-02|1950|F|J1569|JA|UN|80|35781|???|1|r1|11|100.5|90\"\n\
             expect = { product = \"J1569\", modifiers = [\"JA\"], ndc = \"\", diagnoses = [\"357.81\"], service-date = \"2014-03-02\", ages = \"63..64\", units = 80, paid = 90, notices = [] }"
        ),
        none
    );
    assert_eq!(
        with_example(
            "our-iqvia",
            "header = \"pat_id|claimno|rectype|from_dt|proc_cde|ndc|diag1|diagprc_ind\"\nrecord = \"p1|c1|P|2014-03-02||00944270002||-1\"\noutside = \"not-a-line\""
        ),
        none
    );
    assert_eq!(
        with_example(
            "our-tmhp",
            "header = \"ICN,CLM_DTL_NBR,FROM_DOS,PROC_CD,DTL_BL_QUANT_AMT,DTL_DX_CD,DTL_BILL_AMT,DTL_ALWD_AMT,DTL_PD_AMT,PERF_PROV_NPI,POS\"\n\
             record = \"100 ,1,2019-05-06,J1459 ,80,G6181  ,9000.00,100,90,1234567890,11\"\n\
             files = { diagnoses = [\"ICN,PRIM_DX_CD,DX_CD_1,DX_CD_2\", \"100,I10,G6181,I10\"] }\n\
             expect = { product = \"J1459\", diagnoses = [\"I10\", \"G61.81\"], pointed = [\"G61.81\"], claim = \"100\", billed = 9000, notices = [] }"
        ),
        none
    );
    assert_eq!(
        with_example(
            "our-apcd",
            "header = \"MC004|MC005|MC137|MC012|MC013|MC037|MC041|MC042|MC053|MC055|MC056|MC057|MC059|MC061|MC062|MC063|MC075|MC077\"\n\
             record = \"c1|1|m1|F|19600601|11|V700|3570||J1459|JA||20130301|80|9000|100||n1\"\n\
             expect = { product = \"J1459\", modifiers = [\"JA\"], diagnoses = [\"V70.0\", \"357.0\"], service-date = \"2013-03-01\", age = 52, notices = [] }"
        ),
        none
    );
}
