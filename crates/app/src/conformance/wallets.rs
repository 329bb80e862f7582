//! The promises of [`Wallets`]: each its own, bounded, the newest first; what ended is nobody's, and waits for its provider.

use kernel::{EntryId, Millis, PersonId, Random, Timestamp};
use shop::address::Address;
use shop::buyer::Contact;
use shop::payment::Method;
use shop::wallet::{Kept, MAX_ADDRESSES, MAX_METHODS, Month, SavedAddress, SavedMethod};

use super::till::NOW;
use crate::ports::Wallets;

struct Case<'a, W> {
    wallets: &'a W,
    random: Random,
    at: Timestamp,
}

/// Runs every check with two buyers who keep nothing yet.
///
/// # Panics
/// When a promise is broken.
pub async fn check(wallets: &impl Wallets, [ann, bea]: [PersonId; 2]) {
    let mut case = Case { wallets, random: Random::seeded(17), at: NOW };
    case.addresses(ann, bea).await;
    case.methods(ann, bea).await;
    case.what_ended_is_let_go(bea).await;
}

impl<W: Wallets> Case<'_, W> {
    fn id(&mut self) -> EntryId {
        self.at = self.at + Millis::from_secs(1);
        EntryId::mint(self.at, &mut self.random)
    }

    fn address(&mut self, line: &str) -> SavedAddress {
        let contact = Contact { name: "Ann".into(), email: None, phone: Some("+33612345678".into()) };
        let address = Address {
            lines: vec![line.into()],
            city: "Paris".into(),
            region: None,
            postal_code: Some("75007".into()),
            country: "FR".parse().expect("a country"),
        };
        SavedAddress { id: self.id(), contact, address, saved_at: self.at }
    }

    fn method(&mut self, token: &str, last_four: &str) -> SavedMethod {
        let kept = Kept {
            method: Method::Card,
            token: token.into(),
            customer: Some("cus_1".into()),
            brand: "visa".into(),
            last_four: last_four.into(),
            expires: Some(Month { year: 2029, month: 4 }),
        };
        SavedMethod { id: self.id(), provider: "stripe".into(), kept, saved_at: self.at }
    }

    async fn addresses(&mut self, ann: PersonId, bea: PersonId) {
        assert_eq!(self.wallets.wallet(ann).await.expect("read").addresses, []);
        let all: Vec<SavedAddress> = (0..=MAX_ADDRESSES).map(|at| self.address(&format!("{at} rue du Bac"))).collect();
        for address in &all {
            self.wallets.keep_address(ann, address.clone()).await.expect("kept");
        }
        let newest: Vec<SavedAddress> = all[1..].iter().rev().cloned().collect();
        assert_eq!(self.wallets.wallet(ann).await.expect("read").addresses, newest, "the oldest went");
        // Saved again it is the same address, and the newest.
        let again = SavedAddress { id: self.id(), saved_at: self.at, ..all[2].clone() };
        self.wallets.keep_address(ann, again.clone()).await.expect("kept");
        let own = self.wallets.wallet(ann).await.expect("read").addresses;
        assert_eq!((own.len(), own.first()), (MAX_ADDRESSES, Some(&again)));
        assert_eq!(self.wallets.wallet(bea).await.expect("read").addresses, []);
        assert_eq!(self.wallets.forget_address(bea, again.id).await, Ok(false), "it is somebody else's");
        assert_eq!(self.wallets.forget_address(ann, again.id).await, Ok(true));
        assert_eq!(self.wallets.forget_address(ann, again.id).await, Ok(false));
        assert_eq!(self.wallets.wallet(ann).await.expect("read").addresses, own[1..]);
    }

    async fn methods(&mut self, ann: PersonId, bea: PersonId) {
        let first = self.method("pm_1", "4242");
        self.wallets.keep_method(ann, first.clone()).await.expect("kept");
        let told_again = SavedMethod { id: self.id(), ..first.clone() };
        self.wallets.keep_method(ann, told_again).await.expect("known");
        assert_eq!(self.wallets.wallet(ann).await.expect("read").methods, std::slice::from_ref(&first));
        // The same card under a new name takes the place of the old one.
        let renamed = self.method("pm_2", "4242");
        self.wallets.keep_method(ann, renamed.clone()).await.expect("kept");
        assert_eq!(self.wallets.wallet(ann).await.expect("read").methods, std::slice::from_ref(&renamed));
        let ended = self.wallets.ended_methods(self.at, 10).await.expect("read");
        assert_eq!(ended, std::slice::from_ref(&first));
        self.wallets.keep_method(ann, first.clone()).await.expect("told of again");
        assert_eq!(
            self.wallets.wallet(ann).await.expect("read").methods,
            std::slice::from_ref(&renamed),
            "what ended stays ended"
        );
        for at in 0..MAX_METHODS {
            let (token, digits) = (format!("pm_1{at}"), format!("100{at}"));
            let method = self.method(&token, &digits);
            self.wallets.keep_method(ann, method).await.expect("kept");
        }
        let own = self.wallets.wallet(ann).await.expect("read").methods;
        assert_eq!((own.len(), own.contains(&renamed)), (MAX_METHODS, false), "the oldest went");
        assert_eq!(self.wallets.wallet(bea).await.expect("read").methods, []);
        for method in self.wallets.ended_methods(self.at, 10).await.expect("read") {
            self.wallets.forget_method(method.id).await.expect("gone");
        }
    }

    async fn what_ended_is_let_go(&mut self, bea: PersonId) {
        let card = self.method("pm_9", "9999");
        let stranger = self.id();
        self.wallets.keep_method(bea, card.clone()).await.expect("kept");
        self.wallets.forget_method(card.id).await.expect("answers");
        assert_eq!(
            self.wallets.wallet(bea).await.expect("read").methods,
            std::slice::from_ref(&card),
            "what has not ended stays"
        );
        assert_eq!(self.wallets.end_method(bea, stranger, self.at).await, Ok(false));
        assert_eq!(self.wallets.end_method(bea, card.id, self.at).await, Ok(true));
        assert_eq!(self.wallets.end_method(bea, card.id, self.at).await, Ok(false));
        assert_eq!(self.wallets.wallet(bea).await.expect("read").methods, []);
        let before = Timestamp::from_unix_micros(self.at.unix_micros() - 1);
        assert_eq!(self.wallets.ended_methods(before, 10).await.expect("read"), []);
        assert_eq!(self.wallets.ended_methods(self.at, 10).await.expect("read"), std::slice::from_ref(&card));
        let later = self.at + Millis::from_mins(5);
        self.wallets.put_off_method(card.id, later).await.expect("put off");
        assert_eq!(self.wallets.ended_methods(self.at, 10).await.expect("read"), []);
        assert_eq!(self.wallets.ended_methods(later, 10).await.expect("read"), std::slice::from_ref(&card));
        self.wallets.forget_method(card.id).await.expect("gone");
        assert_eq!(self.wallets.ended_methods(later, 10).await.expect("read"), []);
    }
}
