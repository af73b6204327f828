"""The registers through their imports: a file with mistakes, its receipt, the mended receipt (R3.1, R3.2, R4.1)."""

import io
import zipfile

from server import ROOT

SAMPLES = ROOT / "samples"
WRONG_LINES = 6


def lines(workbook: bytes) -> int:
    """How many lines the first sheet of an .xlsx has."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        return archive.read("xl/worksheets/sheet1.xml").count(b"<row ")


def send(office, register: str, name: str) -> None:
    browser = office.browser
    office.go("/imports")
    browser.follow("导入" + register)
    office.title("导入名录")
    browser.give("文件", SAMPLES / name)
    browser.press("上传并核对")
    office.title("核对并确认导入")


def group(browser, word: str) -> None:
    """Follows the tally of that word: its number stands before it."""
    browser.click(browser.by_words("[...document.querySelectorAll('a.tally')].find((own) => words(own).includes(arguments[0]))",
                                   "tally “%s”" % word, word))


def sources(office) -> None:
    """a register with mistakes is shown before anything changes, and what is right in it is taken (R3.1)"""
    browser = office.browser
    office.people.become("brigade")
    office.go("/imports")
    office.show("imports-none")
    browser.follow("导入污染源")
    office.show("import-new")
    send(office, "污染源", "污染源名录库.xlsx")
    browser.says("名录库还没有变化")
    office.show("import-wrong")
    group(browser, "新增")
    browser.says("新增的行")
    office.show("import-fresh")
    group(browser, "修正和提示")
    browser.says("已修正和请核对的内容")
    office.show("import-noted")
    browser.press("确认导入")
    office.title("导入结果")
    browser.says("已导入：新增")
    office.show("import-done")


def receipt(office) -> None:
    """the lines with mistakes come back as a receipt, and when they are mended the receipt is imported (R3.2)"""
    browser = office.browser
    browser.follow("下载回执")
    given = browser.downloaded(".xlsx")
    # One line of titles.
    assert lines(given) == WRONG_LINES + 1, "%d lines in the receipt" % lines(given)
    send(office, "污染源", "污染源名录库-回执-已改正.xlsx")
    office.show("import-mended")
    browser.press("确认导入")
    office.title("导入结果")
    browser.says("已导入：新增")
    office.go("/sources")
    office.show("sources")
    browser.fill("关键词", "秋实牧业")
    browser.press("搜索")
    browser.says("污染源共 1 个")
    browser.follow("示例县秋实牧业")
    office.show("source-imported")
    office.go("/imports")
    office.show("imports")


def inspectors(office) -> None:
    """the inspectors come by the same way (R4.1)"""
    browser = office.browser
    send(office, "执法检查人员", "执法检查人员名录库.xlsx")
    office.show("import-inspectors")
    browser.press("确认导入")
    office.title("导入结果")
    office.go("/inspectors")
    office.show("inspectors")
