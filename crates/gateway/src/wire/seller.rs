use serde::Serialize;
use shop::catalogue::Seller;
use utoipa::ToSchema;

/// A tax or trade register number.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct TaxNumberBody {
    kind: String,
    value: String,
}

/// The seller of record.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct SellerBody {
    id: String,
    legal_name: String,
    /// Without the country, a line each.
    address: Vec<String>,
    country: String,
    email: Option<String>,
    phone: Option<String>,
    tax_numbers: Vec<TaxNumberBody>,
}

impl From<&Seller> for SellerBody {
    fn from(seller: &Seller) -> Self {
        let number = |number: &shop::catalogue::TaxNumber| TaxNumberBody {
            kind: number.kind.clone(),
            value: number.value.clone(),
        };
        Self {
            id: seller.id.to_string(),
            legal_name: seller.legal_name.clone(),
            address: seller.address.clone(),
            country: seller.country.to_string(),
            email: seller.email.clone(),
            phone: seller.phone.clone(),
            tax_numbers: seller.tax_numbers.iter().map(number).collect(),
        }
    }
}
