//! A record that is known to be UTF-8 is read as one whose fields are asked one by one.

use std::sync::LazyLock;

use ivig_audit::framing::{Dialect, Splitter};
use ivig_audit::intake::{Decoder, Framed, Layout};
use proptest::prelude::*;
use proptest::sample::select;

use super::{AS_OF, generic};

static GENERIC: LazyLock<Layout> = LazyLock::new(generic);

const HEADER: [&str; 12] = [
    "order_id",
    "order_date",
    "dob",
    "product_code",
    "modifier",
    "product_name",
    "ndc",
    "units",
    "diagnoses",
    "indication_text",
    "payer",
    "auth_status",
];

const CELLS: [&[u8]; 20] = [
    b"",
    b" ",
    b"NULL",
    b"O-1",
    b"6.9E+12",
    b"2024-07-01",
    b"1960-06-01 00:00",
    b"J1459",
    b"JA;JB",
    b"\xc2\xa0JA",
    b"Mu\xcc\x88ller",
    b"M\xfcller",
    b"\x93quoted\x94",
    b"00944270001",
    b"80.0",
    b"-1",
    b"G61.81;I10|2812.0",
    b"\xef\xbc\x91",
    b"Approved",
    b"A'12.3'",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_known_of_a_record_changes_nothing_that_is_read(cells in proptest::collection::vec(select(&CELLS[..]), HEADER.len())) {
        let record = cells.join(&b","[..]);
        let is_text = std::str::from_utf8(&record).is_ok();
        let binding = GENERIC.bind(&HEADER.map(str::to_owned));
        let decoder = Decoder::new(&GENERIC, &binding, AS_OF);
        let mut splitter = Splitter::new();
        let fields = splitter.split(&record, &Dialect { fields: HEADER.len(), ..Dialect::default() });
        let field = |at: usize| fields.get(at).unwrap_or_default();
        let product = decoder.product(&field);
        let read = |utf8| format!("{:?}", decoder.decode(&field, &product, Framed { utf8, ..Framed::default() }));
        prop_assert_eq!(read(is_text), read(false));
    }
}
