"""The people of the office: setting up, accounts, signing in and out.

Never makes an account by a way that people do not go.
"""

PASSWORD = "Made up, 12 or more"

# Name, login, department, role; the inspector's certificate is the last.
PEOPLE = [
    ("示例系统", "system", "", "系统管理员", ""),
    ("示例计划", "planner", "办公室", "计划员", ""),
    ("示例大队", "brigade", "环境监察大队", "监察大队", ""),
    ("示例局长", "leader", "", "局领导", ""),
    ("示例执法", "inspector", "环境监察大队", "执法人员", "9908000001"),
    ("示例审计", "audit", "", "审计管理员", ""),
]


class People:
    """Steps, and signing in for the others."""

    def __init__(self, office) -> None:
        self.office, self.browser = office, office.browser
        self.now = ""

    def become(self, login: str) -> None:
        """Signs in as somebody, and out as whoever was before."""
        if self.now == login:
            return
        self.browser.forget()
        self.office.go("/sign-in")
        self.browser.fill("登录名", login)
        self.browser.fill("口令", PASSWORD)
        self.browser.press("登录")
        self.office.title("待办")
        self.now = login

    def set_up(self) -> None:
        """the printed link sets up the bureau, once"""
        browser, link = self.browser, self.office.server.setup
        browser.open(link)
        self.office.show("set-up")
        browser.fill("机关名称", "示例县生态环境分局")
        browser.fill("机关代号", "410899-EEB")
        browser.fill("你的姓名", "示例安全")
        browser.fill("登录名", "security")
        browser.fill("口令", PASSWORD)
        browser.fill("再输一遍口令", PASSWORD + "!")
        browser.press("完成设置")
        browser.says("两次输入的口令不一样")
        assert browser.value("机关名称") == "示例县生态环境分局", "what was typed is lost"
        self.office.show("set-up-mistake")
        browser.fill("口令", PASSWORD)
        browser.fill("再输一遍口令", PASSWORD)
        browser.press("完成设置")
        self.office.title("待办")
        browser.says("安全管理员")
        self.office.show("first-page")
        browser.open(link)
        browser.says("这个链接已经用过")
        self.office.show("link-is-used")
        self.now = "security"

    def make_accounts(self) -> None:
        """the security administrator gives everybody an account, and each sets a password by the link"""
        for person, login, department, role, certificate in PEOPLE:
            link = self.added(person, login, department, role, certificate)
            self.browser.forget()
            self.browser.open(link)
            if login == "planner":
                self.office.show("invitation")
            self.browser.fill("新口令", PASSWORD)
            self.browser.fill("再输一遍", PASSWORD)
            self.browser.press("保存并登录")
            self.office.title("待办")
            self.browser.says(role)
            self.now = login
        self.become("security")
        self.office.go("/accounts")
        self.browser.says("账号共 %d 个" % (len(PEOPLE) + 1))
        self.office.show("accounts")

    def added(self, person: str, login: str, department: str, role: str, certificate: str) -> str:
        browser = self.browser
        self.become("security")
        self.office.go("/accounts")
        browser.follow("新增账号")
        browser.fill("姓名", person)
        if login == "planner":
            browser.fill("登录名", "Planner 1")
            browser.press("保存")
            browser.says("需要改正")
            assert browser.value("姓名") == person, "what was typed is lost"
            self.office.show("account-mistakes")
        browser.fill("登录名", login)
        if department:
            browser.choose("部门", department)
        browser.tick("角色", role)
        if certificate:
            browser.fill("执法证编号", certificate)
        if login == "planner":
            self.office.show("account-new")
        browser.press("保存")
        browser.says("请交给本人")
        if login == "planner":
            self.office.show("account-link")
        return browser.text("pre")

    def sign_in_and_out(self) -> None:
        """a wrong password is refused, a right one leads where one wanted to go, and after signing out nothing opens"""
        browser = self.browser
        browser.forget()
        self.office.go("/sources?q=abc")
        self.office.title("登录")
        self.office.show("sign-in")
        browser.fill("登录名", "brigade")
        browser.fill("口令", "Not the password 1")
        browser.press("登录")
        browser.says("登录名或口令不对")
        self.office.show("sign-in-mistake")
        browser.fill("口令", PASSWORD)
        browser.press("登录")
        self.office.title("污染源")
        assert browser.here().endswith("/sources?q=abc"), browser.here()
        browser.press("退出登录")
        self.office.title("登录")
        self.office.go("/sources")
        self.office.title("登录")
        self.now = ""
        self.become("audit")
        self.office.go("/sources")
        browser.says("没有")
        self.office.show("forbidden")

    def restart(self) -> None:
        """after a restart everybody is still signed in and everything is still there"""
        self.become("brigade")
        self.office.go("/sources")
        before = self.browser.text("main")
        old = self.office.server.url
        self.office.server.restart()
        cookies = self.browser.ask("GET", "/cookie")
        assert cookies, "the session is gone"
        # The port is a new one, and to a browser another port is the same site as far as cookies go.
        assert self.office.server.url != old
        self.office.go("/sources")
        assert self.browser.text("main") == before
