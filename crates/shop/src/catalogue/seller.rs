//! The seller of record: the legal person who sells, named before buying and frozen on the order line.

use kernel::{Country, SellerId};
use serde::{Deserialize, Serialize};

use super::{Fault, Faults};

/// A tax or trade register number: (`vat`, `DE811569869`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxNumber {
    /// A lower-case word: `vat`, `ein`, `uscc`, `eori`, ….
    pub kind: String,
    pub value: String,
}

/// Who answers for a sale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seller {
    pub id: SellerId,
    pub legal_name: String,
    /// The address without its country, a line each, in the country's order.
    pub address: Vec<String>,
    pub country: Country,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub tax_numbers: Vec<TaxNumber>,
}

impl Seller {
    /// A buyer can reach and identify the seller: name, address, and an e-mail address or a phone number.
    pub fn check(&self) -> Result<(), Faults> {
        let mut faults = Faults::default();
        let mut line = |field: String, text: &str, most: usize| {
            faults.when(text.trim().is_empty(), field.clone(), Fault::Required);
            faults.when(text.chars().count() > most, field, Fault::TooLong { most });
        };
        line("legal_name".into(), &self.legal_name, 200);
        for (at, text) in self.address.iter().enumerate().take(7) {
            line(format!("address.{at}"), text, 120);
        }
        for (at, number) in self.tax_numbers.iter().enumerate().take(11) {
            line(format!("tax_numbers.{at}.kind"), &number.kind, 20);
            line(format!("tax_numbers.{at}.value"), &number.value, 40);
        }
        faults.when(self.address.is_empty(), "address", Fault::Required);
        faults.when(self.address.len() > 6, "address", Fault::TooMany { most: 6 });
        faults.when(self.tax_numbers.len() > 10, "tax_numbers", Fault::TooMany { most: 10 });
        faults.when(self.email.is_none() && self.phone.is_none(), "email", Fault::Required);
        let addressed = |email: &str| {
            email.len() <= 254
                && email.split_once('@').is_some_and(|(local, host)| !local.is_empty() && host.contains('.'))
        };
        let bad_email = self.email.as_deref().is_some_and(|email| !addressed(email));
        faults.when(bad_email, "email", Fault::BadShape { like: "shop@example.com" });
        let dialled = |phone: &str| {
            let digits = phone.bytes().filter(u8::is_ascii_digit).count();
            (6..=15).contains(&digits) && phone.chars().all(|c| c.is_ascii_digit() || "+-() .".contains(c))
        };
        let bad_phone = self.phone.as_deref().is_some_and(|phone| !dialled(phone));
        faults.when(bad_phone, "phone", Fault::BadShape { like: "+1 212 555 0123" });
        faults.or(())
    }
}
