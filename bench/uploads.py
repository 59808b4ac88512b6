"""How much memory a web process takes while a large file is uploaded and fetched again.

    .venv/bin/python -m bench.uploads [--megabytes 200]      (or bin/bench --uploads)

On a site of its own in a temporary folder, served as bin/run serves it, by one process. A small file is sent first, so
that all that is loaded once is there. Then a text of --megabytes comes in, is published, and is fetched by a visitor,
whole and from its middle. What counts is the most memory that the process ever held meanwhile (VmHWM, which the kernel
keeps), beside what it held before; a file's content is checked in a process of its own, which is another matter. Prints
the figures; exit status 1 when a step took more than 50 MB or an answer was not the right one.
"""

import argparse
import http.client
import os
import secrets
import sys
import tempfile
from pathlib import Path

from .crowd import SEED, Site

MEGABYTE = 1024 * 1024
MOST_MORE = 50  # MB
LINE = b"A line of words that mean nothing, so that nobody reads them.\r\n"
BLOCK = (LINE * (MEGABYTE // len(LINE) + 1))[:MEGABYTE]
NEW = "/library/documents/new/"


class Form:
    """A form with one file, made as it is sent."""

    def __init__(self, fields, megabytes):
        self.boundary = secrets.token_hex(16)
        parts = [
            f'--{self.boundary}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n'
            for n, v in fields
        ]
        self.beginning = (
            "".join(parts) + f'--{self.boundary}\r\nContent-Disposition: form-data; name="files"; '
            'filename="sample.txt"\r\nContent-Type: text/plain\r\n\r\n'
        ).encode()
        self.end = f"\r\n--{self.boundary}--\r\n".encode()
        self.megabytes = megabytes

    def __len__(self):
        return len(self.beginning) + self.megabytes * MEGABYTE + len(self.end)

    def __iter__(self):
        yield self.beginning
        for _number in range(self.megabytes):
            yield BLOCK
        yield self.end


def main(arguments):
    parser = argparse.ArgumentParser("python -m bench.uploads")
    parser.add_argument("--megabytes", type=int, default=200)
    wanted = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="network-uploads-") as folder:
        settings = {"WEB_CONCURRENCY": "1", "NETWORK_FILE_MB": str(wanted.megabytes + 1)}
        site = Site(folder, **settings, STATIC_ROOT=f"{folder}/static")
        site.python(MIGRATE)
        made = site.python(SEED.replace("COUNT", "1"))
        site.start(whole=False)
        try:
            faults = measure(site, made, wanted.megabytes)
        finally:
            site.kill()
    for fault in faults:
        print(fault, file=sys.stderr)  # noqa: T201
    return 1 if faults else 0


def measure(site, made, megabytes):
    """Upload and fetch; print what each step took and return what was wrong."""
    faults = []
    process = worker_of(site.process.pid)
    fields = [
        ("title", "A sample"),
        ("body", "Words of samples, for nobody to read."),
        ("audience", "everyone"),
        ("principles", made["principle"]),
        ("sectors", made["sector"]),
        ("do", "publish"),
        ("csrfmiddlewaretoken", "a" * 32),
    ]
    upload(site, made["sessions"][0], Form(fields, 1))
    found = site.python(LATEST)
    fetch(site, found["path"])

    def step(name, what, expected):
        before = forget_peak(process)
        answer = what()
        more = memory(process, "VmHWM") - before
        print(f"{name}: {before:.0f} MB before, {more:.1f} MB more at most")  # noqa: T201
        if answer != expected:
            faults.append(f"{name}: {answer} instead of {expected}")
        if more > MOST_MORE:
            faults.append(f"{name}: {more:.1f} MB more, {MOST_MORE} are allowed")

    whole = megabytes * MEGABYTE
    step(
        f"uploading {megabytes} MB",
        lambda: upload(site, made["sessions"][0], Form(fields, megabytes)),
        302,
    )
    path = site.python(LATEST)["path"]
    step(f"fetching {megabytes} MB", lambda: fetch(site, path), (200, whole))
    step("fetching its second half", lambda: fetch(site, path, whole // 2), (206, whole - whole // 2))
    return faults


MIGRATE = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
print("null")
"""
LATEST = """
import json
from commons.files.models import StoredFile
print(json.dumps({"path": StoredFile.objects.latest("pk").get_absolute_url()}))
"""


def upload(site, session, form):
    """Send a form and return the status of the answer."""
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=600)
    try:
        connection.request(
            "POST",
            NEW,
            iter(form),
            {
                "Cookie": f"csrftoken={'a' * 32}; sessionid={session}",
                "Content-Type": f"multipart/form-data; boundary={form.boundary}",
                "Content-Length": str(len(form)),
            },
        )
        return connection.getresponse().status
    finally:
        connection.close()


def fetch(site, path, first=0):
    """Fetch a file from a byte on; return the status and how many bytes came."""
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=600)
    try:
        connection.request("GET", path, headers={"Range": f"bytes={first}-"} if first else {})
        answer = connection.getresponse()
        came = 0
        while some := answer.read(MEGABYTE):
            came += len(some)
        return answer.status, came
    finally:
        connection.close()


def worker_of(master):
    """Return the id of the one process that answers for a gunicorn."""
    (found,) = [
        int(stat.parent.name) for stat in Path("/proc").glob("[0-9]*/stat") if _parent(stat) == master
    ]
    return found


def _parent(stat):
    try:
        return int(stat.read_text().rpartition(")")[2].split()[1])
    except OSError:  # it ended meanwhile
        return None


def forget_peak(process):
    """Let the kernel count a process's peak anew; return the megabytes that it holds now."""
    Path(f"/proc/{process}/clear_refs").write_text("5")
    return memory(process, "VmRSS")


def memory(process, name):
    """Return a line of /proc/<id>/status, such as VmRSS, in megabytes."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(f"{name}:")).split()[1]) / 1024


if __name__ == "__main__":
    os.umask(0o027)
    sys.exit(main(sys.argv[1:]))
