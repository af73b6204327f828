//! The form of a plan in sections: what each field is called, what it hints at, what is wrong with it.
//! Never asks for what the form could not send back.

use domain::plans::{Disclosure, Method};
use domain::{Administration, ControlLevel, CreditClass, Status, Term};
use ops::plans::scheme::{AmountKind, Item, Published, Scheme, Stratum, Team, joined};
use ops::plans::scope::Scope;

use crate::form::{Choice, Errors};

/// Slots of a task at most (mcd1).
pub(super) const SLOTS_MAX: usize = 8;
/// Slots that are offered beyond those that are filled.
const SLOTS_MORE: usize = 2;

/// How a field is typed.
pub(super) enum Control {
    /// One line of HTML's type.
    Line(&'static str),
    /// Several lines.
    Area,
    /// One of several.
    Select(Vec<Choice>),
    /// Boxes to tick.
    Checks(Vec<Choice>),
}

/// A field of the form.
pub(super) struct Field {
    pub(super) name: String,
    pub(super) label: String,
    pub(super) hint: &'static str,
    pub(super) required: bool,
    pub(super) value: String,
    pub(super) error: Option<String>,
    pub(super) control: Control,
}

impl Field {
    fn must(self) -> Self {
        Self {
            required: true,
            ..self
        }
    }

    fn hint(self, hint: &'static str) -> Self {
        Self { hint, ..self }
    }
}

/// One of several lines of a section.
pub(super) struct Group {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) fields: Vec<Field>,
    /// The rarer ones, folded unless one of them is filled.
    pub(super) more: Vec<Field>,
    pub(super) more_open: bool,
    pub(super) movable: bool,
}

/// A section of the form.
pub(super) struct Section {
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    pub(super) note: &'static str,
    pub(super) fields: Vec<Field>,
    /// The rarer ones, folded unless one of them is filled.
    pub(super) more: Vec<Field>,
    pub(super) more_open: bool,
    pub(super) groups: Vec<Group>,
    /// Kind of its groups and the word of the button that adds one.
    pub(super) add: Option<(&'static str, &'static str)>,
}

/// Makes fields, with what is wrong with each.
struct Maker<'a>(&'a Errors);

impl Maker<'_> {
    fn field(&self, name: &str, label: &str, value: &str, control: Control) -> Field {
        Field {
            name: name.to_owned(),
            label: label.to_owned(),
            hint: "",
            required: false,
            value: value.to_owned(),
            error: self.0.of(name).map(str::to_owned),
            control,
        }
    }

    fn line(&self, name: &str, label: &str, value: &str) -> Field {
        self.field(name, label, value, Control::Line("text"))
    }

    fn area(&self, name: &str, label: &str, value: &str) -> Field {
        self.field(name, label, value, Control::Area)
    }

    /// A day; one in another form than the browser's would come back empty from its calendar.
    fn day(&self, name: &str, label: &str, value: &str) -> Field {
        let calendar = value.is_empty() || value.parse::<jiff::civil::Date>().is_ok();
        self.field(
            name,
            label,
            value,
            Control::Line(if calendar { "date" } else { "text" }),
        )
    }

    fn list(&self, name: &str, label: &str, words: &[String]) -> Field {
        self.line(name, label, &joined(words))
    }

    fn select(&self, name: &str, label: &str, options: Vec<Choice>) -> Field {
        self.field(name, label, "", Control::Select(options))
    }

    fn ticks<'a>(
        &self,
        name: &str,
        label: &str,
        all: impl IntoIterator<Item = &'a str>,
        chosen: &'a [String],
    ) -> Field {
        let chosen: Vec<&str> = chosen.iter().map(String::as_str).collect();
        // A word that is not among the proper ones is a synonym, and stays.
        let all: Vec<&str> = all.into_iter().collect();
        let others = chosen.iter().copied().filter(|word| !all.contains(word));
        let words: Vec<&str> = all.iter().copied().chain(others).collect();
        self.field(name, label, "", Control::Checks(Choice::of(words, &chosen)))
    }
}

/// All sections, in the order of the plan.
pub(super) fn sections(scheme: &Scheme, catalogue: &[Published], errors: &Errors) -> Vec<Section> {
    let make = Maker(errors);
    vec![
        contents(&make, scheme),
        items(&make, scheme, catalogue),
        teams(&make, scheme),
        persons(&make, scheme),
        strata(&make, scheme),
        order(&make, scheme),
        mandatory(&make, scheme),
        exclude(&make, scheme),
        rotation(&make, scheme),
        ceremony(&make, scheme),
    ]
}

fn section(id: &'static str, title: &'static str, note: &'static str, fields: Vec<Field>) -> Section {
    Section {
        id,
        title,
        note,
        fields,
        more: Vec::new(),
        more_open: false,
        groups: Vec::new(),
        add: None,
    }
}

fn group(kind: &str, at: usize, title: String, fields: Vec<Field>) -> Group {
    Group {
        id: format!("{kind}.{at}"),
        title,
        fields,
        more: Vec::new(),
        more_open: false,
        movable: false,
    }
}

fn contents(make: &Maker<'_>, scheme: &Scheme) -> Section {
    let fields = vec![
        make.line("title", "方案名称", &scheme.title).must(),
        make.line("annual_plan", "所依据的年度计划", &scheme.annual_plan)
            .must()
            .hint("名称和文号"),
        make.line("draw", "抽取编号", &scheme.draw)
            .must()
            .hint("年份-三位序号，例如 2027-001；每年从 001 起，不跳号"),
        make.day("from", "实施时间，从", &scheme.from).must(),
        make.day("until", "实施时间，到", &scheme.until)
            .must()
            .hint("首尾两天都算，最长 366 天"),
        make.area("purpose", "抽查目的", &scheme.purpose).must(),
        make.ticks("method", "检查方式", Method::proper_words(), &scheme.methods)
            .hint("至少选一项"),
        make.area("secrecy", "保密要求", &scheme.secrecy).must(),
        make.area("use_of_results", "检查结果应用", &scheme.use_of_results)
            .must(),
        make.area("scope", "抽取范围", &scheme.scope)
            .must()
            .hint("用文字写明；具体的条件在“分层”里"),
    ];
    section(
        "contents",
        "基本内容",
        "《细则》五要求写明八项内容：抽查事项、实施时间、抽查目的、执法人员数量、检查方式、保密要求、检查结果应用、抽取范围，一项都不能空着。抽查事项和执法人员数量在下面两段。",
        fields,
    )
}

/// Codes that can be chosen: first those that are, in their own order, then the rest of the catalogue, then what else the
/// plan has.
fn codes(scheme: &Scheme, catalogue: &[Published], chosen: &[String]) -> Vec<Choice> {
    let published = catalogue.iter().map(|own| own.item.code.as_str());
    let of_plan = scheme.items.iter().map(|item| item.code.as_str());
    let mut codes: Vec<&str> = Vec::new();
    for code in chosen.iter().map(String::as_str).chain(published).chain(of_plan) {
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    let choice = |code: &str| {
        let item = catalogue.iter().find(|own| own.item.code.as_str() == code);
        Choice {
            value: code.to_owned(),
            word: item.map_or_else(
                || format!("{code}（不在已公布的清单里）"),
                |own| format!("{code} {}", own.item.name),
            ),
            selected: chosen.iter().any(|own| own == code),
        }
    };
    codes.into_iter().map(choice).collect()
}

fn items(make: &Maker<'_>, scheme: &Scheme, catalogue: &[Published]) -> Section {
    let chosen: Vec<String> = scheme.items.iter().map(|item| item.code.clone()).collect();
    let choices = Control::Checks(codes(scheme, catalogue, &chosen));
    let fields = vec![
        make.field("item", "抽查事项", "", choices)
            .hint("至少选一项；名称、依据、内容随清单自动写入方案，以保存时公布的为准"),
    ];
    let served = |item: &Item| {
        let label = format!("{} 的执法领域", item.code);
        make.list(&format!("item_fields.{}", item.code), &label, &item.fields)
            .hint("检查人员至少有其中一项；不写就不限，分层另写了的以分层为准")
    };
    let more: Vec<Field> = scheme.items.iter().map(served).collect();
    Section {
        more_open: is_filled(&more),
        more,
        ..section(
            "items",
            "抽查事项",
            "只有已公布的抽查事项才能安排检查（《细则》一）。",
            fields,
        )
    }
}

fn teams(make: &Maker<'_>, scheme: &Scheme) -> Section {
    let offered = (scheme.slots.len() + SLOTS_MORE).min(SLOTS_MAX);
    let slot = |at: usize| {
        let chosen = scheme.slots.get(at).map_or("", String::as_str);
        let word = |team: &Team| match team.title.as_str() {
            "" => team.name.clone(),
            title => format!("{}（{title}）", team.name),
        };
        let mut options = Choice::with_blank("（没有这个岗位）", [], chosen);
        let own = scheme.teams.iter().filter(|team| !team.name.is_empty());
        options.extend(own.map(|team| Choice {
            value: team.name.clone(),
            word: word(team),
            selected: team.name == chosen,
        }));
        if !options.iter().any(|option| option.selected) {
            options.extend(Choice::of([chosen], &[chosen]));
        }
        make.select(&format!("slot.{at}"), &format!("第 {} 个岗位", at + 1), options)
    };
    let mut fields: Vec<Field> = (0..offered).map(slot).collect();
    fields.push(
        make.line("cap", "每人任务上限", &scheme.cap)
            .must()
            .hint("每人本次最多承担几个任务"),
    );
    let groups = scheme.teams.iter().enumerate().map(|(at, of)| team(make, at, of));
    Section {
        groups: groups.collect(),
        add: Some(("team", "再加一个班组")),
        ..section(
            "teams",
            "执法人员数量和班组",
            "每个检查组有几个岗位就是几个人，不得少于两人（《指引》二）。联合抽查时每个部门写一个班组，各部门的岗位从各自的人员中抽（《细则》五、4）。",
            fields,
        )
    }
}

fn team(make: &Maker<'_>, at: usize, team: &Team) -> Group {
    let name = |key: &str| format!("team.{at}.{key}");
    let fields = vec![
        make.line(&name("name"), "班组代号", &team.name)
            .must()
            .hint("英文字母、数字，例如 EP"),
        make.line(&name("title"), "班组名称", &team.title),
        make.line(&name("department"), "部门", &team.department)
            .hint("联合抽查时写明"),
        make.list(&name("units"), "所在单位", &team.units)
            .hint("名录库“所在单位”；几个用分号隔开，不写就不限"),
    ];
    let more = vec![
        make.list(&name("fields"), "执法领域", &team.fields)
            .hint("有其中一项即可；“综合”的人都可以"),
        make.list(&name("certificates"), "执法证编号", &team.certificates)
            .hint("一个一个指明，用分号隔开"),
        make.line(&name("cap"), "每人任务上限", &team.cap)
            .hint("不写就用上面的"),
    ];
    Group {
        more_open: is_filled(&more),
        more,
        ..group("team", at, titled("班组", at, &team.title, &team.name), fields)
    }
}

fn titled(word: &str, at: usize, title: &str, name: &str) -> String {
    let number = at + 1;
    match (title, name) {
        ("", "") => format!("{word} {number}"),
        ("", name) => format!("{word} {number}：{name}"),
        (title, _) => format!("{word} {number}：{title}"),
    }
}

fn is_filled(fields: &[Field]) -> bool {
    let filled = |field: &Field| match &field.control {
        Control::Line(_) | Control::Area => !field.value.is_empty() || field.error.is_some(),
        Control::Select(options) | Control::Checks(options) => options
            .iter()
            .any(|option| option.selected && !option.value.is_empty()),
    };
    fields.iter().any(filled)
}

fn persons(make: &Maker<'_>, scheme: &Scheme) -> Section {
    let one = |(at, person): (usize, &ops::plans::scheme::Person)| {
        let fields = vec![
            make.line(
                &format!("person.{at}.certificate"),
                "执法证编号",
                &person.certificate,
            )
            .must(),
            make.line(&format!("person.{at}.cap"), "任务上限", &person.cap)
                .must(),
        ];
        group("person", at, format!("个人上限 {}", at + 1), fields)
    };
    Section {
        groups: scheme.persons.iter().enumerate().map(one).collect(),
        add: Some(("person", "再加一人")),
        ..section(
            "persons",
            "个人任务上限",
            "个别人另定任务上限；没有就不用写。",
            Vec::new(),
        )
    }
}

fn strata(make: &Maker<'_>, scheme: &Scheme) -> Section {
    let groups = scheme
        .strata
        .iter()
        .enumerate()
        .map(|(at, of)| stratum(make, scheme, at, of));
    Section {
        groups: groups.collect(),
        add: Some(("stratum", "再加一层")),
        ..section(
            "strata",
            "分层和抽取数量",
            "每家归入第一个符合的层，特殊的在前，“其余”在最后；哪一层都不符合的不参加抽取，检查时会报出家数。一项里选几个，有一个符合即可；写了几项就要都符合。",
            Vec::new(),
        )
    }
}

fn stratum(make: &Maker<'_>, scheme: &Scheme, at: usize, stratum: &Stratum) -> Group {
    let name = |key: &str| format!("stratum.{at}.{key}");
    let kinds = AmountKind::ALL.map(|kind| Choice {
        value: kind.key().to_owned(),
        word: kind.title().to_owned(),
        selected: kind == stratum.kind,
    });
    // The plan's own choice of items is what a stratum can choose from.
    let items = Control::Checks(codes(scheme, &[], &stratum.items));
    let (common, rare) = condition(make, &name(""), &stratum.filter);
    let mut fields = vec![
        make.line(&name("title"), "分层名称", &stratum.title).must(),
        make.line(&name("name"), "分层代号", &stratum.name)
            .must()
            .hint("英文字母、数字，例如 direct"),
        make.select(&name("kind"), "抽多少，按", kinds.into()).must(),
        make.line(&name("amount"), "抽多少", &stratum.amount)
            .must()
            .hint("按比例写 25%，按家数写 12，按在岗人数写 1:5（每人 5 家）"),
    ];
    fields.extend(common);
    fields.push(
        named_items(make.field(&name("items"), "检查事项", "", items), scheme)
            .hint("不选就是全部事项；进一次门、查多项事"),
    );
    let mut more = rare;
    more.push(
        make.list(&name("fields"), "检查人员的执法领域", &stratum.fields)
            .hint("有其中一项即可；“综合”的人都可以"),
    );
    more.push(
        make.list(&name("units"), "检查人员的单位", &stratum.units)
            .hint("只由这些单位的人检查"),
    );
    Group {
        more_open: is_filled(&more),
        more,
        movable: at > 0,
        ..group(
            "stratum",
            at,
            titled("分层", at, &stratum.title, &stratum.name),
            fields,
        )
    }
}

/// The items of the plan by their names, where the codes alone would say too little.
fn named_items(field: Field, scheme: &Scheme) -> Field {
    let Control::Checks(options) = field.control else {
        return field;
    };
    let named = |option: Choice| {
        let item = scheme.items.iter().find(|item| item.code == option.value);
        let word = match item {
            Some(item) if item.name.is_empty() => item.code.clone(),
            Some(item) => format!("{} {}", item.code, item.name),
            None => format!("{}（方案里没有选）", option.value),
        };
        Choice { word, ..option }
    };
    let control = Control::Checks(options.into_iter().map(named).collect());
    Field { control, ..field }
}

/// The fields of a condition: the common ones, and the rarer.
fn condition(make: &Maker<'_>, prefix: &str, of: &Scope) -> (Vec<Field>, Vec<Field>) {
    let name = |key: &str| format!("{prefix}{key}");
    let answers = |chosen: &str| Choice::with_blank("不限", ["是", "否"], chosen);
    let common = vec![
        make.select(&name("key"), "重点排污单位", answers(&of.key)),
        make.ticks(
            &name("administrations"),
            "管理方式",
            Administration::proper_words(),
            &of.administrations,
        ),
        make.line(&name("stations"), "自动监控基站至少", &of.stations)
            .hint("几个；不写就不限"),
    ];
    let rare = vec![
        make.ticks(
            &name("levels"),
            "控制级别",
            ControlLevel::proper_words(),
            &of.levels,
        ),
        make.ticks(
            &name("credits"),
            "信用等级",
            CreditClass::proper_words(),
            &of.credits,
        ),
        make.ticks(&name("statuses"), "状态", Status::proper_words(), &of.statuses),
        make.select(&name("violations"), "有违法违规记录", answers(&of.violations)),
        make.line(&name("industries"), "行业类别含有", &of.industries)
            .hint("几个用分号隔开，例如 水泥；铸造"),
        make.line(&name("industry_codes"), "行业代码开头", &of.industry_codes)
            .hint("2 至 4 位数字，例如 30；2710"),
        make.line(&name("addresses"), "地址含有", &of.addresses)
            .hint("例如 一甲镇"),
        make.line(&name("names"), "企业名称含有", &of.names),
        make.line(&name("targets"), "检查对象编号", &of.targets)
            .hint("一个一个指明，用分号隔开"),
    ];
    (common, rare)
}

fn order(make: &Maker<'_>, scheme: &Scheme) -> Section {
    let fields = vec![
        make.day("cycle_from", "全覆盖周期，从", &scheme.cycle_from)
            .hint("从这天起没有查过的先抽，抽完才轮到查过一次的；不写就不分先后"),
    ];
    let one = |(at, weight): (usize, &ops::plans::scheme::Weight)| {
        let (mut common, rare) = condition(make, &format!("weight.{at}."), &weight.filter);
        common.insert(
            0,
            make.line(&format!("weight.{at}.weight"), "权重", &weight.weight)
                .must()
                .hint("整数；2 的抽中机会大约是 1 的两倍"),
        );
        Group {
            more_open: is_filled(&rare),
            more: rare,
            ..group("weight", at, format!("权重 {}", at + 1), common)
        }
    };
    Section {
        groups: scheme.weights.iter().enumerate().map(one).collect(),
        add: Some(("weight", "再加一条权重")),
        ..section(
            "order",
            "先后和权重",
            "每家用第一条符合的权重，都不符合的为 1。",
            fields,
        )
    }
}

fn mandatory(make: &Maker<'_>, scheme: &Scheme) -> Section {
    let one = |(at, one): (usize, &ops::plans::scheme::Mandatory)| {
        let fields = vec![
            make.line(&format!("must.{at}.target"), "检查对象编号", &one.target)
                .must()
                .hint("第二个及以后的厂址带后缀，例如 -02"),
            make.line(&format!("must.{at}.ground"), "理由", &one.ground)
                .must()
                .hint("例如 上级挂牌督办"),
        ];
        group("must", at, format!("必查 {}", at + 1), fields)
    };
    Section {
        groups: scheme.mandatory.iter().enumerate().map(one).collect(),
        add: Some(("must", "再加一家")),
        ..section(
            "mandatory",
            "必查对象",
            "不经随机、一定列入名单；名录池公开时任何人都看得到是谁、为什么。",
            Vec::new(),
        )
    }
}

fn exclude(make: &Maker<'_>, scheme: &Scheme) -> Section {
    let only = Choice {
        value: "1".to_owned(),
        word: "只数随机抽查的检查".to_owned(),
        selected: scheme.yearly_cap_drawn_only,
    };
    let fields = vec![
        make.line("yearly_cap", "年度频次上限", &scheme.yearly_cap)
            .hint("同一企业一年内查满这么多次的不再抽；不写就不限"),
        make.field("yearly_cap_drawn_only", "怎么数", "", Control::Checks(vec![only])),
        make.line("recent_days", "近期已查天数", &scheme.recent_days)
            .hint("实施时间开始前这么多天内查过的不抽；不写就不限"),
    ];
    let one = |(at, one): (usize, &ops::plans::scheme::Listed)| {
        let fields = vec![
            make.line(&format!("listed.{at}.reason"), "理由代号", &one.reason)
                .must()
                .hint("随名录池公开，例如 relocating；不能用 closed、cap、recent"),
            make.list(&format!("listed.{at}.targets"), "检查对象编号", &one.targets)
                .must()
                .hint("几个用分号隔开"),
            make.line(&format!("listed.{at}.ground"), "理由", &one.ground)
                .must(),
        ];
        group("listed", at, format!("指明排除 {}", at + 1), fields)
    };
    Section {
        groups: scheme.listed.iter().enumerate().map(one).collect(),
        add: Some(("listed", "再加一条指明排除")),
        ..section(
            "exclude",
            "排除",
            "已关闭、迁出、注销、吊销的自动排除，不用写。",
            fields,
        )
    }
}

fn rotation(make: &Maker<'_>, scheme: &Scheme) -> Section {
    let fields = vec![
        make.line("rotation", "轮换", &scheme.rotation)
            .hint("最近几次抽取里去过某家的人，这次不去那家；不写就不轮换"),
    ];
    let one = |(at, one): (usize, &ops::plans::scheme::Recusal)| {
        let fields = vec![
            make.line(
                &format!("recusal.{at}.certificate"),
                "执法证编号",
                &one.certificate,
            )
            .must(),
            make.line(&format!("recusal.{at}.source"), "回避哪家", &one.source)
                .must()
                .hint("写企业代码，对全部厂址有效；写带后缀的编号，只对那个厂址"),
            make.line(&format!("recusal.{at}.ground"), "理由", &one.ground)
                .must(),
        ];
        group("recusal", at, format!("回避 {}", at + 1), fields)
    };
    Section {
        groups: scheme.recusals.iter().enumerate().map(one).collect(),
        add: Some(("recusal", "再加一条回避")),
        ..section(
            "recusals",
            "轮换和回避",
            "在“请假与回避”里登记过的自动计入，不用在这里重复。",
            fields,
        )
    }
}

fn ceremony(make: &Maker<'_>, scheme: &Scheme) -> Section {
    let words = Disclosure::proper_words();
    let fields = vec![
        make.line("public", "公共值规则", &scheme.public)
            .must()
            .hint("dice:20 是现场掷 20 次十面骰；也可以写 kl8:期号、drand:链摘要:轮次、none"),
        make.select(
            "pool_disclosed",
            "名录池何时公开",
            Choice::with_blank("请选择", words, &scheme.pool_disclosed),
        )
        .must(),
        make.area("release", "名单发放规定", &scheme.release).must(),
    ];
    section(
        "ceremony",
        "抽取方式",
        "名单在现场检查前保密（《细则》五、3）：这里写明检查组何时、怎样拿到自己的任务。",
        fields,
    )
}
