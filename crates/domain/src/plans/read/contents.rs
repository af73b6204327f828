//! The contents of an implementation plan that are more than a text: items, time, inspectors, methods (R5.1b).
//! Never takes an item that is not published (R1), nor fewer than two inspectors per task (G-S1).

use jiff::civil::Date;

use super::super::finding::Code;
use super::super::plan::{Ceremony, Disclosure, Item, Method, Slots, Window};
use super::super::raw::{self, Published, Words};
use super::reader::Reader;
use draw::public::Rule;

/// Most items of a plan: more is a whole catalogue.
const ITEMS_MAX: usize = 200;

/// 实施时间
pub(super) fn window(r: &mut Reader, time: Option<raw::Time>) -> Option<Window> {
    let Some(raw::Time {
        from: Some(from),
        until: Some(until),
    }) = time
    else {
        r.empty("[time]（实施时间，from 和 until）");
        return None;
    };
    let window = Window::new(from.0, until.0);
    if window.is_none() {
        let (from, until, days) = (from.0, until.0, Window::DAYS_MAX);
        r.refuse(
            Code::WrongForm,
            format!(
                "实施时间 {from} 至 {until} 不对：结束日期不能早于开始日期，全长不超过 {days} 天，请改正"
            ),
        );
    }
    window
}

/// 抽查事项
pub(super) fn items(r: &mut Reader, raw: &[raw::Item], window: Option<Window>) -> Option<Vec<Item>> {
    if raw.is_empty() {
        r.empty("[[item]]（抽查事项）");
        return None;
    }
    if raw.len() > ITEMS_MAX {
        r.refuse(
            Code::WrongForm,
            format!("抽查事项有 {} 个，最多 {ITEMS_MAX} 个", raw.len()),
        );
    }
    let items: Vec<Item> = raw
        .iter()
        .zip(1..)
        .filter_map(|(raw, at)| item(r, raw, at, window))
        .collect();
    let codes: Vec<_> = items.iter().map(|item| &item.code).collect();
    r.different("抽查事项", &codes, |code| code.to_string());
    Some(items)
}

fn item(r: &mut Reader, raw: &raw::Item, at: usize, window: Option<Window>) -> Option<Item> {
    let key = |key: &str| format!("第 {at} 个 [[item]]（抽查事项）的 {key}");
    let code = r.name(&key("code"), raw.code.as_deref());
    let name = r.text(&key("name"), raw.name.as_deref());
    let basis = r.text(&key("basis"), raw.basis.as_deref());
    let content = r.optional_text(&key("content"), raw.content.as_deref());
    let object = r.optional_text(&key("object"), raw.object.as_deref());
    let department = r.optional_text(&key("department"), raw.department.as_deref());
    let title = raw.name.as_deref().or(raw.code.as_deref()).unwrap_or_default();
    let published = published(r, title, raw.published.as_ref(), window);
    let (published_on, code, name, basis) = (published?, code?, name?, basis?);
    Some(Item {
        code,
        name,
        basis,
        content,
        object,
        department,
        published_on,
    })
}

/// Some day or none if published, nothing if not (R1).
fn published(
    r: &mut Reader,
    title: &str,
    said: Option<&Published>,
    window: Option<Window>,
) -> Option<Option<Date>> {
    match said {
        Some(Published::Yes) => Some(None),
        Some(&Published::On(day)) if window.is_none_or(|window| day <= window.from()) => Some(Some(day)),
        Some(Published::On(day)) => {
            r.refuse(
                Code::Unpublished,
                format!("抽查事项“{title}”到 {day} 才公布，晚于实施时间的第一天：未经公布的行政检查事项不得实施，请先公布，或推迟实施时间"),
            );
            None
        }
        Some(Published::No) | None => {
            r.refuse(
                Code::Unpublished,
                format!("抽查事项“{title}”没有公布：只有列入已公布的抽查事项清单的事项才能安排检查（《细则》一），请先公布并填写 published = 公布日期，或删去该事项"),
            );
            None
        }
    }
}

/// 执法人员数量: as many as slots.
pub(super) fn slots(r: &mut Reader, words: Option<Words>) -> Option<Slots> {
    let key = "[inspectors] 的 slots（执法人员数量：每个检查组的岗位）";
    let Some(Words(words)) = words.filter(|Words(words)| !words.is_empty()) else {
        r.empty(key);
        return None;
    };
    let named: Vec<_> = words.iter().filter_map(|word| r.name(key, Some(word))).collect();
    let count = words.len();
    if named.len() < count {
        return None;
    }
    let slots = Slots::new(named);
    if slots.is_none() && count < Slots::MIN {
        r.refuse(
            Code::TooFewInspectors,
            format!("每个检查组只有 {count} 个岗位：检查人员不得少于两人（《指引》二），请在 slots 里至少写两个，例如 slots = [\"EP\", \"EP\"]"),
        );
    } else if slots.is_none() {
        let most = draw::form::MAX_SLOTS;
        r.refuse(
            Code::WrongForm,
            format!("每个检查组有 {count} 个岗位，最多 {most} 个，请减少"),
        );
    }
    slots
}

/// 检查方式
pub(super) fn methods(r: &mut Reader, words: Option<Words>) -> Option<Vec<Method>> {
    let words = words.filter(|Words(words)| words.iter().any(|word| !word.trim().is_empty()));
    let Some(words) = words else {
        r.empty("method（检查方式）");
        return None;
    };
    let methods: Vec<Method> = r.terms("method（检查方式）", Some(&words));
    r.different("检查方式", &methods, |method| {
        crate::terms::Term::word(*method).to_owned()
    });
    (!methods.is_empty()).then_some(methods)
}

/// `[ceremony]`
pub(super) fn ceremony(r: &mut Reader, raw: Option<raw::Ceremony>) -> Option<Ceremony> {
    let raw = raw.unwrap_or_default();
    let public = r.present("[ceremony] 的 public（公共值规则）", raw.public.as_deref());
    let public = public.and_then(|text| rule(r, text));
    let key = "[ceremony] 的 pool_disclosed（名录池公开时点）";
    let disclosure = r.present(key, raw.pool_disclosed.as_deref());
    let disclosure: Option<Disclosure> = disclosure.and_then(|word| r.term(key, word));
    let release = r.text("[ceremony] 的 release（名单发放规定）", raw.release.as_deref());
    Some(Ceremony {
        public: public?,
        disclosure: disclosure?,
        release: release?,
    })
}

fn rule(r: &mut Reader, text: &str) -> Option<Rule> {
    let rule = Rule::parse(text);
    if rule.is_none() {
        r.refuse(
            Code::WrongForm,
            format!("公共值规则“{text}”不对，可以写：dice:20（现场掷 20 次十面骰）、kl8:期号（7 位）、drand:链摘要:轮次、none"),
        );
    }
    rule
}
