"""What one request costs inside the server's process: SQL statements, function calls, bytes."""

import cProfile
import pstats
from dataclasses import dataclass
from statistics import median

from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

HOST = "127.0.0.1"
WARM_UP = 3
TIMES = 5


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict
    body: bytes


@dataclass(frozen=True)
class Cost:
    """Medians of several requests. `not_modified` is the SQL of a 304, or None where the page gives none."""

    sql: int
    calls: int
    raw: int
    compressed: int
    not_modified: int | None
    statements: tuple = ()


def ask(application, path, **headers):
    """Return the Answer of a WSGI application to a GET."""
    environ = RequestFactory(SERVER_NAME=HOST, headers={"host": HOST, **headers}).get(path).environ
    if "cookie" in headers:
        environ["HTTP_COOKIE"] = headers["cookie"]
    began = {}

    def start_response(status, fields, _exception=None):
        began.update(status=int(status[:3]), headers=dict(fields))

    result = application(environ, start_response)
    try:
        body = b"".join(result)
    finally:
        result.close()
    return Answer(began["status"], began["headers"], body)


def cost_of(application, path, cookie=""):
    """Return the Cost of a page that answers 200. Raises RuntimeError when it does not."""
    headers = {"cookie": cookie} if cookie else {}
    for _ in range(WARM_UP):
        answer = ask(application, path, **headers)
        if answer.status != 200:
            raise RuntimeError(f"{path} answered {answer.status}")
    compressed = ask(application, path, **headers, **{"accept-encoding": "gzip"})
    counted = [_statements(application, path, headers) for _ in range(TIMES)]
    etag = answer.headers.get("ETag")
    return Cost(
        sql=int(median(map(len, counted))),
        calls=int(median(_calls(application, path, headers) for _ in range(TIMES))),
        raw=len(answer.body),
        compressed=len(compressed.body),
        not_modified=_not_modified(application, path, headers, etag) if etag else None,
        statements=tuple(counted[-1]),
    )


def _statements(application, path, headers):
    with CaptureQueriesContext(connection) as captured:
        ask(application, path, **headers)
    return [query["sql"] for query in captured.captured_queries]


def _calls(application, path, headers):
    profile = cProfile.Profile()
    profile.enable()
    ask(application, path, **headers)
    profile.disable()
    return pstats.Stats(profile).total_calls


def _not_modified(application, path, headers, etag):
    asked = {**headers, "if-none-match": etag}
    if ask(application, path, **asked).status != 304:
        raise RuntimeError(f"{path} has an ETag and does not answer 304 to it")
    return len(_statements(application, path, asked))
