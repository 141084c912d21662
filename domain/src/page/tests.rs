use proptest::prelude::*;

use super::*;

const KINDS: [SortKind; 3] = [SortKind::Number, SortKind::Instant, SortKind::Text];

fn after(cursor: String) -> Paging {
    Paging {
        after: Some(cursor),
        ..Paging::default()
    }
}

fn sorts() -> impl Strategy<Value = Sort> {
    // Up to 9999-12-31T23:59:59, in microseconds.
    let instants = (-62_167_219_200_000_000_i64..=253_402_300_799_000_000).prop_map(|micros| {
        Sort::Instant(Instant::from_timestamp_micros(micros).expect("within reach"))
    });
    prop_oneof![
        any::<i64>().prop_map(Sort::Number),
        instants,
        "[^\0]{0,60}".prop_map(Sort::Text),
    ]
}

proptest! {
    #[test]
    fn any_text_is_a_place_of_the_right_kind_or_refused(text in any::<String>(), bytes in any::<Vec<u8>>()) {
        for cursor in [text, URL_SAFE_NO_PAD.encode(&bytes)] {
            for kind in KINDS {
                if let Ok(window) = after(cursor.clone()).window("themes", kind) {
                    prop_assert_eq!(window.from.map(|key| key.sort.kind()), Some(kind));
                }
            }
        }
    }

    #[test]
    fn a_cursor_leads_back_to_its_place_on_its_own_list_alone(sort in sorts(), id in any::<u128>()) {
        let key = Key { sort, id: Uuid::from_u128(id) };
        let cursor = key.encode(ListMark::of("themes"));
        for kind in KINDS {
            let window = after(cursor.clone()).window("themes", kind);
            if kind == key.sort.kind() {
                prop_assert_eq!(window.expect("its own list").from, Some(key.clone()));
            } else {
                prop_assert!(window.is_err());
            }
            prop_assert!(after(cursor.clone()).window("polls", kind).is_err());
        }
    }

    #[test]
    fn whatever_follows_a_lists_own_mark_is_kept_by_the_databases(kind in prop::sample::select(vec![b'n', b'i', b't', b'x']), value in any::<Vec<u8>>()) {
        let mark = ListMark::of("themes");
        let bytes = [&mark.0[..], &[0; 16], &[kind], &value].concat();
        for sorted_by in KINDS {
            let window = after(URL_SAFE_NO_PAD.encode(&bytes)).window("themes", sorted_by);
            match window.ok().and_then(|window| window.from).map(|key| key.sort) {
                Some(Sort::Text(text)) => prop_assert!(!text.contains('\0')),
                Some(Sort::Instant(instant)) => prop_assert!(clock::is_kept(&instant)),
                Some(Sort::Number(_)) | None => {}
            }
        }
    }
}
