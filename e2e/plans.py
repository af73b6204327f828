"""Annual plans and implementation plans through their pages: drafted, submitted, approved by another, published (R5.1)."""

# Of each line: the item, the scope, how it is administered.
LINES = [
    ("直管重点污染源检查（ZGZD-01）", "直管重点污染源", "直管"),
    ("非直管重点污染源检查（FZGZD-01）", "非直管重点污染源", "非直管"),
]
SECRECY = "现场检查实施前，抽查名单对被抽查单位保密"
SENT_BACK = "年度频次上限请写明"


def act(office, word: str, then: str, ground: str = "") -> None:
    """Presses the button of a plan, and answers what its page asks."""
    browser = office.browser
    browser.follow(word)
    browser.by_words("worded('button', arguments[0])", "page that asks", "确认" + word)
    if ground:
        browser.fill("理由", ground)
    browser.press("确认" + word)
    browser.says(then)


def may_not_approve(office, page: str) -> None:
    """Neither a button nor the address is there for who drafted it."""
    browser = office.browser
    offered = browser.script("return [...document.querySelectorAll('main a')].some((own) => own.textContent.trim() === '批准')")
    assert not offered, "who drafted the plan is offered to approve it"
    office.go(page + "/approve")
    office.title("没有权限")
    office.go(page)


def approved_and_published(office, page: str, shot: str) -> None:
    browser = office.browser
    office.people.become("leader")
    office.go(page)
    office.show(shot + "-to-approve")
    act(office, "批准", "已经批准，等待公布")
    office.people.become("planner")
    office.go(page)
    act(office, "公布", "已经公布")


def draft_annual(office) -> None:
    """the planner drafts an annual plan, which says what it still misses, and submits it, and cannot approve it (R5.1a)"""
    browser = office.browser
    office.people.become("planner")
    office.go("/annual-plans")
    office.show("annual-plans-none")
    browser.follow("起草")
    office.show("annual-plan-new")
    # Next year's: what is published today may be inspected then.
    year = int(browser.value("年度"))
    title = browser.value("计划名称").replace(str(year), str(year + 1))
    browser.fill("年度", str(year + 1))
    browser.fill("计划名称", title)
    browser.press("再加一行")
    browser.field("第 %d 行" % len(LINES))
    for at, (item, scope, administration) in enumerate(LINES):
        line = "第 %d 行" % (at + 1)
        browser.tick("抽查事项", item, line)
        browser.fill("抽取范围", scope, line)
        browser.tick("条件：重点排污单位", "是", line)
        browser.tick("条件：管理方式", administration, line)
        browser.tick("抽取多少", "按比例", line)
        browser.fill("比例或数量", "25%", line)
        browser.choose("频次", "每季度", line)
        for quarter in ["一季度", "二季度", "三季度", "四季度"]:
            browser.tick("季度", quarter, line)
        browser.tick("责任部门", "环境监察大队", line)
    browser.press("保存草稿")
    browser.says("提交和批准前还要补齐 1 处")
    office.show("annual-plan-misses")
    browser.follow("去修改")
    browser.fill("工作目的", "落实日常监管随机抽查，重点排污单位每年至少检查一次")
    office.show("annual-plan-edit")
    browser.press("保存草稿")
    browser.says("草稿已保存")
    office.annual = "/annual-plans/" + browser.here().rsplit("/", 1)[1]
    act(office, "提交", "已经提交，等待批准")
    may_not_approve(office, office.annual)
    office.show("annual-plan-submitted")


def settle_annual(office) -> None:
    """the leader sends it back with a ground, and approves it when it is mended; published, anybody reads it (R5.1a)"""
    browser = office.browser
    office.people.become("leader")
    office.show("todo")
    office.go(office.annual)
    act(office, "退回", "已经退回", SENT_BACK)
    office.people.become("planner")
    office.go(office.annual)
    browser.says(SENT_BACK)
    office.show("annual-plan-returned")
    browser.follow("修改")
    browser.fill("年度频次上限（次）", "2")
    browser.press("保存草稿")
    act(office, "提交", "已经提交，等待批准")
    approved_and_published(office, office.annual, "annual-plan")
    office.show("annual-plan")
    name = browser.text("h1")
    browser.forget()
    office.people.now = ""
    office.go("/public/annual-plans")
    office.show("public-annual-plans")
    browser.follow(name)
    browser.says(LINES[1][1])
    office.show("public-annual-plan")


def draft_plan(office) -> None:
    """an implementation plan begins after the annual plan; the check says what it misses, and how many it will draw (R5.1b)"""
    browser = office.browser
    office.people.become("planner")
    office.go("/plans/new")
    office.show("plan-new")
    office.plan = "/plans/" + browser.value("方案编号")
    browser.press("建立草稿")
    browser.says("草稿已经建好")
    browser.fill("保密要求", "")
    browser.press("检查")
    browser.says("检查结果")
    browser.says("保密要求")
    office.show("plan-misses")
    browser.fill("保密要求", SECRECY)
    browser.press("检查")
    browser.says("可以提交")
    office.go(office.plan)
    browser.says("抽取测算")
    office.show("plan-draft")


def settle_plan(office) -> None:
    """it is submitted, approved by another, published, and printed as a document (R5.1b)"""
    browser = office.browser
    act(office, "提交", "已经提交，等待批准")
    may_not_approve(office, office.plan)
    approved_and_published(office, office.plan, "plan")
    office.show("plan")
    assert browser.printed("plan").startswith(b"%PDF")
    office.go("/plans")
    office.show("plans")
