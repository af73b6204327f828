//! Imports in the browser, without a script: upload, what would change, confirming, the receipt.
//! Never asks what the register then says in full: the tests of operations do.

use domain::{Role, Text};
use sheets::Sources;
use testkit::{Kit, Page, Person, both, ordinary_source};

fn workbook(sources: &[domain::Source]) -> Vec<u8> {
    sheets::export::<Sources>(sources).unwrap()
}

async fn sent(person: &Person, name: &str, file: &[u8]) -> Page {
    let fields = [("register", "sources")];
    person.upload("/imports/new", &fields, ("file", name, file)).await
}

/// Uploads, and goes to what it shows.
async fn uploaded(person: &Person, file: &[u8]) -> (String, Page) {
    let page = sent(person, "名录.xlsx", file).await;
    let address = page.location.clone().unwrap();
    (address, person.follow(page).await)
}

#[test]
fn r3_1_a_file_is_uploaded_looked_at_and_confirmed() {
    both(async |kit: &Kit| {
        let brigade = kit.person(Role::Brigade).await;
        let empty = brigade.get("/imports").await;
        assert!(empty.says("还没有导入过文件"), "{}", empty.words());
        let form = brigade.get(&empty.link("导入污染源")).await;
        assert_eq!(
            (form.h1(), form.value_of("register")),
            ("导入名录".to_owned(), "sources".to_owned())
        );
        let all: Vec<_> = (1..=60).map(ordinary_source).collect();
        let (address, page) = uploaded(&brigade, &workbook(&all)).await;
        assert!(
            page.says("名录库还没有变化")
                && page.says("表头以下共 60 行：新增 60 + 变更 0 + 不变 0 + 错误 0"),
            "{}",
            page.words()
        );
        assert!(page.says("共 60 条，第 1 / 2 页"), "{}", page.words());
        let second = brigade.get(&page.link("2")).await;
        assert!(second.says("第 2 / 2 页") && second.says(ordinary_source(60).name.as_str()));
        assert!(!second.says(ordinary_source(1).name.as_str()));
        let outcome = page.value_of("outcome");
        let done = brigade
            .send(&address, &[("do", "apply"), ("outcome", &outcome)])
            .await;
        assert!(done.says("已导入：新增 60 条，变更 0 条。"), "{}", done.words());
        assert!(done.find("[name=outcome]").is_none() && done.says("已导入"));
        assert!(brigade.get("/sources").await.says("共 60 条"));
        assert!(brigade.get("/imports").await.says("名录.xlsx"));
    });
}

#[test]
fn r3_1_before_and_after_stand_beside_each_other_and_a_register_that_moved_on_is_shown_anew() {
    both(async |kit: &Kit| {
        let brigade = kit.person(Role::Brigade).await;
        kit.fill_sources(3).await;
        let mut changed = testkit::source(2);
        changed.address = Text::parse("示例县新路2号").ok();
        let file = workbook(&[changed, ordinary_source(9)]);
        let (address, page) = uploaded(&brigade, &file).await;
        assert!(
            page.says("机构地址： 原为 示例县示例路2号 → 改为 示例县新路2号"),
            "{}",
            page.words()
        );
        let outcome = page.value_of("outcome");
        // The same file is imported by somebody else in the meantime.
        let (other, page) = uploaded(&brigade, &file).await;
        let seen = page.value_of("outcome");
        brigade.send(&other, &[("do", "apply"), ("outcome", &seen)]).await;
        let page = brigade
            .post(&address, &[("do", "apply"), ("outcome", &outcome)])
            .await;
        assert_eq!(page.status, 409);
        assert!(
            page.says("什么都没有导入") && page.says("不变 2"),
            "{}",
            page.words()
        );
        let page = brigade.send(&address, &[("do", "give-up")]).await;
        assert!(page.says("已放弃，名录库没有变化。"), "{}", page.words());
    });
}

#[test]
fn r3_1_wrong_rows_are_listed_with_their_cells_and_come_back_as_a_receipt() {
    both(async |kit: &Kit| {
        let brigade = kit.person(Role::Brigade).await;
        let file = "企业名称,统一社会信用代码,控制级别,是否重点排污单位\n\
                    <b>示例厂</b>,91410899MC0000017Q,市控,否\n"
            .as_bytes()
            .to_vec();
        let (address, page) = uploaded(&brigade, &file).await;
        assert!(
            page.says("错误的行（1 行") && page.says("市控及以上重点企业必须作为重点排污企业纳入"),
            "{}",
            page.words()
        );
        assert!(page.all("td.bad-cell").iter().any(|cell| cell.text() == "否"));
        assert!(!page.text.contains("<b>示例厂</b>"), "escaped");
        assert!(page.says("没有要写入名录库的内容"));
        let receipt = brigade.get(&format!("{address}/receipt")).await;
        assert!(
            receipt
                .header("content-disposition")
                .unwrap()
                .contains("-%E5%9B%9E%E6%89%A7.xlsx")
        );
        let again = sheets::import::<Sources>(std::io::Cursor::new(&receipt.bytes)).unwrap();
        assert_eq!((again.refused.len(), again.summary.is_receipt), (1, true));
    });
}

#[test]
fn r3_1_what_cannot_be_read_is_said_beside_the_file() {
    both(async |kit: &Kit| {
        let brigade = kit.person(Role::Brigade).await;
        let wrong = sent(&brigade, "a.pdf", b"%PDF-1.7").await;
        assert_eq!(wrong.status, 422);
        assert!(wrong.error_of("file").unwrap().contains("这不是表格文件"));
        let none = sent(&brigade, "", b"").await;
        assert!(none.error_of("file").unwrap().contains("还没有选择文件"));
        let no_form = brigade.post("/imports/new", &[("register", "sources")]).await;
        assert!(no_form.error_of("file").unwrap().contains("没有传完整"));
        let large = vec![b'a'; 65 << 20];
        let large = sent(&brigade, "a.csv", &large).await;
        assert!(
            large.error_of("file").unwrap().contains("超过64兆字节"),
            "{}",
            large.words()
        );
        let fields = [("register", "drivers")];
        let register = brigade
            .upload("/imports/new", &fields, ("file", "a.csv", b"a,b\n"))
            .await;
        assert!(register.error_of("register").is_some(), "{}", register.words());
        assert!(brigade.get("/imports").await.says("还没有导入过文件"));
    });
}

#[test]
fn r3_1_templates_are_there_to_fill_in() {
    both(async |kit: &Kit| {
        let brigade = kit.person(Role::Brigade).await;
        for register in ["sources", "inspectors"] {
            let page = brigade
                .get(&format!("/imports/template?register={register}"))
                .await;
            assert!(page.bytes.starts_with(b"PK"), "{register}");
        }
        assert_eq!(brigade.get("/imports/template?register=x").await.status, 404);
        assert_eq!(brigade.get("/imports/nothing").await.status, 404);
    });
}
