//! A workbench for orders: an order from a few words, and what comes out as words.

use std::sync::LazyLock;

use chrono::NaiveDate;
use ivig_audit::assess::explanation::Explanation;
use ivig_audit::assess::{Assessment, Screen, assess, screen};
use ivig_audit::codes::{Modifier, read_diagnosis};
use ivig_audit::order::{Age, Diagnosis, Order, ProductCodes};
use ivig_audit::rules::Ruleset;

/// The shipped ruleset, compiled once.
pub static RULES: LazyLock<Ruleset> =
    LazyLock::new(|| Ruleset::builtin("aanem-2023").unwrap_or_else(|error| panic!("{error}")));

/// An order in the making: in scope, in July 2024, of unknown age, without text.
#[derive(Debug, Clone)]
pub struct Bench {
    pub dx: Vec<String>,
    pub text: String,
    pub age: Option<i32>,
    pub date: Option<NaiveDate>,
    pub product: String,
    pub modifiers: Vec<String>,
}

impl Bench {
    /// With diagnosis cells, separated by spaces.
    pub fn dx(cells: &str) -> Self {
        Self {
            dx: cells.split_whitespace().map(str::to_owned).collect(),
            text: String::new(),
            age: None,
            date: NaiveDate::from_ymd_opt(2024, 7, 1),
            product: "J1459".to_owned(),
            modifiers: Vec::new(),
        }
    }

    pub fn text(mut self, text: &str) -> Self {
        text.clone_into(&mut self.text);
        self
    }

    pub fn age(mut self, years: i32) -> Self {
        self.age = Some(years);
        self
    }

    pub fn on(mut self, date: &str) -> Self {
        self.date = date.parse().ok();
        self
    }

    /// Settings as `age=7 date=2016-09-30 product=J1569 mod=JB`.
    pub fn with(mut self, settings: &str) -> Self {
        for setting in settings.split_whitespace() {
            let (name, value) = setting.split_once('=').expect("a setting is name=value");
            match name {
                "age" => self.age = Some(value.parse().expect("an age")),
                "date" => self.date = value.parse().ok(),
                "product" => value.clone_into(&mut self.product),
                "mod" => self.modifiers.push(value.to_owned()),
                _ => panic!("no setting {name}"),
            }
        }
        self
    }

    pub fn order(&self) -> Order {
        let diagnosis = |(at, cell): (usize, &String)| Diagnosis {
            position: u8::try_from(at + 1).unwrap_or(u8::MAX),
            code: read_diagnosis(cell, None, self.date),
            pointed: false,
        };
        let modifiers = self.modifiers.iter().filter_map(|cell| Modifier::parse(cell).ok()).collect();
        let mut product = ProductCodes { modifiers, ..ProductCodes::default() };
        product.read_code(&self.product);
        Order {
            product,
            service_date: self.date,
            age: self.age.map_or(Age::Unknown, Age::from_years),
            diagnoses: self.dx.iter().enumerate().map(diagnosis).collect(),
            text: self.text.clone(),
            notices: Vec::new(),
            ..Order::default()
        }
    }

    /// The assessment, or the reason for which the order is out of scope.
    pub fn assessed(&self) -> Result<Assessment, &'static str> {
        let order = self.order();
        match screen(&RULES, &order) {
            Screen::InScope(product) => Ok(assess(&RULES, &order, product)),
            Screen::OutOfScope(reason) => Err(reason.as_str()),
        }
    }

    pub fn said(&self) -> Said {
        Said::of(&self.assessed().expect("the order is in scope"))
    }

    pub fn reason(&self) -> String {
        let assessment = self.assessed().expect("the order is in scope");
        Explanation::new(&RULES, &self.order(), &assessment).reason()
    }
}

/// An assessment as the words that stand in outputs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    pub determination: String,
    pub rows: Vec<String>,
    pub flag: String,
    pub certainty: String,
    pub open: Vec<String>,
    pub wanting: String,
    pub also: Vec<String>,
    pub evidence: Vec<String>,
    pub warnings: Vec<String>,
}

impl Said {
    pub fn of(assessment: &Assessment) -> Self {
        let sorted = |mut words: Vec<String>| {
            words.sort();
            words
        };
        Self {
            determination: assessment.determination.as_str().to_owned(),
            rows: sorted(assessment.rows.ids(&RULES)),
            flag: assessment.flag.to_string(),
            certainty: assessment.certainty.to_string(),
            open: assessment.open.iter().map(|answer| answer.as_str().to_owned()).collect(),
            wanting: assessment.wanting.map(|wanting| wanting.id(&RULES)).unwrap_or_default(),
            also: sorted(assessment.also_matched.ids(&RULES)),
            evidence: assessment.evidence(&RULES).iter().map(|class| class.as_str().to_owned()).collect(),
            warnings: assessment.warnings.iter().map(|warning| warning.as_str().to_owned()).collect(),
        }
    }

    /// Where this differs from an expectation such as
    /// `indeterminate mg-exacerbation+mg-stable review presumed open=recommended+not_recommended wanting=mg-course`.
    /// The first three words are needed (`-` is no row), the others are compared where they stand.
    pub fn differs_from(&self, expected: &str) -> Vec<String> {
        let mut words = expected.split_whitespace();
        let mut differences = Vec::new();
        let mut compare = |what: &str, wanted: &str, found: String| {
            if wanted != found {
                differences.push(format!("{what}: expected {wanted}, found {found}"));
            }
        };
        let joined = |words: &[String]| if words.is_empty() { "-".to_owned() } else { words.join("+") };
        let mut needed = || words.next().expect("determination, rows and flag are needed");
        compare("determination", needed(), self.determination.clone());
        let mut rows: Vec<String> = needed().split('+').map(str::to_owned).collect();
        rows.sort();
        compare("rows", &rows.join("+"), joined(&self.rows));
        compare("flag", needed(), self.flag.clone());
        for word in words {
            match word.split_once('=') {
                None => compare("certainty", word, self.certainty.clone()),
                Some(("open", open)) => compare("open", open, joined(&self.open)),
                Some(("wanting", fact)) => compare("wanting", fact, self.wanting.clone()),
                Some(("class", classes)) => compare("class", classes, joined(&self.evidence)),
                Some(("also", rows)) => compare("also", rows, joined(&self.also)),
                Some(("warns", warning)) if self.warnings.iter().any(|each| each == warning) => {}
                Some(("warns", warning)) => compare("warnings", warning, joined(&self.warnings)),
                Some((other, _)) => panic!("nothing is called {other}"),
            }
        }
        differences
    }
}

/// Name, diagnosis cells, text, settings, expectation.
pub type Case = (&'static str, &'static str, &'static str, &'static str, &'static str);

/// Runs a table of cases and reports all that differ.
pub fn run(cases: &[Case]) {
    let mut failures = Vec::new();
    for (name, dx, text, settings, expected) in cases {
        let bench = Bench::dx(dx).text(text).with(settings);
        let differences = match (bench.assessed(), expected.strip_prefix("out-of-scope ")) {
            (Ok(assessment), None) => Said::of(&assessment).differs_from(expected),
            (Err(reason), Some(wanted)) if reason == wanted => Vec::new(),
            (Err(reason), _) => vec![format!("out of scope: {reason}")],
            (Ok(_), Some(_)) => vec!["in scope".to_owned()],
        };
        if !differences.is_empty() {
            failures.push(format!("{name} [{dx}] “{text}” {settings}: {}", differences.join("; ")));
        }
    }
    assert!(failures.is_empty(), "{} of {} cases differ:\n{}", failures.len(), cases.len(), failures.join("\n"));
}
