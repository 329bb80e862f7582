//! What buyers keep for the next time, on both databases and in memory.

use app::PersonKind;
use app::conformance::till::NOW;
use app::conformance::wallets;
use app::memory::MemoryWallets;
use app::ports::{People, PersonRow};
use kernel::{PersonId, Random};
use store::testing::on_both;
use store::{Store, TillStore};

async fn buyer(store: &Store, random: &mut Random, email: &str) -> PersonId {
    let id = PersonId::mint(NOW, random);
    let row = PersonRow {
        id,
        kind: PersonKind::Buyer,
        name: String::new(),
        email: Some(email.to_owned()),
        phone: None,
        password_hash: None,
        memberships: Vec::new(),
        created_at: NOW,
        last_seen: None,
    };
    store.add_buyer(row).await.expect("made");
    id
}

#[tokio::test]
async fn a_wallet_is_its_buyer_s_own() {
    let mut random = Random::seeded(3);
    let both = [PersonId::mint(NOW, &mut random), PersonId::mint(NOW, &mut random)];
    wallets::check(&MemoryWallets::default(), both).await;
    on_both(|store| async move {
        let mut random = Random::seeded(4);
        let ann = buyer(&store, &mut random, "ann@example.com").await;
        let bea = buyer(&store, &mut random, "bea@example.com").await;
        wallets::check(&TillStore::new(store), [ann, bea]).await;
    })
    .await;
}
