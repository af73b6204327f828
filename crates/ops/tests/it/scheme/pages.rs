//! The form sends back what it shows, adds and takes away lines, and says what a check found.

use testkit::{Engine, Page, both, on};

use super::*;

/// All that the form of a page would send, in its order.
fn fields(page: &Page) -> Vec<(String, String)> {
    let form = page.find("form.with-contents").unwrap();
    let mut sent = Vec::new();
    for control in form.all("input") {
        let kind = control.attribute("type").unwrap_or_default();
        if kind != "checkbox" || control.has("checked") {
            sent.push((
                control.attribute("name").unwrap(),
                control.attribute("value").unwrap_or_default(),
            ));
        }
    }
    for control in form.all("textarea") {
        sent.push((control.attribute("name").unwrap(), control.text()));
    }
    for control in form.all("select") {
        let name = control.attribute("name").unwrap();
        sent.push((name.clone(), page.value_of(&name)));
    }
    sent
}

async fn send(person: &Person, page: &Page, act: &str) -> Page {
    let mut fields = fields(page);
    fields.push(("act".to_owned(), act.to_owned()));
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    person.post(&edit(), &fields).await
}

fn edit() -> String {
    format!("/plans/{NUMBER}/edit")
}

#[test]
fn r5_1b_a_form_that_is_sent_back_as_it_is_changes_nothing() {
    both(async |kit: &Kit| {
        let people = office(kit).await;
        let (_, seen) = plan(kit, &people).await;
        let planner = &people.planner;
        scheme::save_text(&kit.office, &planner.actor, NUMBER, seen, SAMPLE)
            .await
            .unwrap();
        let before = Scheme::from_toml(SAMPLE).unwrap();
        let catalogue = scheme::catalogue(&kit.office, &planner.actor).await.unwrap();
        let page = send(planner, &planner.get(&edit()).await, "save").await;
        assert_eq!(
            page.location.as_deref(),
            Some("/plans/2027-Q1"),
            "{}",
            page.words()
        );
        let (plan, _) = newest(kit, &planner.actor).await;
        let sent = Scheme::from_toml(&plan.body).unwrap();
        assert_eq!(sent, before.with_items_of(&catalogue));
    });
}

#[test]
fn lines_are_added_moved_and_taken_away_without_losing_what_was_typed() {
    on(Engine::Sqlite, async |kit: &Kit| {
        let people = office(kit).await;
        plan(kit, &people).await;
        let planner = &people.planner;
        let first = planner.get(&edit()).await;
        let strata = first.value_of("stratum.1.title");
        let more = send(planner, &first, "add.stratum").await;
        assert_eq!(more.status, 200);
        assert_eq!(more.value_of("stratum.1.title"), strata);
        assert_eq!(more.value_of("stratum.4.title"), "");
        let moved = send(planner, &more, "up.stratum.1").await;
        assert_eq!(moved.value_of("stratum.0.title"), strata);
        let fewer = send(planner, &moved, "remove.stratum.0").await;
        assert!(fewer.find("[name=stratum.4.title]").is_none());
        assert_ne!(fewer.value_of("stratum.0.title"), strata);
        let (plan, _) = newest(kit, &planner.actor).await;
        assert_eq!(
            Scheme::from_toml(&plan.body).unwrap().strata.len(),
            4,
            "nothing of it was saved"
        );
    });
}

#[test]
fn r5_1b_the_check_tells_what_is_missing_and_where() {
    both(async |kit: &Kit| {
        let people = office(kit).await;
        plan(kit, &people).await;
        let planner = &people.planner;
        change(kit, &people, |own| Scheme {
            purpose: String::new(),
            ..own
        })
        .await
        .unwrap();
        let page = send(planner, &planner.get(&edit()).await, "check").await;
        assert_eq!(page.location.as_deref(), Some("/plans/2027-Q1/edit?check=1"));
        let page = planner.follow(page).await;
        assert!(page.says("有 1 处要改"), "{}", page.words());
        assert_eq!(page.link("去修改"), "/plans/2027-Q1/edit#f-purpose");
        assert!(page.find("#f-purpose").is_some());
        let page = planner.get("/plans/2027-Q1").await;
        assert!(page.says("抽查目的") && page.says("未填写"));
        let refused = planner.get("/plans/2027-Q1/submit").await;
        let version = refused.value_of("version");
        let refused = planner
            .post("/plans/2027-Q1/submit", &[("version", &version)])
            .await;
        assert_eq!(refused.status, 422);
        assert!(refused.says("purpose（抽查目的）没有内容"), "{}", refused.words());
    });
}

#[test]
fn what_is_no_number_is_told_beside_its_field_and_stays() {
    on(Engine::Sqlite, async |kit: &Kit| {
        let people = office(kit).await;
        plan(kit, &people).await;
        let planner = &people.planner;
        let mut sent = fields(&planner.get(&edit()).await);
        for (name, value) in &mut sent {
            if name == "cap" {
                "十五".clone_into(value);
            }
        }
        let sent: Vec<(&str, &str)> = sent
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let page = planner.post(&edit(), &sent).await;
        assert_eq!(page.status, 422);
        assert_eq!(page.value_of("cap"), "十五");
        assert!(page.error_of("cap").unwrap().contains("不是整数"));
    });
}

#[test]
fn a_text_that_the_form_would_lose_is_edited_as_text() {
    on(Engine::Sqlite, async |kit: &Kit| {
        let people = office(kit).await;
        let (plan, seen) = plan(kit, &people).await;
        let planner = &people.planner;
        let odd = format!("{}\n[colour]\nred = 1\n", plan.body);
        scheme::save_text(&kit.office, &planner.actor, NUMBER, seen, &odd)
            .await
            .unwrap();
        let page = planner.get(&edit()).await;
        assert!(
            page.says("现在不能用表单编辑") && page.says("colour"),
            "{}",
            page.words()
        );
        assert!(page.value_of("text").contains("[colour]"));
        let (_, seen) = newest(kit, &planner.actor).await;
        let other = plan.body.replace("plan = \"2027-Q1\"", "plan = \"2027-Q9\"");
        let refused = scheme::save_text(&kit.office, &planner.actor, NUMBER, seen, &other).await;
        assert!(told(refused.unwrap_err()).contains("编号和机关不能改"));
        let (version, broken) = (seen.to_string(), "title = “方案”");
        let path = "/plans/2027-Q1/text";
        let page = planner
            .post(path, &[("version", &version), ("text", broken), ("act", "check")])
            .await;
        let page = planner.follow(page).await;
        assert!(page.says("第 1 行"), "{}", page.words());
        let shown = planner.get("/plans/2027-Q1").await;
        assert!(shown.says("title = “方案”") && shown.status == 200);
    });
}

#[test]
fn only_who_drafts_plans_edits_them_and_only_of_the_own_bureau() {
    on(Engine::Sqlite, async |kit: &Kit| {
        let people = office(kit).await;
        plan(kit, &people).await;
        assert_eq!(people.leader.get(&edit()).await.status, 403);
        assert_eq!(people.leader.get("/plans/2027-Q1").await.status, 200);
        let stranger = Actor {
            bureau: kit.other_bureau().await.to_owned(),
            ..people.planner.actor.clone()
        };
        let found = workflow::get(&kit.office, &stranger, Kind::Implementation, NUMBER).await;
        assert!(matches!(found, Err(Refusal::Missing(_))));
        act(kit, &people.planner.actor, Act::Submit).await.unwrap();
        let page = people.planner.get(&edit()).await;
        assert_eq!(page.status, 422);
        assert!(page.says("待批准的可以先撤回"), "{}", page.words());
    });
}
