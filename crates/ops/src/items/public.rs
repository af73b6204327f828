//! The catalogue as anybody may read it, without signing in (R1).
//! Never shows a draft, nor who wrote something.

use domain::{InspectionItem, ItemRecord, ItemState};
use jiff::civil::Date;
use store::bureaus::{self, Bureau};
use store::items;
use store::versions::{AsOf, Version};

use crate::{Office, Refusal};

/// A published text of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edition {
    /// 版本, from 1.
    pub number: i64,
    /// What it says.
    pub item: InspectionItem,
    /// 公布日期
    pub published_on: Date,
    /// What has become of it.
    pub standing: Standing,
}

/// What has become of a published text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// 现行
    InForce,
    /// A later version took its place.
    Replaced {
        /// On that day.
        on: Date,
    },
    /// 已停用
    Retired {
        /// On that day.
        on: Date,
        /// 停用理由
        ground: String,
    },
}

/// The catalogue of a bureau.
#[derive(Debug, Clone)]
pub struct Catalogue {
    /// All bureaus there are, to choose from.
    pub bureaus: Vec<Bureau>,
    /// Whose catalogue it is; none if one has to be chosen first.
    pub bureau: Option<Bureau>,
    /// What is in force.
    pub items: Vec<Edition>,
}

/// What a bureau has published: the bureau of that code, or the only one there is.
///
/// # Errors
/// [`Refusal`].
pub async fn catalogue(office: &Office, bureau: &str) -> Result<Catalogue, Refusal> {
    let mut read = office.db.read().await?;
    let bureaus = bureaus::bureaus(&mut read).await?;
    let Some(chosen) = chosen(&bureaus, bureau)? else {
        return Ok(Catalogue {
            bureaus,
            bureau: None,
            items: Vec::new(),
        });
    };
    let versions = items::in_force(&mut read, &chosen.code, AsOf::Now).await?;
    let items = versions
        .into_iter()
        .filter_map(|version| edition(version.record))
        .collect();
    Ok(Catalogue {
        bureaus,
        bureau: Some(chosen),
        items,
    })
}

/// All published texts of an item, the newest first; of a retired item too, so that what was public stays so.
///
/// # Errors
/// [`Refusal`].
pub async fn editions(office: &Office, bureau: &str, code: &str) -> Result<(Bureau, Vec<Edition>), Refusal> {
    let missing = || Refusal::Missing(format!("公布的抽查事项“{code}”"));
    let mut read = office.db.read().await?;
    let bureaus = bureaus::bureaus(&mut read).await?;
    let chosen = chosen(&bureaus, bureau)?.ok_or_else(missing)?;
    let mut versions = items::history(&mut read, &chosen.code, code).await?;
    versions.reverse();
    let mut editions = published_texts(versions);
    editions.reverse();
    if editions.is_empty() {
        return Err(missing());
    }
    Ok((chosen, editions))
}

fn chosen(bureaus: &[Bureau], code: &str) -> Result<Option<Bureau>, Refusal> {
    match (code, bureaus) {
        ("", [only]) => Ok(Some(only.clone())),
        ("", _) => Ok(None),
        (code, bureaus) => {
            let own = bureaus.iter().find(|bureau| bureau.code == code).cloned();
            own.map(Some)
                .ok_or_else(|| Refusal::Missing(format!("机关“{code}”")))
        }
    }
}

fn edition(record: ItemRecord) -> Option<Edition> {
    Some(Edition {
        number: record.edition,
        published_on: record.published_on?,
        item: record.item,
        standing: Standing::InForce,
    })
}

/// The published texts among versions that come oldest first.
fn published_texts(versions: Vec<Version<ItemRecord>>) -> Vec<Edition> {
    let mut texts: Vec<Edition> = Vec::new();
    for version in versions {
        let on = version.stamp.at.day();
        let is_new = texts
            .last()
            .is_none_or(|last| last.number != version.record.edition);
        match version.record.state {
            ItemState::Published if is_new => {
                if let Some(last) = texts.last_mut() {
                    last.standing = Standing::Replaced { on };
                }
                texts.extend(edition(version.record));
            }
            ItemState::Retired => {
                if let Some(last) = texts.last_mut() {
                    let ground = version.stamp.ground;
                    last.standing = Standing::Retired { on, ground };
                }
            }
            ItemState::Published | ItemState::Draft | ItemState::Discarded => {}
        }
    }
    texts
}
