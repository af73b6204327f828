//! The registers of 示例县, a county that does not exist (region 410899): sources, inspectors, past inspections.
//! Never the name of a real enterprise or person: every name says 示例, every telephone number has no network.

use domain::identifiers::{CreditCode, OrganisationCode, PermitCode, RegistrationNumber, SiteNumber};
use jiff::civil::{Date, Weekday, date};
use sheets::{History, Inspectors, Register, SheetError, Sources};

const ENTERPRISES: usize = 232;
const INSPECTORS: usize = 24;
const INSPECTIONS: usize = 170;
const REGION: &str = "410899";
/// Rows of the sources with a mistake that refuses them; nothing else refers to them.
const REFUSED: [usize; 6] = [11, 52, 104, 133, 160, 215];
/// Row of the sheet that the first of the sources stands in: below the title and the header.
const FIRST_ROW: usize = 3;

/// Industry, its GB/T 4754 code, and the last word of an enterprise's name.
const INDUSTRIES: [(&str, &str, &str); 12] = [
    ("水泥制品", "3021", "建材"),
    ("热电", "4412", "热力"),
    ("医药制造", "2710", "药业"),
    ("造纸", "2221", "纸业"),
    ("铸造", "3391", "铸业"),
    ("制革", "1910", "皮革"),
    ("化工", "2614", "化工"),
    ("食品加工", "1453", "食品"),
    ("污水处理", "4620", "污水处理"),
    ("畜禽养殖", "0313", "牧业"),
    ("机械加工", "3482", "机械"),
    ("汽修", "8111", "汽车服务"),
];
const STEMS: [&str; 20] = [
    "春谷", "夏川", "秋实", "冬青", "东篱", "南陌", "西畴", "北渚", "云溪", "石桥", "竹里", "柳堤", "麦香",
    "禾丰", "清源", "明泉", "长亭", "远山", "新田", "古渡",
];
const TOWNS: [&str; 8] = [
    "一甲镇",
    "二甲镇",
    "三甲乡",
    "四甲乡",
    "城关街道",
    "河湾街道",
    "柳林乡",
    "产业集聚区",
];
const SURNAMES: [&str; 16] = [
    "赵", "钱", "孙", "李", "周", "吴", "郑", "王", "冯", "陈", "褚", "卫", "蒋", "沈", "韩", "杨",
];
const UNITS: [&str; 5] = [
    "环境监察大队",
    "污染防治股",
    "环境影响评价股",
    "环境监测站",
    "法规股",
];
const FIELDS: [&str; 6] = ["水", "大气", "水、大气", "固废", "综合", "水、噪声"];

/// The files by name.
pub(crate) fn all() -> Result<Vec<(&'static str, Vec<u8>)>, SheetError> {
    let mut dice = Dice(0x6D63_6431);
    let right = sources(&mut dice);
    let mut sources = right.clone();
    mistakes(&mut sources);
    let inspectors = inspectors(&mut dice);
    let history = history(&mut dice, &sources, &inspectors);
    let header: Vec<&str> = std::iter::once("序号").chain(titles::<Sources>()).collect();
    let numbered = (1..)
        .zip(sources)
        .map(|(number, row)| [vec![number.to_string()], row].concat());
    let title = "示例县污染源名录库（虚构数据）";
    let staff: Vec<&str> = titles::<Inspectors>().collect();
    let past: Vec<&str> = titles::<History>().collect();
    Ok(vec![
        ("污染源名录库-回执-已改正.xlsx", mended_receipt(&header, &right)?),
        (
            "污染源名录库.xlsx",
            sheets::workbook("污染源名录库", Some(title), &header, numbered)?,
        ),
        (
            "执法检查人员名录库.xlsx",
            sheets::workbook("执法检查人员名录库", None, &staff, inspectors.into_iter())?,
        ),
        ("检查历史.csv", sheets::delimited(&past, history.into_iter())),
    ])
}

fn titles<R: Register>() -> impl Iterator<Item = &'static str> {
    R::COLUMNS.iter().map(|(_, column)| column.title)
}

/// SplitMix64: numbers that look like chance and are always the same.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound as u64).unwrap_or_default()
    }

    fn of<T: Copy>(&mut self, list: &[T]) -> Option<T> {
        list.get(self.below(list.len())).copied()
    }

    fn digits(&mut self, count: usize) -> String {
        (0..count).map(|_| self.below(10).to_string()).collect()
    }

    fn day(&mut self, from: Date, days: usize) -> Date {
        let days = i64::try_from(self.below(days)).unwrap_or_default();
        from.saturating_add(jiff::Span::new().days(days))
    }

    fn person(&mut self) -> String {
        let given = [
            "示安", "示明", "示文", "示林", "例之", "例青", "例云", "例和", "样成", "样真",
        ];
        format!(
            "{}{}",
            self.of(&SURNAMES).unwrap_or_default(),
            self.of(&given).unwrap_or_default()
        )
    }
}

/// Place of a title in the rows of the sources.
fn at(title: &str) -> usize {
    titles::<Sources>()
        .position(|own| own == title)
        .unwrap_or_default()
}

fn set(rows: &mut [Vec<String>], row: usize, title: &str, value: &str) {
    if let Some(cell) = rows.get_mut(row).and_then(|row| row.get_mut(at(title))) {
        value.clone_into(cell);
    }
}

fn get(rows: &[Vec<String>], row: usize, title: &str) -> String {
    rows.get(row)
        .and_then(|row| row.get(at(title)))
        .cloned()
        .unwrap_or_default()
}

fn sources(dice: &mut Dice) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    for number in 0..ENTERPRISES {
        let row = source(dice, number);
        let sites = match number {
            17 | 58 | 121 | 190 => 2,
            77 => 3,
            _ => 1,
        };
        rows.push(row.clone());
        for site in 2..=sites {
            let mut other = row.clone();
            set(
                std::slice::from_mut(&mut other),
                0,
                "许可证编号",
                &permit_of(&row, site),
            );
            let address = format!(
                "示例县{}工业路{site}号（第{site}厂区）",
                TOWNS.last().copied().unwrap_or_default()
            );
            set(std::slice::from_mut(&mut other), 0, "机构地址", &address);
            rows.push(other);
        }
        if number == 90 || number == 140 {
            rows.push(waste_licence(dice, &row));
        }
    }
    rows
}

/// The receipt of the register with its mistakes, as a clerk sends it back: the refused rows, put right.
fn mended_receipt(header: &[&str], right: &[Vec<String>]) -> Result<Vec<u8>, SheetError> {
    let header: Vec<&str> = header.iter().copied().chain(["行号", "问题", "建议"]).collect();
    let rows = REFUSED.iter().filter_map(|&at| {
        let (number, row) = ((at + 1).to_string(), (at + FIRST_ROW).to_string());
        Some([vec![number], right.get(at)?.clone(), vec![row]].concat())
    });
    sheets::workbook("未导入的行", None, &header, rows)
}

/// The permit number of another site of the same enterprise.
fn permit_of(row: &[String], site: u16) -> String {
    let permit = row.get(at("许可证编号")).cloned().unwrap_or_default();
    let parts = permit.get(..18).zip(permit.get(21..));
    parts.map_or(String::new(), |(code, letter)| format!("{code}{site:03}{letter}"))
}

/// A second licence of the same site, in a row of its own.
fn waste_licence(dice: &mut Dice, row: &[String]) -> Vec<String> {
    let mut other = row.to_vec();
    let rows = std::slice::from_mut(&mut other);
    set(rows, 0, "许可证名称", "危险废物经营许可证");
    set(
        rows,
        0,
        "许可证编号",
        &format!("示环许可危废字{}号", dice.digits(4)),
    );
    set(rows, 0, "批设时间", "2023-06-01");
    set(rows, 0, "有效期至", "2028-05-31");
    other
}

fn credit_code(dice: &mut Dice) -> String {
    loop {
        let body = format!("MA{}", dice.digits(6));
        let Ok(organisation) = OrganisationCode::from_body(&body) else {
            continue;
        };
        if let Ok(code) = CreditCode::from_body(&format!("91{REGION}{organisation}")) {
            return code.to_string();
        }
    }
}

fn source(dice: &mut Dice, number: usize) -> Vec<String> {
    let (industry, industry_code, word) = dice.of(&INDUSTRIES).unwrap_or_default();
    let level = level(dice);
    let key = matches!(level, "国控" | "省控" | "市控") || dice.below(25) == 0;
    let code = credit_code(dice);
    let registration = registration_number(dice);
    let [licence, permit, approved, until] = licence(dice, &code, key);
    let town = dice.of(&TOWNS).unwrap_or_default();
    let violation = if dice.below(6) == 0 {
        "2026年未按证排放，已责令改正"
    } else {
        ""
    };
    let stations = if key { dice.below(4) } else { 0 };
    vec![
        enterprise_name(dice, number, word),
        code,
        registration,
        String::new(),
        licence,
        permit,
        approved,
        until,
        dice.person(),
        format!("示例县{town}示范路{}号", number + 1),
        format!("0000-80{number:05}"),
        violation.to_owned(),
        industry.to_owned(),
        industry_code.to_owned(),
        level.to_owned(),
        if key { "是" } else { "否" }.to_owned(),
        if key && dice.below(2) == 0 {
            "直管"
        } else {
            "非直管"
        }
        .to_owned(),
        stations.to_string(),
        dice.of(&["A", "A", "B", "B", "B", "C", "D"])
            .unwrap_or_default()
            .to_owned(),
        status(dice, number).to_owned(),
    ]
}

fn level(dice: &mut Dice) -> &'static str {
    match dice.below(100) {
        0..5 => "国控",
        5..14 => "省控",
        14..26 => "市控",
        26..48 => "县控",
        48..75 => "一般",
        _ => "",
    }
}

fn status(dice: &mut Dice, number: usize) -> &'static str {
    match dice.below(40) {
        0 => "停产",
        1 => "关闭",
        2 if number.is_multiple_of(2) => "注销",
        3 if number.is_multiple_of(3) => "迁出",
        _ => "正常",
    }
}

fn enterprise_name(dice: &mut Dice, number: usize, word: &str) -> String {
    let kinds = ["有限公司", "有限责任公司", "股份有限公司", "厂", "合作社"];
    let orders = [
        "", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "东",
    ];
    let stem = STEMS.get(number % STEMS.len()).copied().unwrap_or_default();
    let order = orders.get(number / STEMS.len()).copied().unwrap_or_default();
    format!("示例县{stem}{order}{word}{}", dice.of(&kinds).unwrap_or_default())
}

/// Name, number, day of approval and last day of a discharge permit, or of a registration for small ones.
fn licence(dice: &mut Dice, code: &str, key: bool) -> [String; 4] {
    let small = !key && dice.below(2) == 0;
    let (name, letter) = if small {
        ("固定污染源排污登记", 'X')
    } else {
        ("排污许可证", 'P')
    };
    let code = CreditCode::parse(code).ok();
    let permit = code.and_then(|code| PermitCode::of(&code, SiteNumber::FIRST, letter));
    let approved = dice.day(date(2020, 1, 6), 2_400);
    let (years, day) = (jiff::Span::new().years(5), jiff::Span::new().days(1));
    let until = approved.saturating_add(years).saturating_sub(day).to_string();
    let until = if small && dice.below(4) == 0 {
        "长期".to_owned()
    } else {
        until
    };
    let permit = permit.map(|permit| permit.to_string()).unwrap_or_default();
    [name.to_owned(), permit, approved.to_string(), until]
}

fn registration_number(dice: &mut Dice) -> String {
    if dice.below(4) > 0 {
        return String::new();
    }
    let body = format!("{REGION}0{}", dice.digits(7));
    RegistrationNumber::from_body(&body)
        .map(|number| number.to_string())
        .unwrap_or_default()
}

/// The slips that every real register has: six that refuse a row, three that are mended.
fn mistakes(rows: &mut [Vec<String>]) {
    let [date, letter, tag, rounded, repeated, not_key] = REFUSED;
    let code = |rows: &[Vec<String>], row: usize| get(rows, row, "统一社会信用代码");
    set(rows, date, "批设时间", "2026-02-30");
    set(
        rows,
        letter,
        "统一社会信用代码",
        &code(rows, letter).replacen('0', "O", 1),
    );
    set(
        rows,
        tag,
        "企业名称",
        &format!("<b>{}</b>", get(rows, tag, "企业名称")),
    );
    set(rows, rounded, "统一社会信用代码", "9.1410899E+17");
    set(rows, repeated, "统一社会信用代码", &code(rows, 200));
    set(rows, not_key, "控制级别", "市控");
    set(rows, not_key, "是否重点排污单位", "否");

    let spaced = code(rows, 34);
    let spaced = format!(
        " {}　{}",
        spaced.get(..8).unwrap_or_default(),
        spaced.get(8..).unwrap_or_default()
    );
    set(rows, 34, "统一社会信用代码", &spaced);
    set(rows, 83, "统一社会信用代码", &code(rows, 83).to_lowercase());
    set(
        rows,
        176,
        "批设时间",
        &get(rows, 176, "批设时间").replace('-', "/"),
    );
}

fn inspectors(dice: &mut Dice) -> Vec<Vec<String>> {
    (0..INSPECTORS).map(|number| inspector(dice, number)).collect()
}

fn inspector(dice: &mut Dice, number: usize) -> Vec<String> {
    let post = match number {
        4 | 15 => "休假",
        9 | 20 => "借调",
        23 => "退休",
        _ => "在岗",
    };
    // Three certificates are over before the quarter, one ends within it.
    let until = match number {
        6 => date(2025, 11, 15),
        13 => date(2026, 10, 15),
        18 => date(2026, 12, 31),
        11 => date(2027, 2, 15),
        _ => dice.day(date(2027, 6, 15), 1_100),
    };
    let given = ["示一", "示二", "示三", "例一", "例二", "例三"];
    let surname = SURNAMES.get(number % SURNAMES.len()).copied().unwrap_or_default();
    vec![
        format!(
            "{surname}{}",
            given
                .get(number / SURNAMES.len() * 3 + number % 3)
                .copied()
                .unwrap_or_default()
        ),
        if dice.below(3) == 0 { "女" } else { "男" }.to_owned(),
        // Most of the staff who inspect are in the brigade.
        if number.is_multiple_of(2) {
            UNITS.first()
        } else {
            UNITS.get(number / 2 % UNITS.len())
        }
        .copied()
        .unwrap_or_default()
        .to_owned(),
        format!("9908{:06}", 1_000 + number * 37),
        "示例省人民政府".to_owned(),
        until.to_string(),
        format!("100000{:05}", number + 1),
        dice.of(&FIELDS).unwrap_or_default().to_owned(),
        post.to_owned(),
    ]
}

/// Inspections of 2025 and 2026, on working weekdays, each by two inspectors, drawn quarter by quarter.
fn history(dice: &mut Dice, sources: &[Vec<String>], inspectors: &[Vec<String>]) -> Vec<Vec<String>> {
    let valid: Vec<&Vec<String>> = sources
        .iter()
        .enumerate()
        .filter(|(number, _)| !REFUSED.contains(number))
        .map(|(_, row)| row)
        .filter(|row| row.get(1).is_some_and(|code| CreditCode::parse(code).is_ok()))
        .filter(|row| {
            row.get(at("许可证编号"))
                .is_some_and(|permit| permit.get(18..21) == Some("001"))
        })
        .collect();
    let mut rows: Vec<Vec<String>> = Vec::new();
    while rows.len() < INSPECTIONS {
        let on = dice.day(date(2025, 1, 6), 720);
        let Some(source) = dice.of(&valid) else { break };
        let (Some(first), Some(second)) = (dice.of(&[0, 2, 4, 6, 8, 10]), dice.of(&[1, 3, 5, 7, 9, 11]))
        else {
            break;
        };
        let number = |at: usize| {
            inspectors
                .get(at)
                .and_then(|row| row.get(3))
                .cloned()
                .unwrap_or_default()
        };
        let target = source.get(1).cloned().unwrap_or_default();
        let weekend = matches!(on.weekday(), Weekday::Saturday | Weekday::Sunday);
        let holiday = (on.month() == 10 && on.day() < 8) || (on.month() == 5 && on.day() < 6);
        if weekend
            || holiday
            || rows
                .iter()
                .any(|row| row.get(1) == Some(&target) && is_spared(&on))
        {
            continue;
        }
        let draw = format!("{}-{:03}", on.year(), (on.month() + 2) / 3);
        let name = source.first().cloned().unwrap_or_default();
        rows.push(vec![
            on.to_string(),
            target,
            name,
            format!("{}、{}", number(first), number(second)),
            draw,
        ]);
    }
    rows.sort();
    rows
}

/// Three days in four on which an enterprise is not inspected a second time.
fn is_spared(on: &Date) -> bool {
    on.day() % 4 != 0
}
