//! The FDA's NDC directory: `product.txt` and `package.txt`, tab-separated, in Windows-1252 or UTF-8.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::substances::{Meaning, Substances};

/// One globulin of the directory.
pub struct Listing {
    /// Labeler and product, five and four digits with a hyphen.
    pub code: String,
    /// The proprietary name, or the nonproprietary one if there is none.
    pub name: String,
    /// The kind of product as the rules name it, or why a person must decide.
    pub kind: Result<&'static str, String>,
    /// First day of marketing.
    pub from: Option<NaiveDate>,
    /// Last day of marketing; open if empty.
    pub to: Option<NaiveDate>,
}

/// Package codes by the id of their product.
pub type Packages = BTreeMap<String, Vec<String>>;

/// Reads `package.txt`.
///
/// # Errors
/// A sentence with the line that has another form.
pub fn packages(bytes: &[u8]) -> Result<Packages, String> {
    let text = decoded(bytes)?;
    let mut packages = Packages::new();
    each(&text, ["PRODUCTID", "NDCPACKAGECODE"], |[product, package]| {
        packages.entry(product.to_owned()).or_default().push(package.to_owned());
        Ok(())
    })?;
    Ok(packages)
}

/// Reads the globulins of `product.txt`, sorted by code.
///
/// # Errors
/// A sentence with the line that has another form.
pub fn listings(bytes: &[u8], substances: &Substances, packages: &Packages) -> Result<Vec<Listing>, String> {
    const COLUMNS: [&str; 9] = [
        "PRODUCTID",
        "PRODUCTNDC",
        "PROPRIETARYNAME",
        "NONPROPRIETARYNAME",
        "ROUTENAME",
        "STARTMARKETINGDATE",
        "ENDMARKETINGDATE",
        "SUBSTANCENAME",
        "NDC_EXCLUDE_FLAG",
    ];
    let text = decoded(bytes)?;
    let mut listings: BTreeMap<String, Listing> = BTreeMap::new();
    each(&text, COLUMNS, |[id, ndc, proprietary, nonproprietary, routes, start, end, substance, excluded]| {
        let Some(meaning) = substances.meaning(substance, nonproprietary) else { return Ok(()) };
        let own = packages.get(id).map_or(&[][..], Vec::as_slice);
        let kind = fit(ndc, excluded, own).and_then(|()| kind(meaning, routes));
        let name = if proprietary.is_empty() { nonproprietary } else { proprietary };
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        let listing =
            Listing { code: product_code(ndc)?, name, kind, from: marketing_day(start)?, to: marketing_day(end)? };
        match listings.get_mut(&listing.code) {
            None => drop(listings.insert(listing.code.clone(), listing)),
            Some(first) => first.join(&listing),
        }
        Ok(())
    })?;
    if listings.is_empty() {
        return Err("no globulin is in it: is it the whole directory of finished drugs?".to_owned());
    }
    Ok(listings.into_values().collect())
}

impl Listing {
    /// The same product in two lines: marketed as long as either says, of one kind or open.
    fn join(&mut self, other: &Self) {
        if self.kind != other.kind {
            self.kind = Err("listed twice in the directory, not as the same kind".to_owned());
        }
        self.from = self.from.zip(other.from).map(|(one, two)| one.min(two));
        self.to = self.to.zip(other.to).map(|(one, two)| one.max(two));
    }
}

fn kind(meaning: Meaning, routes: &str) -> Result<&'static str, String> {
    let routes: BTreeSet<&str> = routes.split(';').map(str::trim).filter(|route| !route.is_empty()).collect();
    let routes: Vec<&str> = routes.into_iter().collect();
    match (meaning, &routes[..]) {
        (Meaning::Open, _) => Err("a globulin that refresh/ndc-substances.csv does not tell".to_owned()),
        (Meaning::OtherGlobulin, _) | (_, ["INTRAMUSCULAR"]) => Ok("other-globulin"),
        (_, ["INTRAVENOUS"]) => Ok("intravenous"),
        (_, ["SUBCUTANEOUS"]) => Ok("subcutaneous"),
        (_, ["INTRAVENOUS", "SUBCUTANEOUS"]) => Ok("dual-route"),
        (_, []) => Err("the directory names no route, as for a kit".to_owned()),
        (_, other) => Err(format!("no kind of product has the routes {}", other.join(" and "))),
    }
}

/// The directory stands by the product, and its packages bear its code.
fn fit(ndc: &str, excluded: &str, packages: &[String]) -> Result<(), String> {
    let of_product = |package: &String| package.rsplit_once('-').is_some_and(|(product, _)| product == ndc);
    if !matches!(excluded, "" | "N") {
        Err("the directory excludes it".to_owned())
    } else if packages.is_empty() {
        Err("package.txt has no package of it".to_owned())
    } else if !packages.iter().all(of_product) {
        Err("package.txt has a package of another code for it".to_owned())
    } else {
        Ok(())
    }
}

/// Labeler and product in the widths that billing uses.
fn product_code(ndc: &str) -> Result<String, &'static str> {
    const FORM: &str = "PRODUCTNDC: accepted are 4 or 5 digits, a hyphen, and 3 or 4 digits";
    let (labeler, product) = ndc.split_once('-').ok_or(FORM)?;
    let digits = |part: &str, lengths: [usize; 2]| {
        lengths.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    if digits(labeler, [4, 5]) && digits(product, [3, 4]) {
        Ok(format!("{labeler:0>5}-{product:0>4}"))
    } else {
        Err(FORM)
    }
}

fn marketing_day(cell: &str) -> Result<Option<NaiveDate>, &'static str> {
    match cell {
        "" => Ok(None),
        day => NaiveDate::parse_from_str(day, "%Y%m%d").map(Some).map_err(|_| "a marketing date is not YYYYMMDD"),
    }
}

/// Hands the cells of some columns of every line on.
fn each<const N: usize>(
    text: &str,
    columns: [&str; N],
    mut take: impl FnMut([&str; N]) -> Result<(), &'static str>,
) -> Result<(), String> {
    let mut lines = text.trim_start_matches('\u{feff}').lines().enumerate();
    let header: Vec<&str> = lines.next().map(|(_, header)| split(header)).unwrap_or_default();
    let mut places = [0; N];
    for (place, column) in places.iter_mut().zip(columns) {
        let at = header.iter().position(|name| name.eq_ignore_ascii_case(column));
        *place = at.ok_or_else(|| format!("line 1: no column {column}"))?;
    }
    for (index, line) in lines.filter(|(_, line)| !line.is_empty()) {
        let cells = split(line);
        if cells.len() != header.len() {
            return Err(format!("line {}: {} columns are accepted, as in the header", index + 1, header.len()));
        }
        take(places.map(|at| cells[at])).map_err(|what| format!("line {}: {what}", index + 1))?;
    }
    Ok(())
}

/// The cells of a line. The directory puts no quotes round them, and has quotes inside them.
fn split(line: &str) -> Vec<&str> {
    line.split('\t').map(str::trim).collect()
}

/// The text of a file whose lines are UTF-8 or Windows-1252.
fn decoded(bytes: &[u8]) -> Result<String, String> {
    let mut text = String::with_capacity(bytes.len());
    for (index, line) in bytes.split_inclusive(|byte| *byte == b'\n').enumerate() {
        match std::str::from_utf8(line) {
            Ok(line) => text.push_str(line),
            Err(_) => {
                for byte in line {
                    let character = windows_1252(*byte).ok_or_else(|| {
                        format!("line {}: the byte {byte:02X} is neither UTF-8 nor Windows-1252", index + 1)
                    })?;
                    text.push(character);
                }
            }
        }
    }
    Ok(text)
}

/// Windows-1252 is Latin-1 but for 32 places, of which five are empty.
fn windows_1252(byte: u8) -> Option<char> {
    const PLACES: [char; 32] = [
        '€', '\0', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\0', 'Ž', '\0', '\0', '‘', '’', '“', '”',
        '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\0', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9F => Some(PLACES[usize::from(byte - 0x80)]).filter(|character| *character != '\0'),
        other => Some(char::from(other)),
    }
}
