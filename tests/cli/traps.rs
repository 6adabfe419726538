//! What exports get wrong most easily, each found in a committed export and named.

use crate::generated::Audited;

fn has(list: &str, code: &str) -> bool {
    list.split('|').any(|own| own == code)
}

#[test]
fn immune_globulin_that_only_the_text_tells_is_found() {
    let audited = Audited::of("mimic3");
    let told = audited.answers("order told by its text alone", |answer, line| {
        answer["disposition"] == "in-scope" && answer["product"] == "text" && line["ndc"] == "0"
    });
    for answer in told {
        assert_eq!(audited.order(answer).expect("an order")["product_system"], "name");
    }
}

#[test]
fn immune_globulin_that_only_the_ndc_tells_is_found() {
    let audited = Audited::of("mimic3");
    let told = audited.answers("order told by its NDC alone", |answer, line| {
        let silent = !line["drug"].to_lowercase().contains("globulin");
        answer["disposition"] == "in-scope" && answer["product"] == "ndc" && silent && line["ndc"] != "0"
    });
    for answer in told {
        assert_eq!(audited.order(answer).expect("an order")["product_system"], "ndc");
    }
}

#[test]
fn hepatitis_b_globulin_given_by_vein_is_no_order() {
    let audited = Audited::of("mimic3");
    let given = audited.answers("hepatitis B globulin by vein", |answer, line| {
        answer["product"].starts_with("Hepatitis B") && line["route"].starts_with("IV")
    });
    for answer in given {
        assert_eq!(answer["disposition"], "other-globulin");
        assert_eq!(audited.order(answer), None);
    }
}

#[test]
fn critical_illness_polyneuropathy_is_not_taken_for_cidp() {
    let audited = Audited::of("mimic3");
    let of = |own: &str, other: &str| {
        audited.answers(own, |answer, _| has(&answer["diagnoses"], own) && !has(&answer["diagnoses"], other))
    };
    for answer in of("357.82", "357.81") {
        let order = audited.order(answer).expect("an order");
        assert_eq!((order["determination"].as_str(), order["guideline_rows"].as_str()), ("not_addressed", ""));
    }
    for answer in of("357.81", "357.82") {
        assert_eq!(audited.order(answer).expect("an order")["guideline_rows"], "cidp");
    }
}

#[test]
fn the_group_or_number_138_is_not_taken_for_the_diagnosis_138() {
    for (shape, column) in [("synpuf-inpatient", "CLM_DRG_CD"), ("mimic3", "form_val_disp")] {
        let audited = Audited::of(shape);
        let beside = audited.answers("138 that is no diagnosis", |answer, line| {
            answer["disposition"] == "in-scope" && line[column] == "138" && !has(&answer["diagnoses"], "138")
        });
        for answer in beside {
            let order = audited.order(answer).expect("an order");
            assert!(!has(&order["diagnoses"], "138") && order["guideline_rows"] != "post-polio", "{shape}: {order:?}");
        }
        for answer in audited.answers("diagnosis 138", |answer, _| has(&answer["diagnoses"], "138")) {
            let order = audited.order(answer).expect("an order");
            assert!(has(&order["diagnoses"], "138") && order["guideline_rows"] == "post-polio", "{shape}: {order:?}");
        }
    }
}

#[test]
fn icd_9_on_a_day_of_the_next_century_is_read_by_its_column() {
    for shape in ["mimic3", "mimic4"] {
        let audited = Audited::of(shape);
        let coded = audited.answers("codes of ICD-9-CM after 2100", |answer, _| {
            answer["coding"] == "icd9" && answer["service_date"].as_str() > "2100"
        });
        for answer in coded {
            let order = audited.order(answer).expect("an order");
            let kept: Vec<&str> = answer["diagnoses"].split('|').take(32).collect();
            assert_eq!(order["diagnoses"], kept.join("|"), "{shape}: with the dots of ICD-9-CM");
            assert_eq!(order["determination"], answer["determination"], "{shape}");
        }
    }
    let audited = Audited::of("mimic4");
    let other = audited.answers("codes of ICD-10-CM", |answer, _| answer["coding"] == "icd10");
    assert!(other.iter().all(|answer| audited.order(answer).is_some()));
}

#[test]
fn a_diluent_that_names_the_product_is_not_counted_beside_it() {
    for shape in ["mimic3", "mimic4"] {
        let audited = Audited::of(shape);
        let diluents = audited.answers("diluent that names the product", |answer, line| {
            let named = line["drug"].to_lowercase();
            answer["disposition"] == "not-a-line" && (named.contains("ivig") || named.contains("globulin"))
        });
        assert!(diluents.iter().all(|answer| audited.order(answer).is_none()), "{shape}");
    }
    let audited = Audited::of("synpuf-inpatient");
    let beside = audited.answers("procedure beside its product", |answer, _| answer["disposition"] == "beside");
    assert!(beside.iter().all(|answer| audited.order(answer).is_none()));
}

#[test]
fn a_second_segment_without_dates_has_the_day_of_the_first() {
    let audited = Audited::of("synpuf-inpatient");
    let second = audited.answers("order of a second segment", |answer, line| {
        answer["disposition"] == "in-scope" && line["SEGMENT"] == "2" && line["CLM_FROM_DT"].is_empty()
    });
    for answer in second {
        let claim = &audited.line(answer)["CLM_ID"];
        let first = audited.lines.iter().find(|line| line["CLM_ID"] == *claim && line["SEGMENT"] == "1");
        let day = audited.order(answer).expect("an order")["service_date"].replace('-', "");
        assert_eq!(first.map(|line| &line["CLM_FROM_DT"]), Some(&day));
    }
}
