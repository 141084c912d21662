use proptest::prelude::*;

use super::*;

fn found(text: &str) -> Vec<&str> {
    numbers(text)
        .into_iter()
        .map(|range| &text[range])
        .collect()
}

#[test]
fn dutch_telephone_numbers_are_found_however_they_are_grouped() {
    for number in [
        "0612345678",
        "06-12345678",
        "06 12 34 56 78",
        "06.12.34.56.78",
        "06 - 12345678",
        "06 - 12 34 56 78",
        "0523 - 12 34 56",
        "+31 6 - 12345678",
        "038-4251234",
        "(038) 425 12 34",
        "0523-123456",
        "0523 12 34 56",
        "+31612345678",
        "+31 6 12345678",
        "+31 (0)6 12 34 56 78",
        "+31(0)38 425 1234",
        "0031 38 4251234",
    ] {
        let text = format!("bel {number}, graag");
        let found = found(&text);
        assert_eq!(found.len(), 1, "{number}: {found:?}");
        assert_eq!(
            found[0].trim_start_matches('('),
            number.trim_start_matches('(')
        );
    }
}

#[test]
fn dates_amounts_and_office_lines_are_no_telephone_numbers() {
    for text in [
        "op 06-12-2024 14:30 uur",
        "op 01-02-2024 14:30 uur",
        "06 12 2024 14 uur",
        "06 - 12 - 2024 - 14 uur",
        "06-12-2024 - 13:30 uur",
        "van 0830 - 1700 uur",
        "088 123 45 67",
        "0800-1351",
        "0900 123 4567",
        "0909 123 4567",
        "€ 0612345678",
        "bestelling 10612345678",
        "061234567",
        "06123456789",
        "0012345678",
        "0 6 1 2 3 4 5 6 7 8",
        "14 038",
        "postcode 8011 ab 12",
    ] {
        assert_eq!(found(text), Vec::<&str>::new(), "{text}");
    }
}

#[test]
fn ibans_are_found_when_their_check_digits_are_right() {
    for iban in [
        "nl91abna0417164300",
        "nl91 abna 0417 1643 00",
        "nl20ingb0001234567",
        "be68 5390 0754 7034",
        "de89 3704 0044 0532 0130 00",
    ] {
        assert_eq!(found(&format!("naar {iban}.")), [iban]);
    }
    for text in [
        "nl92abna0417164300",
        "nl91abna041716430",
        "xnl91abna0417164300",
        "nl91abna04171643001",
        "xx91abna0417164300",
        "nlab",
    ] {
        assert_eq!(found(text), Vec::<&str>::new(), "{text}");
    }
}

#[test]
fn bsns_are_nine_digits_that_pass_the_eleven_test() {
    for bsn in ["111222333", "123456782", "1234.56.782", "1234 56 782"] {
        assert_eq!(found(&format!("bsn {bsn}.")), [bsn]);
    }
    for text in [
        "123456789",
        "000000000",
        "1234567820",
        "12345678",
        "€ 123456782",
        "123456782,50",
        "1.123456782",
        "123.456.782",
        "1234.56 782",
        "a123456782",
    ] {
        assert_eq!(found(text), Vec::<&str>::new(), "{text}");
    }
}

proptest! {
    #[test]
    fn what_is_found_is_in_order_apart_and_whole(text in "[0-9a-z+(). /€é-]{0,80}") {
        let mut behind = 0;
        for range in numbers(&text) {
            prop_assert!(range.start >= behind && range.start < range.end);
            prop_assert!(text.get(range.clone()).is_some());
            behind = range.end;
        }
    }

    #[test]
    fn one_wrong_digit_is_never_a_bsn(mut digits in prop::collection::vec(0_i32..10, 8), at in 0_usize..9, by in 1_i32..10) {
        let sum: i32 = digits.iter().zip((2..=9).rev()).map(|(digit, weight)| digit * weight).sum();
        prop_assume!(sum > 0 && sum % 11 < 10);
        digits.push(sum % 11);
        prop_assert!(passes_eleven_test(&digits));
        digits[at] = (digits[at] + by) % 10;
        prop_assert!(!passes_eleven_test(&digits) );
    }

    #[test]
    fn an_iban_made_by_the_rule_is_found(account in "[a-z]{4}[0-9]{10}") {
        let check = 98 - remainder(format!("nl00{account}").as_bytes());
        let iban = format!("nl{check:02}{account}");
        prop_assert_eq!(found(&iban), [iban.as_str()]);
    }
}
