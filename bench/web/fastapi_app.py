"""The list of sources as a minimal FastAPI: the same session, the same two queries, the same columns of the table.

Started by bench/web/run with `uvicorn fastapi_app:app`; DATABASE says where the data is.
"""

import hashlib
import json
import os
import time

import asyncpg
from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, select_autoescape

FOREVER = 2**63 - 1
app = FastAPI()
page = Environment(loader=FileSystemLoader(os.path.dirname(__file__)), autoescape=select_autoescape()).get_template("list.html")


@app.on_event("startup")
async def connect():
    app.state.pool = await asyncpg.create_pool(os.environ["DATABASE"], min_size=4, max_size=16)


async def actor(connection, request):
    token = hashlib.sha256(request.cookies.get("mingcha-session", "").encode()).hexdigest()
    row = await connection.fetchrow(
        "SELECT s.expires_at, s.ended_at, a.login, a.person, a.bureau, a.roles, b.name FROM sessions s "
        "JOIN accounts a ON a.login = s.login JOIN bureaus b ON b.code = a.bureau WHERE s.token = $1",
        token,
    )
    if row is None or row["ended_at"] or row["expires_at"] <= time.time() * 1e6:
        raise HTTPException(401)
    return row


@app.get("/sources", response_class=HTMLResponse)
async def sources(request: Request, q: str = "", level: str = "", page_number: int = 1, size: int = 20):
    number = int(request.query_params.get("page", 1))
    async with app.state.pool.acquire() as connection:
        who = await actor(connection, request)
        where, values = "bureau = $1 AND until_at = $2 AND inside = 1", [who["bureau"], FOREVER]
        if level:
            values.append(level)
            where += " AND level = $%d" % len(values)
        if q:
            values.append("%" + q.lower() + "%")
            where += " AND search LIKE $%d" % len(values)
        total = await connection.fetchval("SELECT COUNT(*) FROM source_versions WHERE " + where, *values)
        rows = await connection.fetch(
            "SELECT target, name, level, is_key, administration, status, licence_until, confirmed_on, missing, body "
            "FROM source_versions WHERE %s ORDER BY target LIMIT %d OFFSET %d" % (where, size, (number - 1) * size),
            *values,
        )
    shown = [dict(row, industry=(json.loads(row["body"])["industry"]["name"] or "")) for row in rows]
    return page.render(who=who, rows=shown, total=total, page=number, pages=-(-total // size), q=q, level=level)
