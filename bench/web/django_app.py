"""The list of sources as a minimal Django: the same session, the same two queries through its models, the same table.

Started by bench/web/run with `gunicorn django_app:application`; DATABASE says where the data is.
"""

import hashlib
import json
import os
import time
from urllib.parse import urlsplit

import django
from django.conf import settings

parts = urlsplit(os.environ["DATABASE"])
settings.configure(
    DEBUG=False,
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    SECRET_KEY="bench",
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.path[1:],
            "USER": parts.username,
            "HOST": parts.hostname,
            "PORT": parts.port,
            "CONN_MAX_AGE": None,
        }
    },
    TEMPLATES=[{"BACKEND": "django.template.backends.jinja2.Jinja2", "DIRS": [os.path.dirname(os.path.abspath(__file__))]}],
    MIDDLEWARE=["django.middleware.security.SecurityMiddleware", "django.middleware.common.CommonMiddleware"],
)
django.setup()

from django.core.paginator import Paginator  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection, models  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.shortcuts import render  # noqa: E402
from django.urls import path  # noqa: E402

FOREVER = 2**63 - 1


class Source(models.Model):
    """A version of a source, as the office keeps it."""

    target = models.TextField(primary_key=True)
    bureau = models.TextField()
    until_at = models.BigIntegerField()
    inside = models.BigIntegerField()
    name = models.TextField()
    level = models.TextField()
    is_key = models.BigIntegerField()
    administration = models.TextField()
    status = models.TextField()
    licence_until = models.TextField()
    confirmed_on = models.TextField()
    missing = models.BigIntegerField()
    search = models.TextField()
    body = models.TextField()

    class Meta:
        app_label = "bench"
        managed = False
        db_table = "source_versions"

    @property
    def industry(self):
        return json.loads(self.body)["industry"]["name"] or ""


def actor(request):
    token = hashlib.sha256(request.COOKIES.get("mingcha-session", "").encode()).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.expires_at, s.ended_at, a.login, a.person, a.bureau, a.roles, b.name FROM sessions s "
            "JOIN accounts a ON a.login = s.login JOIN bureaus b ON b.code = a.bureau WHERE s.token = %s",
            [token],
        )
        row = cursor.fetchone()
    if row is None or row[1] or row[0] <= time.time() * 1e6:
        return None
    return {"login": row[2], "person": row[3], "bureau": row[4], "name": row[6]}


def sources(request):
    who = actor(request)
    if who is None:
        return HttpResponse(status=401)
    found = Source.objects.filter(bureau=who["bureau"], until_at=FOREVER, inside=1).order_by("target")
    q, level = request.GET.get("q", ""), request.GET.get("level", "")
    if level:
        found = found.filter(level=level)
    if q:
        found = found.filter(search__contains=q.lower())
    page = Paginator(found, 20).get_page(request.GET.get("page", 1))
    context = {"who": who, "rows": page.object_list, "total": page.paginator.count, "page": page.number}
    return render(request, "list.html", dict(context, pages=page.paginator.num_pages, q=q, level=level))


urlpatterns = [path("sources", sources)]
application = get_wsgi_application()
