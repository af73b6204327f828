//! 污染源名录库: R2.1, R2.2, R3.2 and R3.3.
//! Never tests how a cell is read: the crate of the sheets does.

mod completeness;
mod entry_and_exit;
mod freshness;
mod key_dischargers;
mod together;

use domain::{Role, Source};
use ops::sources::{self, Entry};
use ops::{Actor, AsOf, Refusal, Version};
use testkit::{Kit, typed};

/// Somebody of the brigade, who keeps the register.
async fn keeper(kit: &Kit) -> Actor {
    kit.person(Role::Brigade).await.actor
}

async fn enter(kit: &Kit, actor: &Actor, source: &Source) -> String {
    let entered = sources::enter(&kit.office, actor, &typed(source, "审批〔2027〕1号"))
        .await
        .unwrap();
    assert_eq!(&entered, source, "what was typed is what was meant");
    source.id().to_string()
}

async fn held(kit: &Kit, actor: &Actor, id: &str) -> Version<Entry> {
    sources::get(&kit.office, actor, id, AsOf::Now).await.unwrap()
}

/// The texts of a refusal of fields, each after its field.
fn fields(refusal: Refusal) -> Vec<(String, String)> {
    match refusal {
        Refusal::Fields(errors) => errors
            .into_iter()
            .map(|error| (error.field, error.text))
            .collect(),
        other @ (Refusal::SignedOut
        | Refusal::Forbidden(_)
        | Refusal::Missing(_)
        | Refusal::Rule(_)
        | Refusal::Overtaken
        | Refusal::Store(_)) => vec![(String::new(), other.to_string())],
    }
}
