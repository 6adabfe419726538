//! Made-up rulebooks: small, strange and valid, as plain values and as the files of a ruleset.

use std::fmt::Write as _;

use ivig_audit::rules::RuleFiles;

/// Numbers that look random and are the same everywhere.
#[derive(Debug, Clone)]
pub struct Dice(pub u64);

impl Dice {
    /// A number below `sides`.
    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % sides.max(1)
    }

    /// True `times` times of a hundred.
    pub fn lucky(&mut self, times: usize) -> bool {
        self.roll(100) < times
    }

    /// Some of the numbers below `of`, each `times` times of a hundred.
    pub fn some(&mut self, of: usize, times: usize) -> Vec<usize> {
        (0..of).filter(|_| self.lucky(times)).collect()
    }
}

/// `fact = value`, by index.
pub type Terms = Vec<(usize, usize)>;

#[derive(Debug, Clone)]
pub struct Fact {
    pub values: usize,
    /// List and value.
    pub codes: Vec<(usize, usize)>,
    /// Indication and value.
    pub named: Vec<(usize, usize)>,
    /// A list that it needs, and a value.
    pub default: Option<(Option<usize>, usize)>,
}

#[derive(Debug, Clone)]
pub struct Match {
    pub lists: Vec<usize>,
    pub strength: &'static str,
    pub requires: Terms,
}

#[derive(Debug, Clone)]
pub struct Row {
    pub when: Terms,
    pub says: &'static str,
}

#[derive(Debug, Clone)]
pub struct Indication {
    pub matches: Vec<Match>,
    pub name_requires: Terms,
    pub refines: Vec<usize>,
    pub rows: Vec<Row>,
}

#[derive(Debug, Clone)]
pub struct Rulebook {
    pub lists: usize,
    pub facts: Vec<Fact>,
    pub indications: Vec<Indication>,
    pub precedence: Vec<&'static str>,
    pub established: Vec<usize>,
    pub other: Vec<usize>,
}

/// The product of every order.
pub const PRODUCT: &str = "J1459";

const SAYS: [&str; 4] = ["recommended", "consider", "insufficient-evidence", "not-recommended"];

impl Rulebook {
    pub fn cast(dice: &mut Dice) -> Self {
        let (lists, indications) = (3 + dice.roll(4), 2 + dice.roll(4));
        let sizes: Vec<usize> = (0..dice.roll(5)).map(|_| 2 + dice.roll(2)).collect();
        let facts = sizes.iter().map(|values| fact(dice, *values, lists, indications)).collect();
        let indications = (0..indications).map(|at| indication(dice, at, indications, lists, &sizes)).collect();
        let mut precedence = SAYS.to_vec();
        for at in (1..4).rev() {
            precedence.swap(at, dice.roll(at + 1));
        }
        let uses = dice.some(lists, 25);
        let (established, other) = uses.into_iter().partition(|_| dice.lucky(50));
        Self { lists, facts, indications, precedence, established, other }
    }

    /// The files of a ruleset called `made-up`, on the first product that ships; which products there are is not
    /// what is tested here.
    pub fn files(&self, shipped: &RuleFiles) -> RuleFiles {
        let mut files = RuleFiles::default();
        for path in ["products/hcpcs.csv", "products/modifiers.csv"] {
            let text = shipped.get(path).expect("it ships");
            let lines = text.lines().enumerate().filter(|(at, line)| *at == 0 || line.contains(PRODUCT));
            let kept: Vec<&str> = lines.map(|(_, line)| line).collect();
            files.insert(path, kept.join("\n"));
        }
        for list in 0..self.lists {
            files.insert(
                format!("codes/list-{list}.csv"),
                format!(
                    "system,code,match,label,valid_from,valid_to,source,confidence\nicd10cm,{},exact,x,2015-10-01,,test,high\n",
                    code(list)
                ),
            );
        }
        files.insert("made-up/text.toml", "[[cue]]\nkind = \"differential\"\nphrases = [\"versus\"]\n");
        files.insert("made-up/facts.toml", self.facts_file());
        files.insert(
            "made-up/ruleset.toml",
            self.ruleset_file(shipped.get("aanem-2023/ruleset.toml").expect("it ships")),
        );
        for (at, indication) in self.indications.iter().enumerate() {
            files.insert(format!("made-up/indications/{}.toml", id(at)), indication_file(at, indication));
        }
        files
    }

    /// The shipped `ruleset.toml` with another id, precedence and uses outside, and without caps.
    fn ruleset_file(&self, shipped: &str) -> String {
        let lists =
            |lists: &[usize]| lists.iter().map(|list| format!("\"list-{list}\"")).collect::<Vec<_>>().join(", ");
        let mut file = String::new();
        let mut section = "";
        for line in shipped.lines() {
            let key = line.split(['=', ' ']).next().unwrap_or_default();
            if line.starts_with('[') {
                section = line.trim();
                file.push_str(line);
                if section == "[outside]" {
                    let (established, other) = (lists(&self.established), lists(&self.other));
                    let _ = write!(file, "\nestablished = [{established}]\nother = [{other}]");
                }
            } else if section == "[outside]" {
                continue;
            } else if section.is_empty() && key == "id" {
                file.push_str("id = \"made-up\"");
            } else if section == "[policy]" && key == "precedence" {
                let _ = write!(file, "precedence = {:?}", self.precedence);
            } else if section == "[policy.cap]" {
                file.push_str(&line.replace("\"review\"", "\"flagged\""));
            } else {
                file.push_str(line);
            }
            file.push('\n');
        }
        file
    }

    fn facts_file(&self) -> String {
        let mut file = String::new();
        for (at, fact) in self.facts.iter().enumerate() {
            let values: Vec<String> = (0..fact.values).map(|value| format!("\"v{value}\"")).collect();
            let values = values.join(", ");
            let _ = write!(
                file,
                "[[fact]]\nid = \"fact-{at}\"\nlabel = \"x\"\nask = \"x\"\nvalues = [{values}]\nvalue-labels = [{values}]\n"
            );
            let mut source = |value: usize, what: String| {
                let _ = write!(file, "[[fact.source]]\nvalue = \"v{value}\"\n{what}\n");
            };
            for (list, value) in &fact.codes {
                source(*value, format!("codes = \"list-{list}\""));
            }
            for (indication, value) in &fact.named {
                source(*value, format!("named = \"{}\"", id(*indication)));
            }
            for value in 0..fact.values {
                source(value, format!("phrases = [\"{}\"]", fact_phrase(at, value)));
            }
            if let Some((list, value)) = fact.default {
                let codes = list.map(|list| format!("codes = \"list-{list}\"\n")).unwrap_or_default();
                let _ = write!(file, "[[fact.default]]\nvalue = \"v{value}\"\n{codes}note = \"x\"\n");
            }
        }
        file
    }
}

/// The code of a list.
pub fn code(list: usize) -> String {
    format!("Q{}.0", 10 + list)
}

/// The id of an indication; ids sort as indices do.
pub fn id(indication: usize) -> String {
    format!("condition-{indication}")
}

/// The words that name an indication.
pub fn name(indication: usize) -> &'static str {
    ["alpha", "bravo", "charlie", "delta", "echo"][indication]
}

/// The words that give a fact a value.
pub fn fact_phrase(fact: usize, value: usize) -> String {
    format!("{} {}", ["kilo", "lima", "mike", "november"][fact], ["one", "two", "three"][value])
}

fn terms(dice: &mut Dice, sizes: &[usize], times: usize) -> Terms {
    let facts = dice.some(sizes.len(), times);
    facts.into_iter().map(|fact| (fact, dice.roll(sizes[fact]))).collect()
}

fn fact(dice: &mut Dice, values: usize, lists: usize, indications: usize) -> Fact {
    let codes = dice.some(lists, 15).into_iter().map(|list| (list, dice.roll(values))).collect();
    let named = dice.some(indications, 15).into_iter().map(|named| (named, dice.roll(values))).collect();
    let list = if dice.lucky(40) { Some(dice.roll(lists)) } else { None };
    let default = if dice.lucky(35) { Some((list, dice.roll(values))) } else { None };
    Fact { values, codes, named, default }
}

fn indication(dice: &mut Dice, at: usize, indications: usize, lists: usize, sizes: &[usize]) -> Indication {
    let mut matches = Vec::new();
    for _ in 0..dice.roll(4) {
        let first = dice.roll(lists);
        let second = dice.roll(lists);
        let combined = second != first && dice.lucky(40);
        matches.push(Match {
            lists: if combined { vec![first, second] } else { vec![first] },
            strength: ["exact", "broad", "proxy"][if combined { 1 + dice.roll(2) } else { dice.roll(3) }],
            requires: terms(dice, sizes, 20),
        });
    }
    let rows = (0..=dice.roll(3)).map(|_| Row { when: terms(dice, sizes, 45), says: SAYS[dice.roll(4)] }).collect();
    let refines = (0..indications).filter(|other| *other < at && dice.lucky(30)).collect();
    Indication { matches, name_requires: terms(dice, sizes, 15), refines, rows }
}

fn condition(terms: &Terms) -> String {
    let terms: Vec<String> = terms.iter().map(|(fact, value)| format!("fact-{fact} = \"v{value}\"")).collect();
    format!("{{ {} }}", terms.join(", "))
}

fn indication_file(at: usize, indication: &Indication) -> String {
    let refines: Vec<String> = indication.refines.iter().map(|other| format!("\"{}\"", id(*other))).collect();
    let mut file = format!("id = \"{}\"\nlabel = \"x\"\nwhy = \"x\"\nrefines = [{}]\n", id(at), refines.join(", "));
    for each in &indication.matches {
        let lists: Vec<String> = each.lists.iter().map(|list| format!("\"list-{list}\"")).collect();
        let lists = match &lists[..] {
            [only] => format!("codes = {only}"),
            several => format!("all-of = [{}]", several.join(", ")),
        };
        let requires = condition(&each.requires);
        let _ = write!(file, "[[match]]\n{lists}\nstrength = \"{}\"\nrequires = {requires}\n", each.strength);
    }
    let requires = condition(&indication.name_requires);
    let _ = write!(file, "[text]\nnames = [\"{}\"]\nrequires = {requires}\n", name(at));
    for (row, each) in indication.rows.iter().enumerate() {
        let _ = write!(
            file,
            "[[row]]\nid = \"{}\"\nlabel = \"x\"\nwhen = {}\nrecommendation = \"{}\"\ncite = {{ statement = \"insufficient-evidence\", basis = \"stated\" }}\n",
            row_id(at, row),
            condition(&each.when),
            each.says
        );
    }
    file
}

/// The id of a row.
pub fn row_id(indication: usize, row: usize) -> String {
    format!("row-{indication}-{row}")
}
