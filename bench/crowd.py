"""Whether anything is lost when many write at once, and when everything is killed while they do.

    .venv/bin/python -m bench.crowd [--writers 16] [--readers 4] [--posts 20] [--comments 50] [--kills 5]
                                    [--postgres]

On a site of its own in a temporary folder, served as bin/run serves it. First --writers members publish --posts posts
each while --readers read: no request may fail, and every post must be there once. Then one form is sent ten times at
once: one post. Then eight members say --comments things each about one post: their numbers run from 1 without a gap,
and `recount` finds nothing wrong. Then, --kills times, everything is ended by SIGKILL while 8 write; what was
acknowledged must be there when the site is back, and the database whole. Prints the figures; exit status 1 when
something failed or was lost.
"""

import argparse
import contextlib
import http.client
import json
import os
import secrets
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from .servers import ROOT, free_port

PATIENCE = 90
KILL_WRITERS = TALKERS = 8
RESTART_LIMIT = 15  # seconds
WRITE_LIMIT = 2  # seconds, p95
READ_PATHS = ("/", "/blog/", "/search/?q=samples", "/browse/")
SEED = """
import json, sys
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone
from commons.tagging.models import Principle, ServiceSector
from profiles.models import Member

def session_of(number):
    now = timezone.now()
    member = Member.objects.create_user(
        f"crowd{number}@example.org", f"Sample member {number}", confirmed_at=now, approved_at=now
    )
    member.trust_address()
    session = SessionStore()
    session[SESSION_KEY] = str(member.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = member.get_session_auth_hash()
    session.save()
    return session.session_key

print(json.dumps({
    "sessions": [session_of(number) for number in range(COUNT)],
    "principle": Principle.objects.order_by("order").first().pk,
    "sector": ServiceSector.objects.order_by("order").first().pk,
}))
"""
LOOK = """
import json
from collections import Counter
from django.db import connection
from blog.models import Post
from commons.contributions.models import Contribution, Revision
from commons.search.models import SearchEntry

titles = Counter(Contribution.objects.values_list("title", flat=True))
whole = True
if connection.vendor == "sqlite":
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        whole = cursor.fetchone() == ("ok",)
        cursor.execute("PRAGMA foreign_key_check")
        whole = whole and cursor.fetchone() is None
posts, rows = Post.objects.count(), Contribution.objects.filter(kind="blog").count()
published = Contribution.objects.filter(kind="blog", status="published").count()
print(json.dumps({
    "titles": titles,
    "integrity": whole,
    "every post whole": posts == rows == Revision.objects.filter(number=1, contribution__kind="blog").count(),
    "every post findable": SearchEntry.objects.filter(kind="blog").count() == published,
}))
"""
# What is kept of the conversation on the oldest post, and where one can join it.
TALK = """
import json
from commons.contributions.models import Comment, Contribution
from commons.contributions.recounting import recount

post = Contribution.objects.filter(kind="blog", reach=2).order_by("pk").first()
numbers = list(Comment.objects.on(post.pk).order_by("position").values_list("position", flat=True))
print(json.dumps({
    "path": f"/contributions/{post.pk}/comments/",
    "dense": numbers == list(range(1, len(numbers) + 1)),
    "count": len(numbers),
    "recount": list(recount()),
}))
"""


class Site:
    """A site in `folder` on a port of its own; `surroundings` are settings by name."""

    def __init__(self, folder, **surroundings):
        self.folder, self.port = Path(folder), free_port()
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
        self.environment = kept | {
            "NETWORK_DATA": str(folder),
            "PORT": str(self.port),
            "DJANGO_SETTINGS_MODULE": "network.settings",
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            "NETWORK_POST_RATE": "0",
            **surroundings,
        }
        self.log = self.folder / "output.log"
        self.process = None

    def python(self, code):
        """Run code with Django set up and return what its last line says, as JSON."""
        done = subprocess.run(  # noqa: S603 -- our own code
            [sys.executable, "-c", f"import django; django.setup()\n{code}"],
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(done.stderr[-2000:])
        return json.loads(done.stdout.splitlines()[-1])

    def start(self, *, whole=True):
        """Start web server and worker (not `whole`: the web server alone); return the seconds until it answers."""
        server = ["-m", "gunicorn", "-c", "network/gunicorn.py", "network.wsgi"]
        began = time.monotonic()
        with open(self.log, "a") as log:
            self.process = subprocess.Popen(  # noqa: S603 -- our own programs
                [sys.executable, *(["bin/support/serve.py"] if whole else server)],
                env=self.environment,
                cwd=ROOT,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        while time.monotonic() - began < PATIENCE:
            with contextlib.suppress(OSError, http.client.HTTPException):
                if request(self.port, "/healthz")[0] == 200:
                    return time.monotonic() - began
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise RuntimeError(f"the site does not start: {self.log.read_text()[-2000:]}")

    def kill(self):
        """End everything that works for this site, at once and without a warning."""
        mine = self._processes()
        while mine:
            for number in mine:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(number, signal.SIGKILL)
            if self.process is not None:
                self.process.wait()
                self.process = None
            time.sleep(0.05)
            mine = self._processes()

    def _processes(self):
        """Return the ids of what works with this site's folder. (What has ended shows no surroundings any more.)"""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                mine = f"NETWORK_DATA={self.folder}".encode() in (folder / "environ").read_bytes().split(
                    b"\0"
                )
                if mine and int(folder.name) != os.getpid():
                    found.append(int(folder.name))
        return found


def request(port, path, fields=None, session="", token="a" * 32):
    """Send one request, a form when `fields` are given; return (status, Location or "", body)."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        cookie = f"csrftoken={token}" + (f"; sessionid={session}" if session else "")
        headers = {"Cookie": cookie} if session or fields else {}
        body = None
        if fields is not None:
            body = urlencode([*fields, ("csrfmiddlewaretoken", token)])
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request("POST" if fields is not None else "GET", path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.headers.get("Location", ""), answer.read()
    finally:
        connection.close()


@dataclass
class Crowd:
    """Members who write at the same time, and what came of it."""

    site: Site
    sessions: list
    terms: list
    acknowledged: list = field(default_factory=list)  # titles
    seconds: list = field(default_factory=list)  # of each acknowledged write
    failed: list = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)

    @classmethod
    def gather(cls, site, count):
        """Let `count` members join, all signed in."""
        made = site.python(SEED.replace("COUNT", str(count)))
        return cls(site, made["sessions"], [("principles", made["principle"]), ("sectors", made["sector"])])

    def form(self, title, form_key=""):
        typed = [
            ("title", title),
            ("body", "Words of samples, for nobody to read."),
            ("audience", "everyone"),
        ]
        return [*typed, *self.terms, ("do", "publish"), ("form_key", form_key)]

    def write(self, session, posts, name):
        """Publish one post after the other until there are enough, or all was stopped."""
        for number in range(posts):
            if self.stopped.is_set():
                return
            title = f"Sample {name} {number} {secrets.token_hex(4)}"
            began = time.monotonic()
            try:
                status, location, _body = request(self.site.port, "/blog/new/", self.form(title), session)
            except (OSError, http.client.HTTPException) as error:
                self.failed.append(f"write: {type(error).__name__}")
                continue
            if status == 302 and location.startswith("/blog/"):
                self.acknowledged.append(title)
                self.seconds.append(time.monotonic() - began)
            else:
                self.failed.append(f"write: {status}")

    def read(self):
        """Read one page after the other until all was stopped."""
        number = 0
        while not self.stopped.is_set():
            number += 1
            try:
                status = request(self.site.port, READ_PATHS[number % len(READ_PATHS)])[0]
            except (OSError, http.client.HTTPException) as error:
                status = type(error).__name__
            if status != 200:
                self.failed.append(f"read: {status}")

    def write_and_read(self, writers, readers, posts):
        """Let `writers` write `posts` each while `readers` read; return how long that took."""
        began = time.monotonic()
        reading = self._start(self.read, [()] * readers)
        writing = self._start(self.write, [(self.sessions[n], posts, n) for n in range(writers)])
        _join(writing)
        self.stopped.set()
        _join(reading)
        self.stopped.clear()
        return time.monotonic() - began

    def send_ten_times(self):
        """Send one form ten times at once; return the set of (status, where it leads)."""
        key, answers = secrets.token_hex(16), []
        form = self.form(f"Sample sent ten times {key}", form_key=key)
        gate = threading.Barrier(10)

        def send():
            gate.wait()
            answers.append(request(self.site.port, "/blog/new/", form, self.sessions[0])[:2])

        _join(self._start(send, [()] * 10))
        return key, set(answers)

    def talk(self, comments):
        """Let eight members say so much each about one post; return the faults."""
        path = self.site.python(TALK)["path"]
        writing = self._start(self._say, [(self.sessions[n], path, comments) for n in range(TALKERS)])
        _join(writing)
        found = self.site.python(TALK)
        faults = [f"recount: {sentence}" for sentence in found["recount"]]
        if not found["dense"]:
            faults.append("the numbers of comments have gaps")
        if found["count"] != TALKERS * comments:
            faults.append(f"{found['count']} comments instead of {TALKERS * comments}")
        return faults

    def _say(self, session, path, comments):
        for number in range(comments):
            fields = [
                ("body", f"Sample words {number}, for nobody to read."),
                ("form_key", str(uuid.uuid4())),
            ]
            try:
                status = request(self.site.port, path, fields, session)[0]
            except (OSError, http.client.HTTPException) as error:
                status = type(error).__name__
            if status not in (302, 303):
                self.failed.append(f"comment: {status}")

    def write_until_killed(self, seconds, writers=KILL_WRITERS):
        """Let many write, and kill everything after some seconds."""
        writing = self._start(self.write, [(self.sessions[n], 10**6, f"k{n}") for n in range(writers)])
        time.sleep(seconds)
        self.stopped.set()  # no new ones: those on their way are killed with the site
        self.site.kill()
        _join(writing)
        self.stopped.clear()
        self.failed.clear()

    def look(self):
        """Return what is wrong: posts that are lost or doubled, and a database that is not whole."""
        found = self.site.python(LOOK)
        lost = [title for title in self.acknowledged if found["titles"].get(title, 0) != 1]
        doubled = [title for title, times in found["titles"].items() if times > 1]
        faults = [f"lost: {title}" for title in lost] + [f"doubled: {title}" for title in doubled]
        return faults + [
            name for name in ("integrity", "every post whole", "every post findable") if not found[name]
        ]

    def p95(self):
        """Return the seconds within which 95 of 100 acknowledged writes were answered."""
        return statistics.quantiles(self.seconds, n=20)[-1]

    @staticmethod
    def _start(what, arguments):
        threads = [threading.Thread(target=what, args=given, daemon=True) for given in arguments]
        for thread in threads:
            thread.start()
        return threads


def _join(threads):
    for thread in threads:
        thread.join(PATIENCE * 2)
        if thread.is_alive():
            raise RuntimeError("a request was never answered")


def run(options, **surroundings):
    """Go through all of it on one site; return the faults."""
    with tempfile.TemporaryDirectory(prefix="network-crowd-") as folder:
        static = {"STATIC_ROOT": str(Path(folder) / "static")}
        site = Site(folder, **static, **surroundings)
        faults = []
        try:
            say(f"first start: {site.start():.1f} s")
            crowd = Crowd.gather(site, max(options.writers, KILL_WRITERS))
            took = crowd.write_and_read(options.writers, options.readers, options.posts)
            faults += crowd.failed + crowd.look()
            say(
                f"{options.writers} writers, {options.readers} readers: "
                f"{len(crowd.acknowledged)} posts in {took:.1f} s, "
                f"median {statistics.median(crowd.seconds):.2f} s, p95 {crowd.p95():.2f} s (limit {WRITE_LIMIT} s), "
                f"{len(faults)} faults"
            )
            _key, answers = crowd.send_ten_times()
            if len(answers) != 1 or next(iter(answers))[0] != 302:
                faults.append(f"one form sent ten times was answered with {answers}")
            say(f"one form ten times at once: {len(answers)} answer(s)")
            if options.comments:
                began = time.monotonic()
                wrong = crowd.talk(options.comments) + crowd.failed
                crowd.failed.clear()
                faults += wrong
                say(
                    f"{TALKERS} members say {options.comments} things each: {time.monotonic() - began:.1f} s, "
                    f"{len(wrong)} faults"
                )
            for number in range(options.kills):
                before = len(crowd.acknowledged)
                crowd.write_until_killed(1.5 + number % 5 * 0.4)
                wrong = crowd.look()
                again = site.start()
                if again > RESTART_LIMIT:
                    wrong.append(f"restart took {again:.1f} s")
                faults += wrong
                say(
                    f"kill {number + 1}: {len(crowd.acknowledged) - before} acknowledged before it, "
                    f"{len(wrong)} faults, back in {again:.1f} s"
                )
            faults += crowd.look()
        finally:
            site.kill()
    return faults


def say(words):
    print(words, flush=True)  # noqa: T201


def main():
    """Run as told by the command line and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    for name, default in (("writers", 16), ("readers", 4), ("posts", 20), ("comments", 50), ("kills", 5)):
        parser.add_argument(f"--{name}", type=int, default=default, metavar="N")
    parser.add_argument("--postgres", action="store_true", help="on a throwaway PostgreSQL")
    options = parser.parse_args()
    with contextlib.ExitStack() as stack:
        surroundings = {}
        if options.postgres:
            sys.path.insert(0, str(ROOT / "bin/support"))
            import postgres

            surroundings["DATABASE_URL"] = stack.enter_context(postgres.cluster(postgres.find_programs()))
        faults = run(options, **surroundings)
    for fault in faults[:20]:
        say(f"  {fault}")
    say("nothing failed, nothing lost" if not faults else f"{len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
