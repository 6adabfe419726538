//! Header names in messages, unless the first line may be a record: then nothing of it is shown.

/// The names that were found, or how many, where some look like values.
pub(in crate::intake) fn found(header: &[String]) -> String {
    if may_be_a_record(header) {
        return format!("{} fields, not shown, since the first line may be a record and no header", header.len());
    }
    header.join(", ")
}

/// Whether a cell of the first line looks like a value: a number, a day, a code. Names of columns do not.
pub(in crate::intake) fn may_be_a_record(header: &[String]) -> bool {
    header.iter().any(|cell| is_value(crate::codes::trim_cell(cell)))
}

fn is_value(cell: &str) -> bool {
    let digits = cell.bytes().filter(u8::is_ascii_digit).count();
    let mark = |byte: &u8| matches!(byte, b'.' | b',' | b'-' | b'/' | b':' | b' ' | b'$' | b'T' | b'Z' | b'+' | b'E');
    let is_number = digits > 0 && cell.bytes().all(|byte| byte.is_ascii_digit() || mark(&byte));
    let is_code = cell.len() >= 5
        && digits >= 2
        && cell.as_bytes()[0].is_ascii_uppercase()
        && cell.as_bytes()[1].is_ascii_digit()
        && cell.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'.');
    is_number || is_code
}

#[cfg(test)]
mod tests {
    use super::{found, may_be_a_record};

    fn header(line: &str) -> Vec<String> {
        line.split(',').map(str::to_owned).collect()
    }

    #[test]
    fn a_line_with_a_number_a_day_or_a_code_may_be_a_record_and_is_not_shown() {
        for line in ["SMITH,units,80", "A,2024-07-01", "A,07/01/2024 08:15", "A,J1459,PAID", "A,G61.81", "A,1.50"] {
            assert!(may_be_a_record(&header(line)), "{line}");
            assert!(!found(&header(line)).contains("SMITH"), "{line}");
        }
        for line in ["order_id,dx1,ICD10_1", "HI01-2,CLM01,SV101-2", "MC004,MC041,Dx 1", "ICD9_DGNS_CD_1,1st DX", "x"] {
            assert!(!may_be_a_record(&header(line)), "{line}");
        }
        assert_eq!(found(&header("a,b")), "a, b");
    }
}
