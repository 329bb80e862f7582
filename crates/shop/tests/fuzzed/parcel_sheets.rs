//! A sheet of parcels, and the bounds that its reading keeps.

use shop::catalogue::MAX_FAULTS;
use shop::parcel::sheet::{MAX_PARCELS, MAX_WORD, read};

pub fn run(data: &[u8]) {
    let (parcels, plan) = read(data);
    assert!(parcels.len() <= MAX_PARCELS && plan.errors.len() <= MAX_FAULTS);
    assert!(parcels.len() <= plan.rows);
    for parcel in &parcels {
        let words = [&parcel.order_number, &parcel.carrier, &parcel.tracking_number];
        assert!(words.iter().all(|word| !word.is_empty()), "{parcel:?}");
        assert!([&parcel.carrier, &parcel.tracking_number].iter().all(|word| word.chars().count() <= MAX_WORD));
        assert!(parcel.tracking_url.as_ref().is_none_or(|url| url.starts_with("https://")), "{parcel:?}");
    }
}
