//! The layouts that these tests read by.

use ivig_audit::intake::Layout;

const HEAD: &str = r#"
id = "several"
version = "1.0.0"
label = "A test"
requires = [{ any-of = ["product_code"], why = "the product" }]
[dialect]
delimiters = [",", "|"]
quote = "\""
[columns]
order_id = ["line_id"]
product_code = ["hcpcs"]
service_date = ["day"]
patient_id = ["patient"]
auth_number = ["auth"]
birth_date = ["dob"]
dx = ["dx{1..3}"]
[keys]
claim = ["claim"]
site = ["site"]
[nulls]
claim = ["0"]
[dates]
forms = ["year-month-day"]
sentinels = ["9999-12-31"]
"#;

pub const DIAGNOSES: &str = r#"
[[companion]]
role = "diagnoses"
label = "diagnoses"
needed = true
where = [{ name = "type", any-of = ["D"] }]
keys = { claim = ["claim_id"], site = ["site"], id = ["dx_id"] }
columns = { dx = ["code"], dx_position = ["seq"], dx_version = ["version"], dx_name = ["name"] }
[[companion.join]]
on = ["claim", "site"]
"#;

pub const NAMES: &str = r#"
[[companion]]
role = "names"
label = "names of diagnoses"
keys = { id = ["dx_id"] }
columns = { dx = ["code"], dx_name = ["text"] }
[[companion.join]]
on = ["id"]
"#;

pub const CLAIMS: &str = r#"
[[companion]]
role = "claims"
label = "claims"
keys = { claim = ["claim"], site = ["site"] }
columns = { patient_id = ["member"], dx = ["dx{1..3}"], dx_version = ["version{1..3}"] }
[[companion.join]]
on = ["claim", "site"]
"#;

pub const PATIENTS: &str = r#"
[[companion]]
role = "patients"
label = "patients"
columns = { patient_id = ["patient", "member"], birth_date = ["born"], sex = ["sex"] }
[[companion.join]]
on = ["patient_id"]
"#;

pub const AUTHORIZATIONS: &str = r#"
[[companion]]
role = "authorizations"
label = "authorizations"
columns = { auth_number = ["number"], auth_decision = ["decision"], patient_id = ["patient"], product_code = ["code"], period_from = ["from"], period_to = ["to"] }
[[companion.join]]
on = ["auth_number"]
[[companion.join]]
on = ["patient_id"]
same-product = true
in-period = true
"#;

pub const AGAIN: &str = r#"
[[companion]]
role = "claims"
label = "first segments"
again = true
where = [{ name = "segment", any-of = ["1"] }]
keys = { claim = ["claim"] }
columns = { service_date = ["day"] }
[[companion.join]]
on = ["claim"]
"#;

/// A layout with these companions.
pub fn layout(companions: &[&str]) -> Layout {
    Layout::parse("test", &format!("{HEAD}{}", companions.concat())).expect("a layout")
}
