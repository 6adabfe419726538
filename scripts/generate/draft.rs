//! What stands on one record before it has a layout: who, what, why, and
//! what becomes of it.

use chrono::NaiveDate;

use crate::export::catalogue::{Catalogue, Product, Scenario};
use crate::export::correction::Correction;
use crate::export::patient::{Care, PRODUCT_LINES_ONE_IN, birth_date, care, diagnoses, service_date};
use crate::export::random::{Random, Stream};
use crate::export::settings::{Export, Settings};
use crate::export::truth::{Disposition, NO_PRODUCT, NOT_IMMUNE_GLOBULIN};

/// One record in plain terms.
pub struct Draft<'c> {
    /// 1-based number of the record.
    pub number: u64,
    /// 1-based number of the claim.
    pub claim: u64,
    /// Number of the patient.
    pub patient: u64,
    /// Numbers of the prescriber and of the site: the same for all lines of a patient.
    pub provider: (u64, u64),
    /// Service date.
    pub service: NaiveDate,
    /// Birth date.
    pub birth: NaiveDate,
    /// Whether the patient is a woman.
    pub female: bool,
    /// Product or procedure code; empty on a few claim lines.
    pub code: &'c str,
    /// Product name; empty for procedures.
    pub name: &'c str,
    /// Modifiers, parted by spaces.
    pub modifiers: &'c str,
    /// Package number or nothing.
    pub ndc: &'c str,
    /// Billing units.
    pub units: u64,
    /// Diagnoses in position order.
    pub dx: Vec<&'c str>,
    /// First position that the line points to, and how many (at most four).
    pub pointer: (usize, usize),
    /// The prescriber's words: text, a joint, a note.
    pub words: [&'c str; 3],
    /// Name of the payer's plan.
    pub plan: &'c str,
    /// Billed, allowed and paid, in cents.
    pub cents: [u64; 3],
    /// Draws for columns that decide nothing.
    pub chaff: Random,
    /// Whether units and amounts are below zero.
    pub takes_back: bool,
    /// What became of the line, where that is no matter of chance.
    pub status: &'static str,
    /// The scenario behind the line, if it is in scope.
    pub scenario: Option<&'c Scenario>,
    /// What becomes of the record if it can be read.
    pub disposition: Disposition,
}

/// Numbers of the prescriber, from 0, and of the site, from 1.
fn provider(settings: &Settings, patient: u64) -> (u64, u64) {
    let prescriber = patient * 31 % settings.prescribers;
    (prescriber, 1 + prescriber % settings.sites)
}

impl<'c> Draft<'c> {
    /// Makes record `number`; a spoiled record may have its scenario from
    /// those that stand for spoiled codes.
    pub fn new(catalogue: &'c Catalogue, settings: &Settings, number: u64, spoiled: bool) -> Self {
        if let Some((original, correction)) = Correction::drawn(settings, number) {
            let draft = Self::billed_first(catalogue, settings, original, false);
            if draft.scenario.is_some() {
                return correction.of(draft, number);
            }
        }
        Self::billed_first(catalogue, settings, number, spoiled)
    }

    fn billed_first(catalogue: &'c Catalogue, settings: &Settings, number: u64, spoiled: bool) -> Self {
        let (claim, position, patient) = places(settings, number);
        let mut own = Random::at(settings.seed, Stream::Record, number);
        let mut shared = Random::at(settings.seed, Stream::Claim, claim);
        let mut person = Random::at(settings.seed, Stream::Patient, patient);
        let mut care = care(catalogue, settings, &mut person);
        if spoiled
            && position == 0
            && let Care::Immune { product, .. } = care
        {
            let place = *catalogue.spoiled.draw(&mut own);
            care = Care::Immune { scenario: &catalogue.scenarios[place], place, product };
        }
        let female = person.per_mille(520);
        let service = service_date(care, &mut shared);
        let birth = birth_date(care, service, &mut person);
        let (dx, pointer) = diagnoses(catalogue, care, &mut person, &mut shared);
        let product = product(catalogue, care, position, &mut own);
        let (code, disposition) = billed(catalogue, care, product, &mut own);
        let scenario = match (care, &disposition) {
            (Care::Immune { scenario, .. }, Disposition::InScope { .. }) => Some(scenario),
            _ => None,
        };
        let mut draft = Self {
            number,
            claim: claim + 1,
            patient: patient + 1,
            provider: provider(settings, patient + 1),
            service,
            birth,
            female,
            code,
            name: product.map_or("", |product| &product.name),
            modifiers: product.map_or("", |product| modifiers(product, settings.export, &mut own)),
            ndc: product.and_then(|product| own.one(&product.ndc)).map_or("", String::as_str),
            units: 1,
            dx,
            pointer,
            words: words(catalogue, settings.export, scenario, number, &mut own),
            plan: if own.below(2000) == 0 {
                catalogue.comma_plans.draw(&mut own)
            } else {
                catalogue.plans.draw(&mut shared)
            },
            cents: [0; 3],
            chaff: own,
            takes_back: false,
            status: "",
            scenario,
            disposition,
        };
        draft.measure(product);
        draft
    }

    /// Units and money, and grams where the product has a unit.
    fn measure(&mut self, product: Option<&Product>) {
        let random = &mut self.chaff;
        let milligrams = product.and_then(|product| product.mg_per_unit);
        self.units = match milligrams {
            Some(mg) => (20 + 5 * random.below(14)) * 1000 / mg,
            None => 1 + random.below(3),
        };
        let billed =
            self.units * if milligrams.is_some() { 4000 + random.below(4000) } else { 2500 + random.below(40_000) };
        let allowed = billed * (350 + random.below(500)) / 1000;
        self.cents = [billed, allowed, allowed * (random.below(4) + 17) / 20];
        if let Disposition::InScope { grams, cents, .. } = &mut self.disposition {
            *grams = milligrams.map(|mg| (self.units * mg).cast_signed());
            *cents = self.cents.map(u64::cast_signed);
        }
    }
}

/// Claim, line of the claim and patient of a record. Patients come back
/// within a stretch of the file, as people do.
fn places(settings: &Settings, number: u64) -> (u64, u64, u64) {
    let (stretch, patients) = (64, if settings.export == Export::Claims { 24 } else { 40 });
    let lines = if settings.export == Export::Claims { PRODUCT_LINES_ONE_IN } else { 1 };
    let claim = (number - 1) / lines;
    let among = Random::at(settings.seed ^ 1, Stream::Claim, claim).below(patients);
    (claim, (number - 1) % lines, claim / stretch * patients + among)
}

/// The first line of a claim is the product, the second its infusion.
fn product<'c>(catalogue: &'c Catalogue, care: Care<'c>, position: u64, own: &mut Random) -> Option<&'c Product> {
    let infusion = match (care, position) {
        (Care::Immune { product, .. } | Care::LookAlike { product }, 0) => return Some(product),
        (Care::Other, 0) => own.per_mille(1) && own.per_mille(500),
        (Care::Other, _) => own.per_mille(8),
        (_, 1) => true,
        _ => own.per_mille(300),
    };
    infusion.then(|| &catalogue.products[*catalogue.administration.draw(own)])
}

/// The code that is billed and what becomes of such a line.
fn billed<'c>(
    catalogue: &'c Catalogue,
    care: Care<'c>,
    product: Option<&'c Product>,
    own: &mut Random,
) -> (&'c str, Disposition) {
    let Some(product) = product else {
        return if own.per_mille(5) {
            ("", Disposition::OutOfScope(NO_PRODUCT))
        } else {
            let procedure = catalogue.procedures.draw(own);
            (procedure, Disposition::OutOfScope(NOT_IMMUNE_GLOBULIN))
        };
    };
    let disposition = match (product.out_of_scope, care) {
        (None, Care::Immune { place, .. }) => Disposition::InScope { scenario: place, grams: None, cents: [0; 3] },
        (reason, _) => Disposition::OutOfScope(reason.unwrap_or(NOT_IMMUNE_GLOBULIN)),
    };
    (&product.code, disposition)
}

/// A claim line has room for several modifiers, an order for one.
fn modifiers<'c>(product: &'c Product, export: Export, own: &mut Random) -> &'c str {
    let fits = |list: &&String| export == Export::Claims || !list.contains(' ');
    let lists: Vec<&String> = product.modifiers.iter().filter(fits).collect();
    own.one(&lists).map_or("", |list| list.as_str())
}

/// An order carries the prescriber's words; a claim line hardly ever does.
fn words<'c>(
    catalogue: &'c Catalogue,
    export: Export,
    scenario: Option<&'c Scenario>,
    number: u64,
    own: &mut Random,
) -> [&'c str; 3] {
    let (text, note) = match export {
        Export::Claims => ("", own.below(2000) == 0),
        Export::Orders => {
            (scenario.and_then(|scenario| own.one(&scenario.texts)).map_or("", String::as_str), own.per_mille(140))
        }
    };
    if !note {
        return [text, "", ""];
    }
    // Words over two lines stand only where the next record is on one line.
    let folded = number.is_multiple_of(3) && own.per_mille(500);
    let joint = match (folded, text.is_empty()) {
        (true, _) => "\n",
        (false, true) => "",
        (false, false) => "; ",
    };
    let opening = if folded && text.is_empty() { "see below" } else { text };
    [opening, joint, catalogue.notes.draw(own)]
}
