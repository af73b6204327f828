//! What the form of a plan must and must not do.

use domain::Text;
use domain::plans::ImplementationPlan;
use jiff::civil::date;
use proptest::prelude::*;

use super::*;

const SAMPLE: &str = include_str!("../../../../../samples/plan.toml");

fn catalogue() -> Vec<Published> {
    let department = Text::parse("环境监察大队").unwrap();
    let publish = |item| Published {
        item,
        on: date(2026, 12, 18),
    };
    domain::items::guide::guide_items(&department)
        .into_iter()
        .map(publish)
        .collect()
}

#[test]
fn r5_1b_the_sample_plan_survives_the_form() {
    let scheme = Scheme::from_toml(SAMPLE).unwrap();
    let again = scheme.to_toml(&[]);
    assert_eq!(Scheme::from_toml(&again).unwrap(), scheme);
    assert_eq!(
        ImplementationPlan::parse(&again),
        ImplementationPlan::parse(SAMPLE)
    );
    assert!(ImplementationPlan::parse(&again).is_ok());
}

#[test]
fn r1_items_are_written_as_the_catalogue_says_them() {
    let scheme = Scheme::from_toml(SAMPLE).unwrap();
    let plan = ImplementationPlan::parse(&scheme.to_toml(&catalogue())).unwrap();
    let item = &catalogue()[0].item;
    let written = plan.items().iter().find(|own| own.code == item.code).unwrap();
    assert_eq!(written.basis, item.basis);
    assert_eq!(written.department, Some(item.department.clone()));
    assert_eq!(written.published_on, Some(date(2026, 12, 18)));
}

#[test]
fn what_the_form_would_lose_is_told_and_nothing_else_is_lost() {
    let text = format!(
        "{SAMPLE}\n[[stratum]]\nname = \"x\"\nratio = \"1%\"\nnumber = 3\nwhere = {{ colour = \"红\" }}\n"
    );
    let Err(Unshown::Beyond { keys, scheme }) = Scheme::from_toml(&text) else {
        panic!("shown");
    };
    assert_eq!(
        keys,
        [
            "第 5 个 [[stratum]] [where] 的 colour",
            "第 5 个 [[stratum]] 的 number"
        ]
    );
    assert_eq!(scheme.strata[4].amount, "1%");
    let cut = SAMPLE.replace("\"环境监察大队\"]", "\"一；二\"]");
    assert!(matches!(Scheme::from_toml(&cut), Err(Unshown::Beyond { .. })));
    let broken = Scheme::from_toml("title = “方案”").unwrap_err().to_string();
    assert!(broken.starts_with("第 1 行"), "{broken}");
}

#[test]
fn numbers_and_days_are_told_beside_their_fields() {
    let scheme = Scheme {
        cap: "十五".to_owned(),
        from: "明天".to_owned(),
        teams: vec![Team {
            cap: "-1".to_owned(),
            ..Team::default()
        }],
        ..Scheme::default()
    };
    let fields: Vec<String> = scheme.faults().into_iter().map(|fault| fault.field).collect();
    assert_eq!(fields, ["cap", "from", "team.0.cap"]);
}

#[test]
fn r5_4_departments_are_those_of_teams_with_a_slot() {
    let team = |name: &str, department: &str| Team {
        name: name.to_owned(),
        department: department.to_owned(),
        ..Team::default()
    };
    let scheme = Scheme {
        slots: vec!["EP".to_owned(), "SAMR".to_owned(), "EP".to_owned()],
        teams: vec![
            team("EP", "生态环境局"),
            team("SAMR", "市场监督管理局"),
            team("X", "应急管理局"),
        ],
        ..Scheme::default()
    };
    assert_eq!(scheme.departments(), ["生态环境局", "市场监督管理局"]);
    assert_eq!(scheme.slots_of("EP"), 2);
}

#[test]
fn r5_1b_a_plan_begins_with_all_that_can_be_said_beforehand() {
    let catalogue = catalogue();
    let start = Start {
        bureau: "410899-EEB",
        bureau_name: "示例县生态环境局",
        year: 2027,
        annual: None,
        joint: &[],
        catalogue: &catalogue,
    };
    let scheme = Scheme {
        number: "2027-Q1".to_owned(),
        draw: "2027-001".to_owned(),
        annual_plan: "示环〔2026〕58号".to_owned(),
        from: "2027-01-04".to_owned(),
        until: "2027-03-31".to_owned(),
        ..Scheme::starting(&start)
    };
    let plan = ImplementationPlan::parse(&scheme.to_toml(&catalogue)).unwrap();
    let strata: Vec<&str> = plan
        .strata()
        .iter()
        .map(|stratum| stratum.title.as_str())
        .collect();
    assert_eq!(strata, ["自动监控基站", "直管重点污染源", "非直管重点污染源"]);
    assert_eq!(plan.slots().teams().len(), 2);
}

fn word() -> impl Strategy<Value = String> {
    "[a-z一-龥\"'\\\\#={}\\[\\]、，]{1,6}".prop_filter("as it is typed", |word| line(word) == *word)
}

fn may_be(strategy: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), strategy]
}

fn number() -> impl Strategy<Value = String> {
    may_be(any::<u32>().prop_map(|number| number.to_string()))
}

fn list() -> impl Strategy<Value = Vec<String>> {
    proptest::collection::vec(word(), 0..3)
}

fn day() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        Just("2027-01-04".to_owned()),
        Just("2027年1月4日".to_owned()),
        word()
    ]
}

fn some_of(words: &'static [&'static str]) -> impl Strategy<Value = Vec<String>> {
    proptest::sample::subsequence(words, 0..=words.len())
        .prop_map(|words| words.into_iter().map(str::to_owned).collect())
}

fn answer() -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), Just("是".to_owned()), Just("否".to_owned())]
}

fn conditions() -> impl Strategy<Value = Scope> {
    let typed = || list().prop_map(|words| joined(&words));
    let terms = (
        some_of(&["国控", "一般"]),
        some_of(&["直管", "非直管"]),
        some_of(&["A", "D"]),
        some_of(&["正常", "停产"]),
    );
    let texts = (typed(), typed(), typed(), typed(), typed());
    let stations = may_be(any::<u16>().prop_map(|number| number.to_string()));
    (terms, texts, stations, answer(), answer()).prop_map(|(terms, texts, stations, key, violations)| Scope {
        levels: terms.0,
        administrations: terms.1,
        credits: terms.2,
        statuses: terms.3,
        industries: texts.0,
        industry_codes: texts.1,
        addresses: texts.2,
        names: texts.3,
        targets: texts.4,
        stations,
        key,
        violations,
    })
}

fn strata() -> impl Strategy<Value = Stratum> {
    let kind = prop_oneof![
        (Just(AmountKind::Ratio), may_be(word())),
        (Just(AmountKind::Number), word()),
        (Just(AmountKind::PerInspector), word()),
    ];
    (
        may_be(word()),
        may_be(word()),
        conditions(),
        kind,
        list(),
        list(),
        list(),
    )
        .prop_map(
            |(name, title, filter, (kind, amount), items, fields, units)| Stratum {
                name,
                title,
                filter,
                kind,
                amount,
                items,
                fields,
                units,
            },
        )
}

fn teams() -> impl Strategy<Value = Team> {
    (
        may_be(word()),
        may_be(word()),
        may_be(word()),
        list(),
        list(),
        list(),
        number(),
    )
        .prop_map(
            |(name, title, department, units, fields, certificates, cap)| Team {
                name,
                title,
                department,
                units,
                fields,
                certificates,
                cap,
            },
        )
}

fn several<T: std::fmt::Debug>(one: impl Strategy<Value = T>) -> impl Strategy<Value = Vec<T>> {
    proptest::collection::vec(one, 0..3)
}

fn head() -> impl Strategy<Value = Scheme> {
    let texts = (
        may_be(word()),
        may_be(word()),
        may_be(word()),
        may_be(word()),
        may_be(word()),
        may_be(word()),
    );
    let contents = (
        may_be(word()),
        may_be(word()),
        may_be(word()),
        list(),
        day(),
        day(),
    );
    let items = several((
        may_be(word()),
        list(),
        prop_oneof![Just("true".to_owned()), day()],
    ));
    (texts, contents, items).prop_map(|(texts, contents, items)| Scheme {
        bureau: texts.0,
        number: texts.1,
        draw: texts.2,
        title: texts.3,
        annual_plan: texts.4,
        purpose: texts.5,
        secrecy: contents.0,
        use_of_results: contents.1,
        scope: contents.2,
        methods: contents.3,
        from: contents.4,
        until: contents.5,
        items: items
            .into_iter()
            .map(|(code, fields, published)| Item {
                code,
                fields,
                published,
                ..Item::default()
            })
            .collect(),
        ..Scheme::default()
    })
}

fn people() -> impl Strategy<Value = Scheme> {
    let persons = several((may_be(word()), number()));
    let recusals = several((may_be(word()), may_be(word()), may_be(word())));
    let person = |(certificate, cap)| Person { certificate, cap };
    let recusal = |(certificate, source, ground)| Recusal {
        certificate,
        source,
        ground,
    };
    (list(), number(), several(teams()), persons, number(), recusals).prop_map(
        move |(slots, cap, teams, persons, rotation, recusals)| Scheme {
            slots,
            cap,
            teams,
            persons: persons.into_iter().map(person).collect(),
            rotation,
            recusals: recusals.into_iter().map(recusal).collect(),
            ..Scheme::default()
        },
    )
}

fn rules() -> impl Strategy<Value = Scheme> {
    let weights = several((conditions(), number()));
    let mandatory = several((may_be(word()), may_be(word())));
    let listed = several((may_be(word()), list(), may_be(word())));
    let weight = |(filter, weight)| Weight { filter, weight };
    let must = |(target, ground)| Mandatory { target, ground };
    let left_out = |(reason, targets, ground)| Listed {
        reason,
        targets,
        ground,
    };
    let caps = (number(), any::<bool>(), number(), day());
    let ceremony = (may_be(word()), may_be(word()), may_be(word()));
    (several(strata()), weights, mandatory, listed, caps, ceremony).prop_map(
        move |(strata, weights, mandatory, listed, caps, ceremony)| Scheme {
            strata,
            weights: weights.into_iter().map(weight).collect(),
            mandatory: mandatory.into_iter().map(must).collect(),
            listed: listed.into_iter().map(left_out).collect(),
            yearly_cap: caps.0,
            yearly_cap_drawn_only: caps.1,
            recent_days: caps.2,
            cycle_from: caps.3,
            public: ceremony.0,
            pool_disclosed: ceremony.1,
            release: ceremony.2,
            ..Scheme::default()
        },
    )
}

fn schemes() -> impl Strategy<Value = Scheme> {
    (head(), people(), rules()).prop_map(|(head, people, rules)| Scheme {
        slots: people.slots,
        cap: people.cap,
        teams: people.teams,
        persons: people.persons,
        rotation: people.rotation,
        recusals: people.recusals,
        bureau: head.bureau,
        number: head.number,
        draw: head.draw,
        title: head.title,
        annual_plan: head.annual_plan,
        purpose: head.purpose,
        methods: head.methods,
        secrecy: head.secrecy,
        use_of_results: head.use_of_results,
        scope: head.scope,
        from: head.from,
        until: head.until,
        items: head.items,
        ..rules
    })
}

proptest! {
    #[test]
    fn what_is_typed_comes_back_from_its_text(scheme in schemes()) {
        let text = scheme.to_toml(&[]);
        prop_assert_eq!(Scheme::from_toml(&text), Ok(scheme), "{}", text);
    }

    #[test]
    fn words_come_back_from_their_line(words in list()) {
        prop_assert_eq!(split(&joined(&words)), words);
    }
}
