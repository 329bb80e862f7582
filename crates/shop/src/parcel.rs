//! A parcel on its way.

pub mod sheet;

use kernel::{ParcelId, Timestamp};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parcel {
    pub id: ParcelId,
    /// As staff wrote it; known ones are found by [`tracking_url`].
    pub carrier: String,
    pub tracking_number: String,
    pub tracking_url: Option<String>,
    pub sent_at: Timestamp,
    /// When it came, as staff or the carrier say.
    pub delivered_at: Option<Timestamp>,
}

/// (letters of the carrier's name, address before the number), each from the carrier's own public tracking page.
const CARRIERS: &[(&str, &str)] = &[
    ("dhl", "https://www.dhl.com/global-en/home/tracking.html?tracking-id="),
    ("ups", "https://www.ups.com/track?tracknum="),
    ("fedex", "https://www.fedex.com/fedextrack/?trknbr="),
    ("usps", "https://tools.usps.com/go/TrackConfirmAction?tLabels="),
    ("royalmail", "https://www.royalmail.com/track-your-item#/tracking-results/"),
    ("sfexpress", "https://www.sf-express.com/chn/en/waybill/waybill-detail/"),
    ("ems", "https://www.ems.com.cn/queryList?mailNo="),
    ("japanpost", "https://trackings.post.japanpost.jp/services/srv/search/direct?locale=en&reqCodeNo1="),
];

/// Where a known carrier tells about a parcel; the name may be written in any case, with spaces.
#[must_use]
pub fn tracking_url(carrier: &str, tracking_number: &str) -> Option<String> {
    let name: String = carrier.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    let number: String = tracking_number.chars().filter(char::is_ascii_alphanumeric).collect();
    let (_, before) = CARRIERS.iter().find(|(known, _)| name == *known)?;
    (!number.is_empty()).then(|| format!("{before}{number}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_carriers_are_linked() {
        let check = |carrier: &str, number: &str, expected: Option<&str>| {
            assert_eq!(tracking_url(carrier, number).as_deref(), expected, "{carrier} {number}");
        };
        check("UPS", "1Z 999", Some("https://www.ups.com/track?tracknum=1Z999"));
        check("Royal Mail", "AB1", Some("https://www.royalmail.com/track-your-item#/tracking-results/AB1"));
        check("UPS", "\"><script>", Some("https://www.ups.com/track?tracknum=script"));
        check("A cousin's van", "1", None);
        check("UPS", " ", None);
    }
}
