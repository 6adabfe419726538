//! One admission, claim or order: whose it is, when, and why.

use chrono::{Datelike as _, Days, NaiveDate};

use crate::export::catalogue::Scenario;
use crate::export::random::{Random, Stream};
use crate::export::shapes::settings::Settings;
use crate::export::shapes::tables::{Coding, Tables};

/// Cases of one patient; they follow each other.
pub const CASES_A_PATIENT: u64 = 2;

/// Where the service dates lie.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Era {
    /// Moved by whoever took the names away, into the 2100s.
    Shifted,
    /// 2009 and 2010.
    Icd9,
    /// 2024 and 2025.
    Now,
}

/// Why a patient comes.
#[derive(Clone, Copy)]
pub enum Care<'t> {
    /// Receives immune globulin by vein.
    Immune(&'t Scenario),
    /// Receives something that resembles it.
    LookAlike,
    /// Comes for something else.
    Other,
}

/// One case.
#[derive(Clone)]
pub struct Case<'t> {
    /// 0-based number of the case.
    pub number: u64,
    /// 0-based number of the patient.
    pub patient: u64,
    /// Why the patient comes.
    pub care: Care<'t>,
    /// How its diagnoses are written.
    pub coding: Coding,
    /// Service date.
    pub service: NaiveDate,
    /// Birth date.
    pub birth: NaiveDate,
    /// Whether the age is hidden: above 89.
    pub masked: bool,
    /// Whether the patients file has the patient.
    pub on_file: bool,
    /// Whether the patient is a woman.
    pub female: bool,
    /// What the patient's cases share; draws go on from here.
    pub person: Random,
    /// What the case has for itself; draws go on from here.
    pub own: Random,
}

impl<'t> Case<'t> {
    /// Makes case `number`.
    pub fn new(tables: &'t Tables, settings: &Settings, coding: Coding, era: Era, number: u64) -> Self {
        let patient = number / CASES_A_PATIENT;
        let mut person = Random::at(settings.seed, Stream::Patient, patient);
        let mut own = Random::at(settings.seed, Stream::Claim, number);
        let draw = person.below(1000);
        let scenarios = tables.scenarios(coding);
        let group = if era == Era::Shifted { &scenarios.timeless } else { &scenarios.usual };
        let scenario = &scenarios.all[*group.draw(&mut person)];
        let care = match draw {
            immune if immune < settings.in_scope => Care::Immune(scenario),
            alike if alike < settings.in_scope * 4 / 3 => Care::LookAlike,
            _ => Care::Other,
        };
        let (from, until) = match (era, care) {
            (Era::Now, Care::Immune(scenario)) => (scenario.from, scenario.until),
            (Era::Now, _) => (day(2024, 1, 1), day(2025, 12, 31)),
            (Era::Icd9, _) => (day(2009, 1, 1), day(2010, 12, 31)),
            (Era::Shifted, _) => {
                let first = day(2100, 1, 1) + Days::new(person.below(36_000));
                (first, first + Days::new(90))
            }
        };
        let days = u64::try_from((until - from).num_days()).unwrap_or(0);
        let service = from + Days::new(own.below(days + 1));
        let (low, high) = match care {
            Care::Immune(scenario) => scenario.ages.unwrap_or((19, 88)),
            Care::LookAlike => (19, 80),
            Care::Other => (1, 88),
        };
        let hangs_on_age = matches!(care, Care::Immune(scenario) if scenario.needs.is_some());
        let age = low + person.below(high.saturating_sub(2).saturating_sub(low) + 1);
        let base = match era {
            Era::Shifted => from,
            Era::Icd9 => day(2009, 1, 1),
            Era::Now => day(2024, 1, 1),
        };
        let birth = base - Days::new(age * 1461 / 4 + 2 + person.below(360));
        let birth = if birth.day() > 28 { birth - Days::new(3) } else { birth };
        let masked = era == Era::Shifted && low > 17 && person.per_mille(20) && !hangs_on_age;
        let on_file = hangs_on_age || !person.per_mille(20);
        let female = person.per_mille(520);
        Self { number, patient, care, coding, service, birth, masked, on_file, female, person, own }
    }

    /// Whether it is the first case of its patient.
    pub fn is_first(&self) -> bool {
        self.number.is_multiple_of(CASES_A_PATIENT)
    }

    /// Completed years at the service date, where the files tell them.
    pub fn age(&self) -> Option<u32> {
        if self.masked || !self.on_file { None } else { self.service.years_since(self.birth) }
    }

    /// The diagnoses that decide: one of the scenario's lists.
    pub fn telling(&mut self) -> Vec<&'t str> {
        match self.care {
            Care::Immune(scenario) if self.coding == Coding::Names => self
                .person
                .one(&scenario.texts)
                .map(String::as_str)
                .filter(|text| !text.is_empty())
                .into_iter()
                .collect(),
            Care::Immune(scenario) => {
                self.person.one(&scenario.dx).map_or(Vec::new(), |list| list.iter().map(String::as_str).collect())
            }
            _ => Vec::new(),
        }
    }

    /// Whether diagnoses that decide nothing may stand beside the telling ones.
    pub fn takes_others(&self) -> bool {
        match self.care {
            Care::Immune(scenario) => {
                let named = self.coding == Coding::Names && scenario.texts.iter().all(|text| !text.is_empty());
                (named || scenario.takes_comorbidity()) && scenario.ages.is_some_and(|ages| ages.0 > 17)
            }
            _ => true,
        }
    }

    /// The telling diagnoses with others round them, at most `most` in all.
    pub fn diagnoses(&mut self, tables: &'t Tables, telling: &[&'t str], most: usize) -> Vec<&'t str> {
        let kind = match (self.coding, self.care) {
            (Coding::Icd9, _) => "comorbidity-9",
            (Coding::Icd10, _) => "comorbidity-10",
            (Coding::Names, Care::Other) => "other-name",
            (Coding::Names, _) => "comorbidity-name",
        };
        let mut others: Vec<&str> = Vec::new();
        if self.takes_others() {
            let wanted = if self.own.per_mille(40) { 39 } else { self.own.below(11) };
            let wanted = usize::try_from(wanted).unwrap_or(0).min(most.saturating_sub(telling.len()));
            let background = tables.background(kind);
            for _ in 0..wanted * 12 {
                let other = background.draw(&mut self.own).as_str();
                if others.len() < wanted && !others.contains(&other) && !telling.contains(&other) {
                    others.push(other);
                }
            }
        }
        let at = if self.own.per_mille(300) { self.own.below(others.len().min(10) as u64 + 1) } else { 0 };
        let at = usize::try_from(at).unwrap_or(0);
        [&others[..at], telling, &others[at..]].concat()
    }
}

/// One of a table's lists: `|` parts lists, a space parts codes.
pub fn one_list<'t>(lists: &'t str, random: &mut Random) -> Vec<&'t str> {
    let lists: Vec<&str> = lists.split('|').collect();
    random.one(&lists).map_or(Vec::new(), |list| list.split(' ').filter(|code| !code.is_empty()).collect())
}

/// A code as these files write it: without its dot.
pub fn undotted(code: &str) -> String {
    code.replace('.', "")
}

/// A day that exists.
pub fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
}
