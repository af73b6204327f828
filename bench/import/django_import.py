#!/usr/bin/env python3
"""Imports a workbook of sources with django-import-export in bulk mode into PostgreSQL, with a receipt of the wrong rows.

    django_import.py DATABASE FILE RECEIPT

What a careful developer would write: the same columns, check digits by python-stdnum, dates, words of closed lists, R2.2;
upserts by code, 1,000 rows a statement, unchanged rows skipped. Prints seconds and counts as `bench` line.
"""

import datetime
import sys
import time
from urllib.parse import urlsplit

import django
from django.conf import settings

parts = urlsplit(sys.argv[1])
settings.configure(
    INSTALLED_APPS=["import_export"],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.path[1:],
            "USER": parts.username,
            "HOST": parts.hostname,
            "PORT": parts.port,
        }
    },
    USE_TZ=True,
)
django.setup()

import tablib  # noqa: E402
from django.core.exceptions import ValidationError  # noqa: E402
from django.db import connection, models  # noqa: E402
from import_export import fields, resources, widgets  # noqa: E402
from openpyxl import Workbook, load_workbook  # noqa: E402
from openpyxl.styles import PatternFill  # noqa: E402
from stdnum.cn import uscc  # noqa: E402

LEVELS = ["国控", "省控", "市控", "县控", "一般"]
WORDS = {"控制级别": LEVELS, "管理方式": ["直管", "非直管"], "信用等级": ["A", "B", "C", "D"], "状态": ["正常", "停产", "关闭"]}


class Source(models.Model):
    """A source."""

    code = models.CharField(max_length=18, unique=True)
    name = models.CharField(max_length=200)
    licence = models.CharField(max_length=100, blank=True)
    licence_number = models.CharField(max_length=100, blank=True)
    approved_on = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    representative = models.CharField(max_length=100, blank=True)
    address = models.CharField(max_length=300, blank=True)
    telephone = models.CharField(max_length=50, blank=True)
    violations = models.TextField(blank=True)
    industry = models.CharField(max_length=100, blank=True)
    level = models.CharField(max_length=10, blank=True)
    is_key = models.CharField(max_length=2, blank=True)
    administration = models.CharField(max_length=10, blank=True)
    stations = models.IntegerField(null=True)
    credit = models.CharField(max_length=2, blank=True)
    status = models.CharField(max_length=10, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        app_label = "bench"


COLUMNS = {
    "code": "统一社会信用代码", "name": "企业名称", "licence": "许可证名称", "licence_number": "许可证编号",
    "approved_on": "批设时间", "valid_until": "有效期至", "representative": "法定代表人", "address": "机构地址",
    "telephone": "联系电话", "violations": "违法违规情况", "industry": "行业类别", "level": "控制级别",
    "is_key": "是否重点排污单位", "administration": "管理方式", "stations": "自动监控基站数", "credit": "信用等级",
    "status": "状态",
}


class Day(widgets.DateWidget):
    """A date as the file writes it."""

    def clean(self, value, row=None, **kwargs):
        if not value:
            return None
        try:
            return datetime.date.fromisoformat(str(value))
        except ValueError:
            raise ValidationError("“%s”不是真实的日期" % value) from None


class SourceResource(resources.ModelResource):
    """Columns, checks, bulk mode."""

    for _own, _title in COLUMNS.items():
        _widget = Day() if _own in ("approved_on", "valid_until") else widgets.IntegerWidget() if _own == "stations" else widgets.CharWidget()
        locals()[_own] = fields.Field(attribute=_own, column_name=_title, widget=_widget)

    class Meta:
        model = Source
        import_id_fields = ("code",)
        fields = tuple(COLUMNS)
        use_bulk = True
        batch_size = 1000
        skip_unchanged = True
        skip_diff = True
        report_skipped = False

    def before_import(self, dataset, **kwargs):
        self.known = {source.code: source for source in Source.objects.all()}

    def get_instance(self, instance_loader, row):
        return self.known.get(row[COLUMNS["code"]])

    def before_import_row(self, row, **kwargs):
        errors = []
        if not uscc.is_valid(row[COLUMNS["code"]] or ""):
            errors.append("统一社会信用代码校验不通过")
        for title, words in WORDS.items():
            if row.get(title) and row[title] not in words:
                errors.append("%s应为：%s" % (title, "、".join(words)))
        if row[COLUMNS["level"]] in LEVELS[:3] and row[COLUMNS["is_key"]] == "否":
            errors.append("市控及以上必须是重点排污单位")
        if errors:
            raise ValidationError("；".join(errors))


def receipt(dataset, result, path):
    """The wrong rows in the columns of the file, with the reason beside them."""
    book = Workbook(write_only=False)
    sheet = book.active
    sheet.append(["行号"] + dataset.headers + ["问题"])
    red = PatternFill("solid", fgColor="FFC7CE")
    wrong = [(row.number, str(row.error)) for row in result.invalid_rows]
    wrong += [(number, "；".join(str(error.error) for error in errors)) for number, errors in result.row_errors()]
    for number, reason in sorted(wrong):
        sheet.append([number] + list(dataset[number - 1]) + [reason])
        sheet.cell(sheet.max_row, len(dataset.headers) + 2).fill = red
    book.save(path)
    return len(wrong)


def main():
    _, _, file, path = sys.argv
    with connection.schema_editor() as editor:
        editor.create_model(Source)
    begun = time.perf_counter()
    rows = load_workbook(file, read_only=True).active.iter_rows(values_only=True)
    headers = list(next(rows))
    dataset = tablib.Dataset(*(tuple("" if cell is None else cell for cell in row) for row in rows), headers=headers)
    # First to see, then to do: as its admin does.
    SourceResource().import_data(dataset, dry_run=True, raise_errors=False, collect_failed_rows=False)
    result = SourceResource().import_data(dataset, dry_run=False, raise_errors=False)
    wrong = receipt(dataset, result, path)
    seconds = time.perf_counter() - begun
    print("bench seconds=%.3f new=%d wrong=%d" % (seconds, Source.objects.count(), wrong))


main()
