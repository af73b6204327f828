"""The list of inspection items through its pages (R1)."""

# What the program begins with, as drafts.
SHIPPED = {"ZDJK-01": "自动监控基站监督检查", "ZGZD-01": "直管重点污染源检查", "FZGZD-01": "非直管重点污染源检查"}


def publish(office) -> None:
    """the planner publishes the items that the program brings (R1, G1)"""
    browser = office.browser
    office.people.become("planner")
    office.go("/items")
    office.show("items-drafts")
    for code, name in SHIPPED.items():
        office.go("/items/" + code)
        office.title(name)
        if code == "ZGZD-01":
            office.show("item-draft")
        browser.press("公布")
        browser.says("已公布")
    office.show("item")
    office.go("/items")
    office.show("items")


def public(office) -> None:
    """anybody reads the published items and their checklists, without signing in (R1)"""
    browser = office.browser
    browser.forget()
    office.people.now = ""
    office.go("/public/items")
    for name in SHIPPED.values():
        browser.says(name)
    office.show("public-items")
    browser.follow(SHIPPED["ZGZD-01"])
    office.title(SHIPPED["ZGZD-01"])
    office.show("public-item")
