//! Addresses as each country writes them: which parts there are, which are needed, and what a postal code looks like.

use kernel::Country;
use serde::{Deserialize, Serialize};

/// Where a parcel goes. Personal: it lies in a side row that can be erased.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Address {
    /// Street, house, flat: one to [`MAX_LINES`] lines.
    pub lines: Vec<String>,
    pub city: String,
    /// State, province or prefecture, where the country's form has one.
    #[serde(default)]
    pub region: Option<String>,
    #[serde(default)]
    pub postal_code: Option<String>,
    pub country: Country,
}

pub const MAX_LINES: usize = 4;
/// Characters of one line; what carriers' labels hold with room to spare.
pub const MAX_LINE: usize = 100;

/// The parts of an address's form, in the order in which the country writes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    Name,
    Lines,
    City,
    Region,
    PostalCode,
}

/// A country's form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Form {
    pub order: &'static [Part],
    pub region: Region,
    pub postal: Postal,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Region {
    Absent,
    Optional,
    Needed,
}

/// Patterns of a postal code: `9` is a digit, `A` a letter, anything else itself; separators may be left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Postal {
    Absent,
    Optional,
    Pattern(&'static [&'static str]),
}

use Part::{City, Lines, Name, PostalCode, Region as RegionPart};

const SMALL_FIRST: &[Part] = &[Name, Lines, City, RegionPart, PostalCode];
const CODE_BEFORE_CITY: &[Part] = &[Name, Lines, PostalCode, City, RegionPart];
const LARGE_FIRST: &[Part] = &[PostalCode, RegionPart, City, Lines, Name];

const NO_REGION: Region = Region::Absent;
const fn form(order: &'static [Part], region: Region, postal: Postal) -> Form {
    Form { order, region, postal }
}

const FIVE: Postal = Postal::Pattern(&["99999"]);
const FOUR: Postal = Postal::Pattern(&["9999"]);
const SIX: Postal = Postal::Pattern(&["999999"]);
const BRITISH: Postal =
    Postal::Pattern(&["A9 9AA", "A99 9AA", "AA9 9AA", "AA99 9AA", "A9A 9AA", "AA9A 9AA", "GIR 9AA"]);

/// The form of a country (Universal Postal Union, addressing sheets,
/// <https://www.upu.int/en/Postal-Solutions/Programmes-Services/Addressing-Solutions>). Countries without a row get
/// a form that refuses nothing: an address that a post office delivers to must never be turned away.
#[must_use]
pub fn of(country: Country) -> Form {
    match country.as_str() {
        "US" | "PR" => form(SMALL_FIRST, Region::Needed, Postal::Pattern(&["99999", "99999-9999"])),
        "CA" => form(SMALL_FIRST, Region::Needed, Postal::Pattern(&["A9A 9A9"])),
        "AU" => form(SMALL_FIRST, Region::Needed, FOUR),
        "GB" | "GG" | "JE" | "IM" => form(SMALL_FIRST, NO_REGION, BRITISH),
        "IE" => form(SMALL_FIRST, Region::Optional, Postal::Optional),
        "CN" => form(LARGE_FIRST, Region::Needed, SIX),
        "JP" => form(LARGE_FIRST, Region::Needed, Postal::Pattern(&["999-9999"])),
        "KR" => form(LARGE_FIRST, Region::Optional, FIVE),
        "TW" => form(LARGE_FIRST, Region::Optional, Postal::Pattern(&["999", "99999", "999999"])),
        "HK" | "MO" => form(LARGE_FIRST, Region::Optional, Postal::Absent),
        "SG" => form(SMALL_FIRST, NO_REGION, SIX),
        "IN" => form(SMALL_FIRST, Region::Needed, SIX),
        "BR" => form(SMALL_FIRST, Region::Needed, Postal::Pattern(&["99999-999"])),
        "MX" => form(CODE_BEFORE_CITY, Region::Needed, FIVE),
        "IT" | "ES" => form(CODE_BEFORE_CITY, Region::Optional, FIVE),
        "DE" | "FR" | "FI" | "EE" | "HR" | "MC" | "TR" => form(CODE_BEFORE_CITY, NO_REGION, FIVE),
        "AT" | "BE" | "CH" | "DK" | "HU" | "LI" | "LU" | "NO" | "SI" | "BG" | "CY" => {
            form(CODE_BEFORE_CITY, NO_REGION, FOUR)
        }
        "NZ" => form(SMALL_FIRST, NO_REGION, FOUR),
        "NL" => form(CODE_BEFORE_CITY, NO_REGION, Postal::Pattern(&["9999 AA"])),
        "PL" => form(CODE_BEFORE_CITY, NO_REGION, Postal::Pattern(&["99-999"])),
        "PT" => form(CODE_BEFORE_CITY, NO_REGION, Postal::Pattern(&["9999-999"])),
        "SE" | "GR" | "CZ" | "SK" => form(CODE_BEFORE_CITY, NO_REGION, Postal::Pattern(&["999 99"])),
        _ => form(SMALL_FIRST, Region::Optional, Postal::Optional),
    }
}

/// A part of an address that cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    pub part: Part,
    pub why: Why,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    Missing,
    TooLong,
    /// Not how the country writes it.
    NotLikeThat,
}

/// The address as it is written on the parcel: trimmed, empty lines gone, the postal code in the country's own form,
/// parts that the country's form lacks left out. Or every fault of it at once.
pub fn check(address: &Address) -> Result<Address, Vec<Fault>> {
    let form = of(address.country);
    let mut faults = Vec::new();
    let lines: Vec<String> = address.lines.iter().map(|line| tidy(line)).filter(|line| !line.is_empty()).collect();
    if lines.is_empty() {
        faults.push(Fault { part: Lines, why: Why::Missing });
    } else if lines.len() > MAX_LINES || lines.iter().any(|line| too_long(line)) {
        faults.push(Fault { part: Lines, why: Why::TooLong });
    }
    let city = tidy(&address.city);
    if city.is_empty() && form.region != Region::Optional {
        faults.push(Fault { part: City, why: Why::Missing });
    } else if too_long(&city) {
        faults.push(Fault { part: City, why: Why::TooLong });
    }
    let region = address.region.as_deref().map(tidy).filter(|region| !region.is_empty());
    match (&region, form.region) {
        (None, Region::Needed) => faults.push(Fault { part: RegionPart, why: Why::Missing }),
        (Some(text), _) if too_long(text) => faults.push(Fault { part: RegionPart, why: Why::TooLong }),
        _ => {}
    }
    let region = region.filter(|_| form.region != NO_REGION);
    let written = address.postal_code.as_deref().map(tidy).filter(|code| !code.is_empty());
    let postal_code = match (written, form.postal) {
        (_, Postal::Absent) | (None, Postal::Optional) => None,
        (None, Postal::Pattern(_)) => {
            faults.push(Fault { part: PostalCode, why: Why::Missing });
            None
        }
        (Some(code), Postal::Optional) => {
            if code.chars().count() > 12 {
                faults.push(Fault { part: PostalCode, why: Why::TooLong });
            }
            Some(code)
        }
        (Some(code), Postal::Pattern(patterns)) => {
            let found = patterns.iter().find_map(|pattern| fit(&code, pattern));
            if found.is_none() {
                faults.push(Fault { part: PostalCode, why: Why::NotLikeThat });
            }
            found
        }
    };
    if faults.is_empty() {
        Ok(Address { lines, city, region, postal_code, country: address.country })
    } else {
        Err(faults)
    }
}

/// One line of text: no control characters, single spaces, none at the ends.
#[must_use]
pub fn tidy(text: &str) -> String {
    let printable: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    printable.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn too_long(text: &str) -> bool {
    text.chars().count() > MAX_LINE
}

/// The code in the pattern's form, if it is one: `sw1a1aa` is `SW1A 1AA`, full-width digits are digits.
fn fit(code: &str, pattern: &str) -> Option<String> {
    let narrow = |c: char| match c {
        '０'..='９' => char::from_digit(u32::from(c) - u32::from('０'), 10).unwrap_or(c),
        _ => c.to_ascii_uppercase(),
    };
    let mut given = code.chars().map(narrow).filter(|c| !matches!(c, ' ' | '-' | '〒' | '－'));
    let mut written = String::with_capacity(pattern.len());
    for expected in pattern.chars() {
        match expected {
            ' ' | '-' => written.push(expected),
            _ => {
                let c = given.next()?;
                let fits = match expected {
                    '9' => c.is_ascii_digit(),
                    'A' => c.is_ascii_uppercase(),
                    literal => c == literal,
                };
                if !fits {
                    return None;
                }
                written.push(c);
            }
        }
    }
    given.next().is_none().then_some(written)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(country: &str, city: &str, region: Option<&str>, postal_code: Option<&str>) -> Address {
        Address {
            lines: vec!["  1 Long\tStreet ".into(), String::new()],
            city: city.into(),
            region: region.map(str::to_owned),
            postal_code: postal_code.map(str::to_owned),
            country: country.parse().expect("a country"),
        }
    }

    #[test]
    fn a_postal_code_takes_its_country_s_form() {
        let ok = |country: &str, region: Option<&str>, given: Option<&str>, expected: Option<&str>| {
            let found = check(&address(country, "Town", region, given)).map(|a| a.postal_code);
            assert_eq!(found, Ok(expected.map(str::to_owned)), "{country} {given:?}");
        };
        ok("US", Some("NY"), Some("10013"), Some("10013"));
        ok("US", Some("NY"), Some("100131234"), Some("10013-1234"));
        ok("GB", None, Some("sw1a1aa"), Some("SW1A 1AA"));
        ok("GB", None, Some("M1 1AE"), Some("M1 1AE"));
        ok("CA", Some("ON"), Some("k1a0b1"), Some("K1A 0B1"));
        ok("JP", Some("東京都"), Some("〒１００ー0001".replace('ー', "-").as_str()), Some("100-0001"));
        ok("CN", Some("上海市"), Some("200000"), Some("200000"));
        ok("NL", None, Some("1234ab"), Some("1234 AB"));
        ok("HK", None, Some("999077"), None);
        ok("IE", None, None, None);
        ok("AE", None, None, None);
    }

    #[test]
    fn each_fault_is_named() {
        let check = |address: &Address, expected: &[(Part, Why)]| {
            let faults = check(address).expect_err("faulty");
            let found: Vec<(Part, Why)> = faults.iter().map(|fault| (fault.part, fault.why)).collect();
            assert_eq!(found, expected, "{address:?}");
        };
        check(&address("US", "Town", Some("NY"), Some("1001")), &[(PostalCode, Why::NotLikeThat)]);
        check(&address("US", "Town", None, None), &[(RegionPart, Why::Missing), (PostalCode, Why::Missing)]);
        check(&address("DE", " ", None, Some("10115")), &[(City, Why::Missing)]);
        check(&address("GB", "Town", None, Some("SW1A 1A")), &[(PostalCode, Why::NotLikeThat)]);
        let long = Address { lines: vec!["x".repeat(MAX_LINE + 1)], ..address("DE", "Berlin", None, Some("10115")) };
        check(&long, &[(Lines, Why::TooLong)]);
        let none = Address { lines: vec![" ".into()], ..address("DE", "Berlin", None, Some("10115")) };
        check(&none, &[(Lines, Why::Missing)]);
    }

    #[test]
    fn what_reaches_the_label_is_tidy() {
        let tidied = check(&address("DE", " Berlin\u{7} ", Some("Berlin"), Some("10115"))).expect("good");
        assert_eq!(tidied.lines, ["1 Long Street"]);
        assert_eq!((tidied.city.as_str(), tidied.region), ("Berlin", None));
    }
}
