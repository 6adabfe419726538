//! CMS `SynPUF`: claims with many procedure columns in one record, and the beneficiary file. ICD-9-CM without dots,
//! header in quotes and data without, CRLF.

use std::io;

use crate::export::random::{Random, Stream, Weighted};
use crate::export::shapes::BLOCK;
use crate::export::shapes::case::{Care, Case, Era, one_list, undotted};
use crate::export::shapes::settings::Settings;
use crate::export::shapes::sheet::{Form, Sheet, names};
use crate::export::shapes::tables::{Coding, Product, Tables};
use crate::export::shapes::truth::{Ledger, NEAREST, NO_PRODUCT, OTHER_PRODUCT, Order, Place};

/// Which of the claim files.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Claims {
    /// Physicians and suppliers: thirteen lines with a diagnosis, money and an indicator each.
    Carrier,
    /// Hospital stays: procedures of ICD-9-CM beside 45 codes; a long stay goes on in segment 2, without dates.
    Inpatient,
    /// Hospital visits: 45 codes.
    Outpatient,
}

const FORM: Form = Form { delimiter: b',', end: "\r\n", quoted_header: true, quotes: false };

const CARRIER: &str = "DESYNPUF_ID CLM_ID CLM_FROM_DT CLM_THRU_DT ICD9_DGNS_CD_{1..8} PRF_PHYSN_NPI_{1..13} \
TAX_NUM_{1..13} HCPCS_CD_{1..13} LINE_NCH_PMT_AMT_{1..13} LINE_BENE_PTB_DDCTBL_AMT_{1..13} \
LINE_BENE_PRMRY_PYR_PD_AMT_{1..13} LINE_COINSRNC_AMT_{1..13} LINE_ALOWD_CHRG_AMT_{1..13} LINE_PRCSG_IND_CD_{1..13} \
LINE_ICD9_DGNS_CD_{1..13}";
const INPATIENT: &str = "DESYNPUF_ID CLM_ID SEGMENT CLM_FROM_DT CLM_THRU_DT PRVDR_NUM CLM_PMT_AMT \
NCH_PRMRY_PYR_CLM_PD_AMT AT_PHYSN_NPI OP_PHYSN_NPI OT_PHYSN_NPI CLM_ADMSN_DT ADMTNG_ICD9_DGNS_CD \
CLM_PASS_THRU_PER_DIEM_AMT NCH_BENE_IP_DDCTBL_AMT NCH_BENE_PTA_COINSRNC_LBLTY_AM NCH_BENE_BLOOD_DDCTBL_LBLTY_AM \
CLM_UTLZTN_DAY_CNT NCH_BENE_DSCHRG_DT CLM_DRG_CD ICD9_DGNS_CD_{1..10} ICD9_PRCDR_CD_{1..6} HCPCS_CD_{1..45}";
const OUTPATIENT: &str = "DESYNPUF_ID CLM_ID SEGMENT CLM_FROM_DT CLM_THRU_DT PRVDR_NUM CLM_PMT_AMT \
NCH_PRMRY_PYR_CLM_PD_AMT AT_PHYSN_NPI OP_PHYSN_NPI OT_PHYSN_NPI NCH_BENE_BLOOD_DDCTBL_LBLTY_AM ICD9_DGNS_CD_{1..10} \
ICD9_PRCDR_CD_{1..6} NCH_BENE_PTB_DDCTBL_AMT NCH_BENE_PTB_COINSRNC_AMT ADMTNG_ICD9_DGNS_CD HCPCS_CD_{1..45}";
const BENEFICIARY: &str = "DESYNPUF_ID BENE_BIRTH_DT BENE_DEATH_DT BENE_SEX_IDENT_CD BENE_RACE_CD BENE_ESRD_IND \
SP_STATE_CODE BENE_COUNTY_CD BENE_HI_CVRAGE_TOT_MONS BENE_SMI_CVRAGE_TOT_MONS BENE_HMO_CVRAGE_TOT_MONS \
PLAN_CVRG_MOS_NUM SP_ALZHDMTA SP_CHF SP_CHRNKIDN SP_CNCR SP_COPD SP_DEPRESSN SP_DIABETES SP_ISCHMCHT SP_OSTEOPRS \
SP_RA_OA SP_STRKETIA MEDREIMB_IP BENRES_IP PPPYMT_IP MEDREIMB_OP BENRES_OP PPPYMT_OP MEDREIMB_CAR BENRES_CAR PPPYMT_CAR";

impl Claims {
    fn columns(self) -> &'static str {
        match self {
            Self::Carrier => CARRIER,
            Self::Inpatient => INPATIENT,
            Self::Outpatient => OUTPATIENT,
        }
    }

    fn file_name(self) -> &'static str {
        match self {
            Self::Carrier => "DE1_0_2008_to_2010_Carrier_Claims_Sample_1A.csv",
            Self::Inpatient => "DE1_0_2008_to_2010_Inpatient_Claims_Sample_1.csv",
            Self::Outpatient => "DE1_0_2008_to_2010_Outpatient_Claims_Sample_1.csv",
        }
    }

    fn diagnoses(self) -> usize {
        if self == Self::Carrier { 8 } else { 10 }
    }

    fn slots(self) -> u64 {
        if self == Self::Carrier { 13 } else { 45 }
    }
}

/// A filled slot of a record.
struct Slot<'t> {
    /// Slots of procedures are counted on after those of codes.
    number: u64,
    column: String,
    group: &'t str,
    code: &'t str,
    line_dx: Option<&'t str>,
}

/// A record and what is known of it.
struct Record<'t> {
    bytes: Vec<u8>,
    slots: Vec<Slot<'t>>,
    header_dx: Vec<&'t str>,
}

struct Writer<'t> {
    claims: Claims,
    tables: &'t Tables,
    sheet: Sheet,
    immune: Weighted<usize>,
    procedure: Weighted<usize>,
    look_alikes: Weighted<usize>,
    administration: Weighted<usize>,
}

/// Writes claims and beneficiaries.
///
/// # Errors
/// What the files say.
pub fn write(settings: &Settings, tables: &Tables, claims: Claims, ledger: &mut Ledger) -> io::Result<()> {
    const PEOPLE: &str = "DE1_0_2010_Beneficiary_Summary_File_Sample_1.csv";
    let products = |fits: &dyn Fn(&str) -> bool| tables.products(fits).map_err(io::Error::other);
    let mut writer = Writer {
        claims,
        tables,
        sheet: Sheet::create(&settings.dir, claims.file_name(), FORM, names(claims.columns()))?,
        immune: products(&|group| group == "intravenous")?,
        procedure: products(&|group| group == "procedure")?,
        look_alikes: products(&|group| !["intravenous", "procedure", "administration"].contains(&group))?,
        administration: products(&|group| group == "administration")?,
    };
    let mut people = Sheet::create(&settings.dir, PEOPLE, FORM, names(BENEFICIARY))?;
    let (mut rows, mut late, mut number) = (Vec::new(), Vec::new(), 0);
    while writer.sheet.rows < settings.records {
        let mut case = Case::new(tables, settings, Coding::Icd9, Era::Icd9, number);
        if case.is_first() && case.on_file {
            rows.push(person(&mut people, tables, &mut case));
        }
        let second = claims == Claims::Inpatient && case.own.per_mille(80);
        let product_late = second && case.own.per_mille(400);
        let product = writer.product(&mut case);
        let (telling, header_dx) = writer.diagnoses(&mut case, product);
        let record = writer.claim(&mut case, 1, product.filter(|_| !product_late), &telling, &header_dx);
        if second {
            let record = writer.claim(&mut case, 2, product.filter(|_| product_late), &telling, &header_dx);
            late.push((case.clone(), record));
        }
        writer.put(&case, &record, ledger)?;
        number += 1;
        if number.is_multiple_of(BLOCK) || writer.sheet.rows == settings.records {
            for (case, record) in late.drain(..) {
                if writer.sheet.rows < settings.records {
                    writer.put(&case, &record, ledger)?;
                }
            }
            Random::at(settings.seed, Stream::Record, number).shuffle(&mut rows);
            for row in rows.drain(..) {
                people.put(&row)?;
            }
        }
    }
    ledger.file("lines", claims.file_name(), writer.sheet.finish()?);
    ledger.file("patients", PEOPLE, people.finish()?);
    Ok(())
}

impl<'t> Writer<'t> {
    /// The diagnoses that decide, and those of the record.
    fn diagnoses(&self, case: &mut Case<'t>, product: Option<&'t Product>) -> (Vec<&'t str>, Vec<&'t str>) {
        let telling = match (case.care, product) {
            (Care::LookAlike, Some(product)) => one_list(&product.dx, &mut case.own),
            _ => case.telling(),
        };
        let most = self.claims.diagnoses();
        // Most diagnoses of a line are not among those of its claim.
        let alone = usize::from(self.claims == Claims::Carrier && !telling.is_empty() && case.own.per_mille(600));
        let header_dx = case.diagnoses(self.tables, &telling[alone..], most);
        (telling, header_dx)
    }

    fn claim(
        &mut self,
        case: &mut Case<'t>,
        segment: u8,
        product: Option<&'t Product>,
        telling: &[&'t str],
        header_dx: &[&'t str],
    ) -> Record<'t> {
        let mut slots = match self.claims {
            Claims::Inpatient => self.procedures(case, product),
            _ => Vec::new(),
        };
        slots.extend(self.codes(case, product, telling.first().copied()));
        self.fill(case, segment, header_dx, &slots);
        Record { bytes: self.sheet.take(0), slots, header_dx: header_dx.to_vec() }
    }

    fn product(&self, case: &mut Case) -> Option<&'t Product> {
        let group = match case.care {
            Care::Immune(_) if self.claims == Claims::Inpatient && case.own.per_mille(800) => &self.procedure,
            Care::Immune(_) => &self.immune,
            Care::LookAlike => &self.look_alikes,
            Care::Other => return None,
        };
        Some(&self.tables.products[*group.draw(&mut case.own)])
    }

    /// ICD-9 procedures of a stay, with diagnoses among them that do not belong there.
    fn procedures(&self, case: &mut Case<'t>, product: Option<&'t Product>) -> Vec<Slot<'t>> {
        let mut codes: Vec<(&str, &str)> = vec![(OTHER_PRODUCT, self.draw("procedure-9", case))];
        for _ in 0..case.own.below(4) {
            let kind = if case.own.per_mille(320) { "diagnosis-as-procedure" } else { "procedure-9" };
            codes.push((OTHER_PRODUCT, self.draw(kind, case)));
        }
        if let Some(product) = product {
            if product.group == "procedure" {
                codes.push(("intravenous", &product.code));
            } else if product.group == "intravenous" && case.own.per_mille(400) {
                // The procedure beside its product: not an order of its own.
                let procedure = &self.tables.products[*self.procedure.draw(&mut case.own)];
                codes.push(("beside", &procedure.code));
            }
        }
        case.own.shuffle(&mut codes);
        let slot = |(at, (group, code)): (u64, (&'t str, &'t str))| {
            let column = format!("ICD9_PRCDR_CD_{at}");
            Slot { number: self.claims.slots() + at, column, group, code, line_dx: None }
        };
        (1..).zip(codes).map(slot).collect()
    }

    /// Codes of a claim: the product once or twice, its infusion, and others.
    fn codes(&self, case: &mut Case<'t>, product: Option<&'t Product>, telling: Option<&'t str>) -> Vec<Slot<'t>> {
        let coded = product.filter(|product| product.group != "procedure");
        let mut codes: Vec<(&str, &str)> = Vec::new();
        let most = if self.claims == Claims::Inpatient { 2 } else { 6 };
        for _ in 0..case.own.below(most) {
            codes.push((OTHER_PRODUCT, self.draw("hcpcs", case)));
        }
        if let Some(product) = coded {
            for _ in 0..if self.claims == Claims::Carrier { 1 + case.own.below(2) } else { 1 } {
                codes.push((&product.group, &product.code));
            }
        }
        if case.own.per_mille(if coded.is_some() { 500 } else { 30 }) {
            let product = &self.tables.products[*self.administration.draw(&mut case.own)];
            codes.push((&product.group, &product.code));
        }
        case.own.shuffle(&mut codes);
        let mut slots = Vec::new();
        for (at, (group, code)) in (1..).zip(codes) {
            let own = group == coded.map_or("", |product| product.group.as_str());
            let line_dx = match telling {
                _ if self.claims != Claims::Carrier => None,
                Some(code) if own => Some(code),
                None if own => None,
                _ => case.own.per_mille(700).then(|| self.draw("comorbidity-9", case)),
            };
            slots.push(Slot { number: at, column: format!("HCPCS_CD_{at}"), group, code, line_dx });
        }
        slots
    }

    fn draw(&self, kind: &str, case: &mut Case) -> &'t str {
        self.tables.background(kind).draw(&mut case.own)
    }

    fn fill(&mut self, case: &mut Case, segment: u8, header_dx: &[&str], slots: &[Slot]) {
        let date = case.service.format("%Y%m%d").to_string();
        let date = if segment == 1 { date } else { String::new() };
        let drg = self.draw("number", case);
        let sheet = &mut self.sheet;
        let mut set = |name: &str, value: &str| sheet.set(sheet.at(name), value);
        set("DESYNPUF_ID", &person_id(case.patient));
        set("CLM_ID", &claim_id(self.claims, case.number));
        set("CLM_FROM_DT", &date);
        set("CLM_THRU_DT", &date);
        for (at, code) in (1..).zip(header_dx) {
            set(&format!("ICD9_DGNS_CD_{at}"), &undotted(code));
        }
        for slot in slots {
            set(&slot.column, &undotted(slot.code));
        }
        if self.claims == Claims::Carrier {
            return self.fill_lines(case, slots);
        }
        set("SEGMENT", &segment.to_string());
        set("PRVDR_NUM", &format!("2600{:02}", case.number % 90));
        set("CLM_PMT_AMT", if case.own.per_mille(10) { "-200.00" } else { "4000.00" });
        set("AT_PHYSN_NPI", &format!("98{:08}", case.patient * 31 % 900));
        if self.claims == Claims::Inpatient {
            set("CLM_ADMSN_DT", &case.service.format("%Y%m%d").to_string());
            set("NCH_BENE_DSCHRG_DT", &case.service.format("%Y%m%d").to_string());
            set("CLM_DRG_CD", if case.own.per_mille(200) { drg } else { "057" });
            // The admitting diagnosis is one of the stay's own.
            set("ADMTNG_ICD9_DGNS_CD", &header_dx.first().map_or(String::new(), |code| undotted(code)));
        }
    }

    fn fill_lines(&mut self, case: &mut Case, slots: &[Slot]) {
        let lines = slots.len() + usize::from(slots.len() < 13 && case.own.per_mille(40));
        for at in 1..=lines {
            // The last one may be paid without any code.
            let allowed = 20 + case.own.below(900);
            let line_dx = slots.get(at - 1).and_then(|slot| slot.line_dx).map_or(String::new(), undotted);
            let indicator = self.draw("indicator", case);
            let sheet = &mut self.sheet;
            let mut set = |stem: &str, value: &str| sheet.set(sheet.at(&format!("{stem}_{at}")), value);
            set("PRF_PHYSN_NPI", &format!("98{:08}", case.patient * 31 % 900));
            set("TAX_NUM", &format!("9{:08}", case.patient * 17 % 900));
            set("LINE_NCH_PMT_AMT", &format!("{}.00", allowed * 4 / 5));
            set("LINE_BENE_PTB_DDCTBL_AMT", "0.00");
            set("LINE_BENE_PRMRY_PYR_PD_AMT", "0.00");
            set("LINE_COINSRNC_AMT", &format!("{}.00", allowed / 5));
            set("LINE_ALOWD_CHRG_AMT", &format!("{allowed}.00"));
            set("LINE_PRCSG_IND_CD", indicator);
            set("LINE_ICD9_DGNS_CD", &line_dx);
        }
    }

    /// Writes a record and its orders, or the nearest reason why it has none.
    fn put(&mut self, case: &Case, record: &Record, ledger: &mut Ledger) -> io::Result<()> {
        let number = self.sheet.put(&record.bytes)?;
        let immune = record.slots.iter().any(|slot| slot.group == "intravenous");
        let nearest = NEAREST.into_iter().find(|reason| record.slots.iter().any(|slot| slot.group == *reason));
        ledger.record((!immune).then_some(nearest.unwrap_or(NO_PRODUCT)));
        for slot in &record.slots {
            let place = Place { record: number, slot: slot.number, column: &slot.column };
            if let (Care::Immune(scenario), "intravenous") = (case.care, slot.group) {
                let first = slot.line_dx.filter(|code| !record.header_dx.contains(code));
                let diagnoses: Vec<&str> = first.iter().chain(&record.header_dx).copied().collect();
                let order = Order {
                    scenario,
                    service: case.service,
                    age: case.age(),
                    coding: "icd9",
                    diagnoses: &diagnoses,
                    patient: person_id(case.patient),
                    product: slot.code,
                    grams: None,
                    auth: String::new(),
                };
                ledger.order(place, &order)?;
            } else if slot.group != OTHER_PRODUCT {
                ledger.look_alike(place, slot.group, slot.code)?;
            }
        }
        Ok(())
    }
}

fn person(sheet: &mut Sheet, tables: &Tables, case: &mut Case) -> Vec<u8> {
    sheet.push(person_id(case.patient)).push(case.birth.format("%Y%m%d")).push("");
    sheet.push(if case.female { 2 } else { 1 }).push(1).push(if case.own.per_mille(70) { "Y" } else { "0" });
    sheet.push(1 + case.patient % 54).push(tables.background("number").draw(&mut case.own));
    sheet.push(12).push(12).push(0).push(12);
    for _ in 0..11 {
        sheet.push(1 + case.own.below(2));
    }
    for _ in 0..9 {
        sheet.push(format!("{}.00", 10 * case.own.below(300)));
    }
    sheet.take(0)
}

fn person_id(patient: u64) -> String {
    format!("{:016X}", (patient + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15))
}

fn claim_id(claims: Claims, number: u64) -> String {
    let first = if claims == Claims::Carrier { 887_000_000_000_000_u64 } else { 196_000_000_000_000 };
    (first + number * 13).to_string()
}
