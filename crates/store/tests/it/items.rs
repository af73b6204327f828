//! The catalogue of items: one version in force, and the draft of the next beside it.
//! Never tests who may publish: operations do.

use domain::items::guide::guide_items;
use domain::{InspectionItem, ItemRecord, ItemState, Text};
use jiff::civil::date;
use store::items::{self, Filter};
use store::versions::AsOf;
use store::{PageRequest, StoreError};
use testkit::{Kit, both};

/// The items of the guide, in the order of their codes.
fn guide() -> Vec<InspectionItem> {
    let mut items = guide_items(&Text::parse("环境监察大队").unwrap());
    items.sort_by(|a, b| a.code.as_str().cmp(b.code.as_str()));
    items
}

fn published(item: &InspectionItem) -> ItemRecord {
    ItemRecord::drafted(item.clone())
        .published(date(2027, 1, 4))
        .unwrap()
}

/// A catalogue of its own, since a new bureau has one already, with the items of the guide as drafts.
async fn catalogue(kit: &Kit) -> &'static str {
    let bureau = kit.other_bureau().await;
    let mut tx = kit.db.begin().await.unwrap();
    for item in guide() {
        let record = ItemRecord::drafted(item);
        items::add(&mut tx, bureau, 1, &record, &kit.stamp("item.draft"))
            .await
            .unwrap();
    }
    kit.commit(tx).await;
    bureau
}

async fn replaced(kit: &Kit, bureau: &str, seen: i64, record: &ItemRecord) -> Result<(), StoreError> {
    kit.clock.advance_seconds(60);
    let mut tx = kit.db.begin().await.unwrap();
    items::replace(&mut tx, bureau, seen, record, &kit.stamp("item.publish")).await?;
    kit.commit(tx).await;
    Ok(())
}

#[test]
fn r1_an_item_is_found_as_it_was_and_its_code_is_taken() {
    both(async |kit: &Kit| {
        let bureau = catalogue(kit).await;
        let (item, before) = (guide().remove(0), kit.clock.now());
        replaced(kit, bureau, 1, &published(&item)).await.unwrap();
        let mut read = kit.db.read().await.unwrap();
        let now = items::find(&mut read, bureau, item.code.as_str(), AsOf::Now)
            .await
            .unwrap()
            .unwrap();
        assert_eq!((now.number, &now.record), (2, &published(&item)));
        let then = items::find(&mut read, bureau, item.code.as_str(), AsOf::Past(before))
            .await
            .unwrap()
            .unwrap();
        assert_eq!((then.number, then.record), (1, ItemRecord::drafted(item.clone())));
        let history = items::history(&mut read, bureau, item.code.as_str())
            .await
            .unwrap();
        let numbers: Vec<i64> = history.iter().map(|own| own.number).collect();
        assert_eq!(numbers, [2, 1]);
        drop(read);
        let mut tx = kit.db.begin().await.unwrap();
        let again = items::add(&mut tx, bureau, 1, &ItemRecord::drafted(item), &kit.stamp("x")).await;
        assert!(matches!(again, Err(StoreError::Exists(_))), "{again:?}");
    });
}

#[test]
fn r1_a_version_that_somebody_else_replaced_is_not_replaced_again() {
    both(async |kit: &Kit| {
        let bureau = catalogue(kit).await;
        let record = published(&guide()[0]);
        replaced(kit, bureau, 1, &record).await.unwrap();
        let late = replaced(kit, bureau, 1, &record).await;
        assert!(matches!(late, Err(StoreError::Busy)), "{late:?}");
    });
}

#[test]
fn r1_what_is_in_force_is_what_was_published_and_is_not_what_waits() {
    both(async |kit: &Kit| {
        let bureau = catalogue(kit).await;
        let guide = guide();
        let before = kit.clock.now();
        replaced(kit, bureau, 1, &published(&guide[0])).await.unwrap();
        let amended = published(&guide[1]).amended(guide[1].clone()).unwrap();
        replaced(kit, bureau, 1, &amended).await.unwrap();
        let mut read = kit.db.read().await.unwrap();
        let found = items::published(&mut read, bureau).await.unwrap();
        let day = date(2027, 1, 4);
        assert_eq!(found, [(guide[0].clone(), day), (guide[1].clone(), day)]);
        assert_eq!(
            items::in_force(&mut read, bureau, AsOf::Now).await.unwrap().len(),
            2
        );
        let earlier = items::in_force(&mut read, bureau, AsOf::Past(before)).await;
        assert!(earlier.unwrap().is_empty());
        let count = async |conn: &mut store::Conn, state: ItemState| {
            let filter = Filter {
                state: Some(state),
                ..Filter::default()
            };
            items::count(conn, bureau, &filter, AsOf::Now).await.unwrap()
        };
        assert_eq!(count(&mut read, ItemState::Published).await, 2);
        assert_eq!(
            count(&mut read, ItemState::Draft).await,
            2,
            "one beside a published version"
        );
        assert_eq!(count(&mut read, ItemState::Retired).await, 0);
    });
}

#[test]
fn each_condition_of_a_filter_holds_alone() {
    both(async |kit: &Kit| {
        let bureau = catalogue(kit).await;
        let guide = guide();
        let mut read = kit.db.read().await.unwrap();
        let mut codes = async |text: &str, department: &str| -> Vec<String> {
            let filter = Filter {
                text: text.to_owned(),
                department: department.to_owned(),
                state: None,
            };
            let page = items::list(&mut read, bureau, &filter, AsOf::Now, PageRequest::new(1, 20))
                .await
                .unwrap();
            assert_eq!(page.total, page.rows.len() as u64);
            page.rows
                .iter()
                .map(|row| row.record.item.code.to_string())
                .collect()
        };
        let all: Vec<String> = guide.iter().map(|item| item.code.to_string()).collect();
        assert_eq!(codes("", "").await, all);
        assert_eq!(codes(&all[1].to_lowercase(), "").await, [all[1].as_str()]);
        assert_eq!(codes(guide[0].name.as_str(), "").await, [all[0].as_str()]);
        assert_eq!(codes("%", "").await, [""; 0]);
        assert_eq!(codes("", "环境监察大队").await, all);
        assert_eq!(codes("", "办公室").await, [""; 0]);
        let nobody = items::count(&mut read, "410001-EEB", &Filter::default(), AsOf::Now).await;
        assert_eq!(nobody.unwrap(), 0);
    });
}
