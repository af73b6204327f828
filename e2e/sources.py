"""The register of sources through its pages (R2.1, R2.2, R3.2)."""

# Made up, of a region that is nobody's; the check digits hold.
CODE = "91410899MC0000012P"
NAME = "示例化工一厂"


def wrong(code: str) -> str:
    """The same code with two digits changed places, as it happens when one types."""
    return code[:2] + code[3] + code[2] + code[4:]


def enter(office) -> None:
    """a source with mistakes is refused beside each field, and entered when they are mended (R2.1, R3.2)"""
    browser = office.browser
    office.people.become("brigade")
    office.go("/sources")
    office.show("sources-none")
    browser.follow("入库")
    office.show("source-new")
    browser.fill("企业名称", NAME)
    browser.fill("统一社会信用代码", wrong(CODE))
    browser.fill("许可证名称", "排污许可证")
    browser.fill("批设时间", "2027-02-30")
    browser.fill("联系电话", "0000-0000001")
    browser.choose("控制级别", "市控")
    browser.choose("是否重点排污单位", "否")
    browser.fill("入库或变更的依据", "环评批复〔2025〕1号")
    browser.press("保存")
    browser.says("需要改正")
    browser.says("市控及以上重点企业必须作为重点排污企业")
    assert browser.value("企业名称") == NAME, "what was typed is lost"
    office.show("source-mistakes")
    browser.follow("“2027-02-30”")
    assert browser.script("return document.querySelector('.wrong :target')?.name") == "批设时间", "the link leads elsewhere"
    browser.fill("统一社会信用代码", CODE)
    browser.fill("批设时间", "2025-01-01")
    browser.fill("有效期至", "2029-12-31")
    browser.choose("是否重点排污单位", "未填写")
    assert browser.value("入库或变更的依据") == "环评批复〔2025〕1号", "what was typed is lost"
    browser.press("保存")
    browser.says("已经入库")
    office.title(NAME)
    office.show("source")


def change(office) -> None:
    """a change is a new version with its ground, and the older one can be seen as of its day (R2.1)"""
    browser = office.browser
    office.go("/sources/%s" % CODE)
    browser.follow("变更")
    browser.fill("联系电话", "0000-0000002")
    browser.fill("入库或变更的依据", "来函更正")
    browser.press("保存")
    browser.says("变更已保存为新的一版")
    browser.says("第 2 版")
    browser.says("来函更正")
    office.show("source-changed")
    browser.follow("核实无误")
    office.show("source-confirm")
    browser.press("确认核实")
    browser.says("已记下今天核实")


def leave(office) -> None:
    """who is of municipal level stays, and may leave when it is closed (R2.2)"""
    browser = office.browser
    office.go("/sources/%s" % CODE)
    browser.follow("退出名录")
    browser.fill("理由和依据", "停产")
    browser.press("确认退出")
    browser.says("不能退出")
    office.show("source-must-stay")
    office.go("/sources/%s/edit" % CODE)
    browser.choose("状态", "关闭")
    browser.fill("入库或变更的依据", "关停文件1号")
    browser.press("保存")
    browser.says("变更已保存为新的一版")
    browser.follow("退出名录")
    browser.fill("理由和依据", "关停文件1号")
    browser.press("确认退出")
    browser.says("已经退出名录库")
    office.show("source-left")


def look(office) -> None:
    """who left is found among those who left; an official list is held against the register; an export comes (R2.2)"""
    browser = office.browser
    office.go("/sources")
    browser.says("没有符合条件的污染源")
    browser.unfold("更多条件")
    browser.choose("在库情况", "已退出")
    browser.press("搜索")
    browser.says(NAME)
    office.show("sources-left")
    browser.follow("导出当前结果")
    assert browser.downloaded(".xlsx").startswith(b"PK")
    office.go("/sources/key")
    office.show("key")
    office.go("/sources/quality")
    office.show("quality")
    for login in ["leader", "planner"]:
        office.people.become(login)
        office.go("/sources/%s" % CODE)
        assert "退出名录" not in browser.text("main"), "%s is offered what is not theirs" % login
