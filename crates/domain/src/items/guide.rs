//! The three items of the guide, with their checklists, ready to be reviewed and published (G1, G2).
//! Never guesses at an article: where only the law or standard is certain, that alone is named.
//!
//! The articles are those of the separate laws. A code that gathers them (生态环境法典) was before the National People's
//! Congress in March 2026, so whoever publishes an item compares its basis with the law that is in force.

use super::{InspectionItem, ItemDraft, LineDraft};

/// The items of the guide for a responsible department, in its order: automatic monitoring stations, key sources that
/// the bureau administers itself, key sources that it does not. They are drafts like any other: a bureau changes them as it needs.
#[must_use]
pub fn guide_items(department: &crate::text::Text) -> Vec<InspectionItem> {
    let items = ITEMS.iter().map(|item| item.draft(department.as_str()));
    // Constants: a test holds that each of them passes.
    items.filter_map(|draft| draft.check().ok()).collect()
}

/// 检查内容, 操作方法与要领, 依据.
type Line = (&'static str, &'static str, &'static str);

struct GuideItem {
    code: &'static str,
    name: &'static str,
    object: &'static str,
    content: &'static str,
    basis: &'static str,
    methods: &'static [&'static str],
    checklist: &'static [&'static [Line]],
}

impl GuideItem {
    fn draft(&self, department: &str) -> ItemDraft {
        let line = |(content, how, basis): &Line| LineDraft {
            content: (*content).to_owned(),
            how: (*how).to_owned(),
            basis: (*basis).to_owned(),
        };
        ItemDraft {
            code: self.code.to_owned(),
            name: self.name.to_owned(),
            basis: self.basis.to_owned(),
            object: self.object.to_owned(),
            content: self.content.to_owned(),
            methods: self.methods.iter().map(|word| (*word).to_owned()).collect(),
            department: department.to_owned(),
            kind: "重点".to_owned(),
            checklist: self.checklist.iter().copied().flatten().map(line).collect(),
        }
    }
}

const ITEMS: [GuideItem; 3] = [
    GuideItem {
        code: "ZDJK-01",
        name: "自动监控基站监督检查",
        object: "装有自动监控基站的排污单位",
        content: "自动监测设备日常运行",
        basis: "《中华人民共和国水污染防治法》第二十三条、第三十条，《中华人民共和国大气污染防治法》第二十四条、第二十九条，\
                《排污许可管理条例》第二十条，《污染源自动监控管理办法》",
        methods: &["现场", "非现场"],
        checklist: &[MONITORING],
    },
    GuideItem {
        code: "ZGZD-01",
        name: "直管重点污染源检查",
        object: "直管重点排污单位",
        content: KEY_SOURCE_CONTENT,
        basis: KEY_SOURCE_BASIS,
        methods: &["现场", "监测"],
        checklist: KEY_SOURCE_CHECKLIST,
    },
    GuideItem {
        code: "FZGZD-01",
        name: "非直管重点污染源检查",
        object: "非直管重点排污单位",
        content: KEY_SOURCE_CONTENT,
        basis: KEY_SOURCE_BASIS,
        methods: &["现场", "监测"],
        checklist: KEY_SOURCE_CHECKLIST,
    },
];

const KEY_SOURCE_CONTENT: &str =
    "污染防治设施运行、污染物排放、环评和“三同时”执行情况、排污许可等环境管理制度落实情况";
const KEY_SOURCE_BASIS: &str = "《中华人民共和国环境保护法》第二十四条，《中华人民共和国水污染防治法》第三十条，\
     《中华人民共和国大气污染防治法》第二十九条，《排污许可管理条例》第二十五条";
const KEY_SOURCE_CHECKLIST: &[&[Line]] = &[FACILITIES, DISCHARGE, ASSESSMENT, PERMIT];

/// 自动监测设备日常运行: flue gas by HJ 75 and HJ 76, water by HJ 353 to HJ 356.
const MONITORING: &[Line] = &[
    (
        "自动监测设备日常运行：站房环境与门禁",
        "查看站房门锁、门禁或出入登记、视频监控、空调和温湿度、供电、消防是否完好，是否有无关人员进入或无关物品",
        "HJ 75-2017，HJ 353-2019",
    ),
    (
        "自动监测设备日常运行：采样点位和管路",
        "从采样口沿管路一直看到分析仪：点位与验收、备案一致，没有旁路、稀释、堵塞、另接的容器或管线",
        "《中华人民共和国水污染防治法》第三十九条，《中华人民共和国大气污染防治法》第二十条，HJ 75-2017，HJ 353-2019",
    ),
    (
        "自动监测设备日常运行：设备型号与验收",
        "对照验收和备案材料，核对各分析仪、数据采集传输仪的型号、编号，以及更换后是否重新验收",
        "HJ 75-2017，HJ 76-2017，HJ 354-2019",
    ),
    (
        "自动监测设备日常运行：设备运行状态",
        "查看仪器面板、报警记录和近7日曲线：没有未处理的报警，没有长期恒值、零值、负值或无故停运",
        "《中华人民共和国环境保护法》第四十二条，HJ 75-2017，HJ 355-2019",
    ),
    (
        "自动监测设备日常运行：参数一致性",
        "抄录量程、斜率、截距、修正系数等现场设定值，与备案表、运维记录和监控平台比对；有改动的，看改动的时间、人员和理由",
        "HJ 75-2017，HJ 355-2019",
    ),
    (
        "自动监测设备日常运行：校准、校验记录",
        "查看最近一次校准和校验的日期、结果和间隔是否符合规范；必要时当场用标准物质测试，或安排比对监测",
        "HJ 75-2017，HJ 355-2019",
    ),
    (
        "自动监测设备日常运行：标准物质和试剂有效期",
        "查看标准气体、标准溶液和试剂的标签、证书、余量，浓度与量程是否相配，是否在有效期内",
        "HJ 75-2017，HJ 355-2019",
    ),
    (
        "自动监测设备日常运行：数据一致和传输有效率",
        "同一时刻比对分析仪、数据采集传输仪、监控平台的数值；查近一季度的传输有效率和无效数据的标记、补遗",
        "HJ 75-2017，HJ 356-2019，《污染源自动监控管理办法》",
    ),
    (
        "自动监测设备日常运行：运行维护台账",
        "查看巡检、维护、易耗品更换、废液处置记录是否按期、连续、有人签字，与门禁或视频是否对得上",
        "HJ 75-2017，HJ 355-2019",
    ),
    (
        "自动监测设备日常运行：故障、停运报告和处理",
        "查看故障、停运、传输异常是否及时报告和修复，停运期间是否按规定人工监测",
        "《排污许可管理条例》第二十条，HJ 75-2017，HJ 355-2019",
    ),
    (
        "自动监测设备日常运行：数据真实性",
        "查看操作日志、软件权限、历史数据修改痕迹，是否有擅自移动、改变设备，篡改、伪造数据的情形",
        "《中华人民共和国环境保护法》第四十二条，《中华人民共和国水污染防治法》第二十四条，《中华人民共和国大气污染防治法》第二十五条、第二十六条",
    ),
];

const FACILITIES: &[Line] = &[
    (
        "污染防治设施运行：与生产同步运行",
        "到现场看治理设施是否开启，用电量、药剂用量、风量水量与生产负荷是否相称；没有擅自拆除或者闲置",
        "《中华人民共和国环境保护法》第四十一条、第四十二条",
    ),
    (
        "污染防治设施运行：废水收集和处理",
        "看各股废水是否都进入处理设施，加药、曝气、污泥等单元是否正常；没有暗管、渗井、渗坑、旁路",
        "《中华人民共和国水污染防治法》第三十九条",
    ),
    (
        "污染防治设施运行：废气收集和处理",
        "看集气罩、密闭间、管道是否有效，脱硫、脱硝、除尘、挥发性有机物治理设施的参数是否在设计范围；旁路和应急通道是否关闭",
        "《中华人民共和国大气污染防治法》第二十条、第四十五条",
    ),
    (
        "污染防治设施运行：固体废物和危险废物贮存",
        "看贮存场所的防扬散、防流失、防渗漏和识别标志，危险废物是否分类存放；核对台账、管理计划、转移联单和接收单位资质",
        "《中华人民共和国固体废物污染环境防治法》第三十六条、第四十条、第七十七条至第八十二条",
    ),
    (
        "污染防治设施运行：运行记录和检修停运",
        "查看运行、加药、维修记录是否连续真实；检修、停运是否有记录并按规定报告",
        "《排污许可管理条例》第十七条、第二十一条",
    ),
];

const DISCHARGE: &[Line] = &[
    (
        "污染物排放：排放口设置",
        "核对排放口的数量、位置、编号、标志与排污许可证是否一致，采样口和平台是否可用；没有未登记的排放口",
        "《排污许可管理条例》第十八条，《中华人民共和国水污染防治法》第二十二条，《中华人民共和国大气污染防治法》第二十条",
    ),
    (
        "污染物排放：废水浓度和总量",
        "看近期自动监测和手工监测数据是否超标、超总量；有疑问的安排执法监测，按规范采样、封样、签字",
        "《中华人民共和国水污染防治法》第十条",
    ),
    (
        "污染物排放：废气浓度和总量",
        "看近期自动监测和手工监测数据是否超标、超总量；有疑问的安排执法监测，记录当时的工况",
        "《中华人民共和国大气污染防治法》第十八条",
    ),
    (
        "污染物排放：无组织排放",
        "看物料堆存、装卸、输送和厂区道路的密闭、围挡、遮盖、喷淋、清扫，有无明显扬尘和异味",
        "《中华人民共和国大气污染防治法》第四十八条、第七十二条",
    ),
    (
        "污染物排放：自行监测",
        "对照自行监测方案和排污许可证，看点位、项目、频次是否做全，原始记录和报告是否真实、是否保存满5年",
        "《排污许可管理条例》第十九条",
    ),
];

const ASSESSMENT: &[Line] = &[
    (
        "环评和“三同时”执行情况：环评手续",
        "列出全部建设项目，逐个核对环评批复或登记表备案；没有未批先建",
        "《中华人民共和国环境保护法》第十九条，《中华人民共和国环境影响评价法》第二十二条、第二十五条",
    ),
    (
        "环评和“三同时”执行情况：建设内容与批复一致",
        "核对性质、规模、地点、生产工艺、环境保护措施；有重大变动的，看是否重新报批",
        "《中华人民共和国环境影响评价法》第二十四条，《建设项目环境保护管理条例》第十二条",
    ),
    (
        "环评和“三同时”执行情况：防治污染设施同时设计、施工、投产",
        "逐项核对环评文件和批复要求的措施是否建成并使用",
        "《中华人民共和国环境保护法》第四十一条，《建设项目环境保护管理条例》第十五条",
    ),
    (
        "环评和“三同时”执行情况：竣工环境保护验收",
        "查看验收报告、公开情况和后续整改；没有未经验收或者验收不合格就投入生产、使用的",
        "《建设项目环境保护管理条例》第十七条、第十九条",
    ),
];

const PERMIT: &[Line] = &[
    (
        "排污许可等环境管理制度落实情况：排污许可证",
        "核对许可证是否有效，单位名称、地址、产排污环节与现场是否一致；应当延续、变更或者重新申请的是否办理；没有无证排污",
        "《中华人民共和国环境保护法》第四十五条，《排污许可管理条例》第十四条、第十五条",
    ),
    (
        "排污许可等环境管理制度落实情况：环境管理台账",
        "抽查近一个季度的台账，内容、频次与许可证要求是否相符，是否保存满5年",
        "《排污许可管理条例》第二十一条",
    ),
    (
        "排污许可等环境管理制度落实情况：执行报告",
        "查看年度、季度执行报告是否按期提交，所报排放量、异常情况与台账和监测数据是否一致",
        "《排污许可管理条例》第二十二条",
    ),
    (
        "排污许可等环境管理制度落实情况：环境信息公开",
        "对照许可证和披露名单，看排污信息、自行监测结果是否如实、按时公开",
        "《中华人民共和国环境保护法》第五十五条，《排污许可管理条例》第二十三条，《企业环境信息依法披露管理办法》",
    ),
    (
        "排污许可等环境管理制度落实情况：环境保护责任制度",
        "查看单位负责人和相关人员的责任、岗位制度和培训记录是否明确、落实",
        "《中华人民共和国环境保护法》第四十二条",
    ),
    (
        "排污许可等环境管理制度落实情况：突发环境事件应急",
        "查看应急预案及其备案、应急物资、事故池和阀门，演练和隐患排查记录",
        "《中华人民共和国环境保护法》第四十七条",
    ),
];
