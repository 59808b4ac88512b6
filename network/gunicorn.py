"""How gunicorn serves the site: `gunicorn -c network/gunicorn.py network.wsgi`, which bin/run does.

Two processes of four threads suit SQLite, which has one writer at a time, and a machine of two cores.
"""

import logging
import os
import sys
from pathlib import Path

from gunicorn.glogging import Logger
from gunicorn.http import errors
from gunicorn.util import write_nonblock
from gunicorn.workers.gthread import ThreadWorker

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from network.log_lines import JsonLines

# What can't be read as HTTP never reaches Django: the same headers, so far as they mean anything here.
HEADERS = {
    "Connection": "close",
    "Content-Type": "text/plain; charset=utf-8",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
if (os.environ.get("SITE_URL") or "").startswith("https://"):
    HEADERS["Strict-Transport-Security"] = "max-age=31536000"
ANSWERS = {
    errors.LimitRequestLine: (414, "URI Too Long", "This address is too long."),
    errors.LimitRequestHeaders: (
        431,
        "Request Header Fields Too Large",
        "This comes with headers that are too large.",
    ),
    errors.ExpectationFailed: (417, "Expectation Failed", "This can't be expected of us."),
    errors.UnsupportedTransferCoding: (501, "Not Implemented", "This transfer coding is not known here."),
}
UNREADABLE = (400, "Bad Request", "This could not be read.")
OURS = (500, "Internal Server Error", "Something went wrong at our end.")


class DiscreetLogger(Logger):
    """The server's own lines, in the shape of all others. What was asked for is logged by the site itself (logs.py)."""

    def setup(self, cfg):
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(JsonLines())


class PlainWorker(ThreadWorker):
    """Answers what can't be read in plain words. By itself gunicorn quotes it, without headers, and logs from whom."""

    def handle_error(self, req, client, addr, exc):
        # A header that the site itself tried to send is not its sender's mistake.
        ours = isinstance(exc, (errors.InvalidResponseHeader, errors.InvalidResponseHeaderName))
        if ours or not isinstance(exc, errors.ParseException):
            status, reason, words = OURS
            self.log.error("a request could not be handled", exc_info=exc)
        else:
            status, reason, words = ANSWERS.get(type(exc), UNREADABLE)
            self.log.log(logging.INFO, "unreadable request: %s, answered %d", type(exc).__name__, status)
        head = "".join(f"{name}: {value}\r\n" for name, value in HEADERS.items())
        answer = f"HTTP/1.1 {status} {reason}\r\n{head}Content-Length: {len(words) + 1}\r\n\r\n{words}\n"
        try:
            write_nonblock(client, answer.encode("ascii"))
        except OSError:
            self.log.debug("nobody was there to be answered")


bind = f"127.0.0.1:{os.environ.get('PORT') or 8000}"
worker_class = PlainWorker
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
threads = 4
preload_app = True  # the code is loaded once and shared: a quicker start, and less memory
timeout = 60
graceful_timeout = 25
keepalive = 5
limit_request_line = 8190
control_socket_disable = True  # it lies in the home folder, where two sites would share it
if Path("/dev/shm").is_dir():  # noqa: S108 -- only the heartbeat of the workers, which must not wait for a disk
    worker_tmp_dir = "/dev/shm"  # noqa: S108

# What a proxy says is believed by Django alone, and only under TRUST_PROXY.
forwarded_allow_ips = ""
secure_scheme_headers = {}
forwarder_headers = ""

logger_class = DiscreetLogger
accesslog = None
