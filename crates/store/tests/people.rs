//! Staff, invitations, tokens, one-time secrets and the trail on both databases.

use app::access::Act;
use app::ports::{
    Acceptance, Audit, AuditRow, InvitationRow, Invitations, NewSession, NewStaff, People, Secret, SecretPurpose,
    TokenRow, Tokens,
};
use app::{Membership, Role, Scope};
use kernel::{EntryId, InvitationId, Millis, PersonId, Random, SessionId, ShowId, Timestamp, TokenId};
use store::Store;
use store::testing::on_both;

const NOW: Timestamp = Timestamp::from_unix_millis(1_795_370_400_000);
const OWNER: Membership = Membership { role: Role::Owner, scope: Scope::House };
const HOST: Membership = Membership { role: Role::Host, scope: Scope::House };

async fn staff(store: &Store, random: &mut Random, email: &str, held: Membership) -> PersonId {
    let id = PersonId::mint(NOW, random);
    let (name, email, password_hash) = (email.to_owned(), email.to_owned(), "hash".to_owned());
    store
        .add_staff(NewStaff { id, name, email, password_hash, memberships: vec![held], now: NOW })
        .await
        .expect("made");
    id
}

#[tokio::test]
async fn a_house_keeps_an_owner() {
    on_both(|store| async move {
        let mut random = Random::seeded(1);
        let one = staff(&store, &mut random, "one@example.com", OWNER).await;
        assert_eq!(store.set_memberships(one, vec![HOST]).await, Ok(false));
        let held = store.person(one).await.expect("read").expect("there").memberships;
        assert_eq!(held, [OWNER], "nothing changed");
        staff(&store, &mut random, "two@example.com", OWNER).await;
        assert_eq!(store.set_memberships(one, vec![HOST]).await, Ok(true));
    })
    .await;
}

#[tokio::test]
async fn an_invitation_is_accepted_once() {
    on_both(|store| async move {
        let mut random = Random::seeded(2);
        let (id, person) = (InvitationId::mint(NOW, &mut random), PersonId::mint(NOW, &mut random));
        let (email, until) = ("ava@example.com".to_owned(), NOW + Millis::from_days(7));
        let row = InvitationRow { id, email, membership: HOST, invited_by: None, created_at: NOW, until };
        store.add_invitation(row.clone(), "hash".into()).await.expect("added");
        assert_eq!(store.open_invitations(NOW).await, Ok(vec![row.clone()]));
        assert_eq!(store.invitation("hash", until).await, Ok(None), "it is over");
        let accept = async || {
            let (token_hash, name, password_hash) = ("hash".to_owned(), "Ava".to_owned(), "pw".to_owned());
            store.accept(Acceptance { token_hash, person, name, password_hash, now: NOW }).await.expect("answered")
        };
        let joined = accept().await.expect("accepted");
        assert_eq!((joined.person, joined.was_staff, joined.membership), (person, false, HOST));
        assert_eq!(accept().await, None);
        assert_eq!(store.withdraw(id).await, Ok(false), "used");
        let ava = store.by_email("ava@example.com").await.expect("read").expect("there");
        assert_eq!((ava.name.as_str(), ava.memberships.as_slice()), ("Ava", &[HOST][..]));
    })
    .await;
}

#[tokio::test]
async fn tokens_and_secrets_open_nothing_once_they_are_gone() {
    on_both(|store| async move {
        let mut random = Random::seeded(3);
        let person = staff(&store, &mut random, "one@example.com", OWNER).await;
        let id = TokenId::mint(NOW, &mut random);
        let scopes = vec![Act::SeeOrders];
        let row = TokenRow { id, person, name: "till".into(), scopes, created_at: NOW, last_used_at: None };
        store.add_token(row.clone(), "hash".into()).await.expect("added");
        store.token_used(id, NOW).await.expect("noted");
        let (found, whose) = store.token("hash").await.expect("read").expect("there");
        assert_eq!((found, whose.id), (TokenRow { last_used_at: Some(NOW), ..row }, person));
        let stranger = PersonId::mint(NOW, &mut random);
        assert_eq!(store.revoke_token(stranger, id).await, Ok(false));
        assert_eq!(store.revoke_token(person, id).await, Ok(true));
        assert_eq!(store.token("hash").await, Ok(None));

        let secret = |hash: &str, until| Secret {
            purpose: SecretPurpose::Code,
            hash: hash.to_owned(),
            subject: "+8613800138000".into(),
            until,
        };
        let later = NOW + Millis::from_mins(15);
        for hash in ["one", "two"] {
            store.add_secret(secret(hash, later), NOW).await.expect("added");
        }
        let used = async |hash: &str| store.use_secret(SecretPurpose::Code, hash, NOW).await.expect("asked");
        assert_eq!(used("one").await.as_deref(), Some("+8613800138000"));
        assert_eq!(used("one").await, None, "once");
        store.forget_secrets(SecretPurpose::Code, "+8613800138000").await.expect("forgotten");
        assert_eq!(used("two").await, None);
    })
    .await;
}

#[tokio::test]
async fn what_opens_nothing_any_more_is_swept_away() {
    on_both(|store| async move {
        let mut random = Random::seeded(5);
        let person = staff(&store, &mut random, "one@example.com", OWNER).await;
        let soon = NOW + Millis::from_mins(15);
        let later = NOW + Millis::from_days(30);
        for (hash, until) in [("one", soon), ("two", soon), ("three", soon), ("open", later)] {
            let id = SessionId::mint(NOW, &mut random);
            let session = NewSession { id, token_hash: hash.into(), person, created_at: NOW, until };
            store.add_session(session).await.expect("added");
            let (id, email) = (InvitationId::mint(NOW, &mut random), format!("{hash}@example.com"));
            let row = InvitationRow { id, email, membership: HOST, invited_by: None, created_at: NOW, until };
            store.add_invitation(row, hash.into()).await.expect("added");
        }
        for (hash, until) in [("used", later), ("over", soon), ("open", later)] {
            let (purpose, hash) = (SecretPurpose::Link, hash.to_owned());
            store
                .add_secret(Secret { purpose, hash, subject: "a@example.com".into(), until }, NOW)
                .await
                .expect("added");
        }
        store.use_secret(SecretPurpose::Link, "used", NOW).await.expect("used").expect("there");

        assert_eq!(store.sweep_doors(NOW, NOW, 9).await, Ok(1), "the used link alone");
        assert_eq!(store.sweep_doors(soon, NOW, 2).await, Ok(3), "two sessions and a link");
        assert_eq!(store.sweep_doors(soon, NOW, 2).await, Ok(1), "the third session");
        assert_eq!(store.open_invitations(NOW).await.map(|open| open.len()), Ok(4), "still named");
        assert_eq!(store.sweep_doors(soon, soon, 9).await, Ok(3), "the invitations");
        assert_eq!(store.sweep_doors(soon, soon, 9).await, Ok(0));
        assert!(store.session("open", soon).await.expect("read").is_some());
        assert!(store.invitation("open", soon).await.expect("read").is_some());
        assert!(store.use_secret(SecretPurpose::Link, "open", soon).await.expect("read").is_some());
        assert_eq!(store.session("one", NOW).await, Ok(None), "gone, not just over");
    })
    .await;
}

#[tokio::test]
async fn the_trail_is_read_page_by_page() {
    on_both(|store| async move {
        let mut random = Random::seeded(4);
        let person = staff(&store, &mut random, "one@example.com", OWNER).await;
        let show = ShowId::mint(NOW, &mut random);
        let mut rows = Vec::new();
        for (at, show) in [(1, None), (2, Some(show)), (3, None)] {
            let at = NOW + Millis::from_secs(at);
            let id = EntryId::mint(at, &mut random);
            let (act, subject) = ("sale.stopped".to_owned(), format!("{at}"));
            let row = AuditRow { id, at, person: Some(person), act, subject, detail: None, show };
            store.add_entry(row.clone()).await.expect("added");
            rows.push(row);
        }
        let page = async |show, after| {
            let found = store.entries(show, after, 2).await.expect("read");
            assert!(found.iter().all(|(_, name)| name.as_deref() == Some("one@example.com")), "{found:?}");
            found.into_iter().map(|(row, _)| row).collect::<Vec<_>>()
        };
        assert_eq!(page(None, None).await, [rows[2].clone(), rows[1].clone()]);
        assert_eq!(page(None, Some(rows[1].id)).await, [rows[0].clone()]);
        assert_eq!(page(Some(show), None).await, [rows[1].clone()]);
    })
    .await;
}

#[tokio::test]
async fn the_trail_keeps_ids_and_is_read_as_names() {
    on_both(|store| async move {
        let mut random = Random::seeded(6);
        let person = staff(&store, &mut random, "one@example.com", OWNER).await;
        let (invitation, email) = (InvitationId::mint(NOW, &mut random), "ava@example.com".to_owned());
        let until = NOW + Millis::from_days(7);
        let row = InvitationRow { id: invitation, email, membership: HOST, invited_by: None, created_at: NOW, until };
        store.add_invitation(row, "hash".into()).await.expect("added");
        let check = async |after_ms, act: &str, subject: String, expected: &str| {
            let at = NOW + Millis(after_ms);
            let id = EntryId::mint(at, &mut Random::seeded(7));
            let row = AuditRow { id, at, person: None, act: act.into(), subject, detail: None, show: None };
            store.add_entry(row).await.expect("added");
            let newest = store.entries(None, None, 1).await.expect("read").remove(0).0;
            assert_eq!(newest.subject, expected, "{act}");
        };
        check(1, "person.roles_changed", person.to_string(), "one@example.com").await;
        check(2, "viewer.muted", person.to_string(), &person.to_string()).await;
        check(3, "person.invited", invitation.to_string(), "ava@example.com").await;
        assert_eq!(store.withdraw(invitation).await, Ok(true));
        check(4, "person.invitation_withdrawn", invitation.to_string(), &invitation.to_string()).await;
    })
    .await;
}
