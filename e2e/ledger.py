"""The ledger through the pages of who audits."""


def verify(office) -> None:
    """the audit administrator sees what was done, verifies the whole ledger, and proves one entry"""
    browser = office.browser
    office.people.become("audit")
    office.go("/audit")
    browser.says("示例局长（leader）")
    office.show("audit")
    browser.press("核对全部账本")
    browser.says("账本完好")
    office.show("audit-verified")
    office.go("/audit")
    browser.follow("查看")
    browser.says("与校验点相符")
    office.show("audit-entry")
    office.go("/ledger")
    office.show("ledger")
