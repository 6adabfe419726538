//! Header names: how they are compared, and the runs that one name may stand for.

/// The longest run of numbered names.
pub(in crate::intake) const RUN_MAX: usize = 100;

/// The first two letters or digits, in lower case.
pub(super) fn first_letters(field: &[u8]) -> [Option<u8>; 2] {
    let mut letters = field.iter().filter(|byte| byte.is_ascii_alphanumeric()).map(u8::to_ascii_lowercase);
    [letters.next(), letters.next()]
}

/// A header name as it is compared: without case, spaces, `_` or `-`.
#[must_use]
pub(in crate::intake) fn comparable(name: &str) -> String {
    let mut name = crate::codes::trim_cell(name).to_owned();
    name.retain(|c| !matches!(c, ' ' | '_' | '-'));
    if !name.is_ascii() {
        return name.chars().flat_map(char::to_lowercase).collect();
    }
    name.make_ascii_lowercase();
    name
}

/// The numbers of a range as `1..13`, both ends included; `None` if it is no range, or a longer one than is read.
pub(in crate::intake) fn range(text: &str) -> Option<std::ops::RangeInclusive<u32>> {
    let (low, high) = text.split_once("..")?;
    let (low, high): (u32, u32) = (low.trim().parse().ok()?, high.trim().parse().ok()?);
    (low <= high && ((high - low) as usize) < RUN_MAX).then_some(low..=high)
}

/// The names that a name stands for: `dx{1..25}` for a run, any other for itself.
#[must_use]
pub(in crate::intake) fn expanded(name: &str) -> Vec<String> {
    let run =
        name.split_once('{').and_then(|(head, rest)| rest.split_once('}').map(|(inner, tail)| (head, inner, tail)));
    match run.and_then(|(head, inner, tail)| Some((head, range(inner)?, tail))) {
        Some((head, numbers, tail)) => numbers.map(|number| format!("{head}{number}{tail}")).collect(),
        None => vec![name.to_owned()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_names_compare_without_case_spaces_and_marks() {
        for name in ["Order ID", "order-id", "ORDER_ID", "\u{feff}orderid"] {
            assert_eq!(comparable(name), "orderid", "{name}");
        }
        assert_eq!(comparable("ÜBER-\u{212a} _x"), "überkx");
    }

    #[test]
    fn numbered_names_expand() {
        assert_eq!(expanded("dx{1..3}"), ["dx1", "dx2", "dx3"]);
        assert_eq!(expanded("age"), ["age"]);
    }

    #[test]
    fn a_range_is_of_at_most_a_hundred_numbers() {
        assert_eq!(range("1..3"), Some(1..=3));
        assert_eq!(range("0..99"), Some(0..=99));
        for wrong in ["0..100", "3..1", "1", "1..x", ""] {
            assert_eq!(range(wrong), None, "{wrong}");
        }
    }
}
