"""How gunicorn serves the site: `gunicorn -c network/gunicorn.py network.wsgi`, which bin/run does.

Two processes of four threads suit SQLite, which has one writer at a time, and a machine of two cores.
"""

import os
import re
from pathlib import Path

from gunicorn.glogging import Logger

# Paths that hold a secret in place of a name: a reset key, an unguessable file, an unsubscribe token.
_SECRETIVE = re.compile(r"^((?:/[a-z]{2})?/(?:accounts|appeals|files|invitations|unsubscribe)/).+")


class DiscreetLogger(Logger):
    """Writes what was asked for, not by whom: no address, no query, no secret in a path."""

    def atoms(self, resp, req, environ, request_time):
        """Return what a line of the access log may name."""
        atoms = super().atoms(resp, req, environ, request_time)
        atoms["U"] = _SECRETIVE.sub(r"\1…", atoms["U"] or "-")
        return atoms


bind = f"127.0.0.1:{os.environ.get('PORT') or 8000}"
worker_class = "gthread"
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
accesslog = "-"
access_log_format = '%(t)s %(m)s "%(U)s" %(s)s %(B)s bytes %(M)s ms'
