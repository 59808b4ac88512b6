"""bin/run keeps a web server and a worker together, and says in one line what hinders it."""

import json
import os
import signal
import socket

from bench.servers import free_port

from .conftest import wait_until


def lines(text):
    return text.strip().splitlines()


# --- running --------------------------------------------------------------------------------------
def test_a_started_site_answers_and_says_what_a_newcomer_needs(machine):
    site = machine.start("bin/run").is_running()
    assert machine.get("/healthz") == (200, "tiny, DEBUG=False")
    manage = f"NETWORK_DATA='{machine.data}' '{machine.clone}/bin/manage' createsuperuser"
    assert lines(site.output)[-4:] == [
        f"The site is running at http://127.0.0.1:{machine.port}/",
        f"  The first administrator is made with: {manage}",
        f"  Outgoing e-mail can be read in {machine.data}/mail",
        "  Ctrl-C stops it",
    ]


def test_the_public_address_and_the_mail_server_are_named_when_set(machine):
    site = machine.start(
        "bin/run", SITE_URL="https://example.org", EMAIL_URL="smtp://localhost:25"
    ).is_running()
    assert (
        f"The site is running at https://example.org (here: http://127.0.0.1:{machine.port}/)" in site.output
    )
    assert "Outgoing e-mail goes to the server in EMAIL_URL" in site.output


def test_the_password_of_a_database_is_not_printed(machine):
    site = machine.start("bin/run", DATABASE_URL="postgres://user:secret@localhost/name").is_running()
    assert "The first administrator is made with: DATABASE_URL=... NETWORK_DATA=" in site.output
    assert "secret" not in site.output


def test_a_signal_during_the_first_installation_ends_that_too(machine_with, tiny_clone):
    (tiny_clone / ".venv").unlink()
    machine = machine_with(tiny_clone)
    site = machine.start("bin/run")
    site.says("creating .venv")
    assert site.end() == 143
    assert machine.processes() == {}


def test_sigterm_and_ctrl_c_leave_no_process(machine):
    for by in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        site = machine.start("bin/run").is_running()
        assert machine.process("run_worker")
        assert site.end(by) == 0
        assert machine.processes() == {}
        assert lines(site.output)[-1] == "bin/run: stopped"


def test_a_killed_command_leaves_no_process(machine):
    site = machine.start("bin/run").is_running()
    site.end(signal.SIGKILL)
    wait_until(lambda: not machine.processes())


def test_a_second_signal_does_not_wait_for_a_stubborn_program(machine):
    site = machine.start("bin/run", TINY_WORKER="stubborn").is_running()
    wait_until(lambda: (machine.data / "worker_starts").exists())
    site.process.send_signal(signal.SIGTERM)
    wait_until(lambda: not machine.process("gunicorn"))
    assert machine.process("run_worker")
    site.process.send_signal(signal.SIGTERM)
    assert site.ends() == 0
    assert machine.processes() == {}


def test_a_dead_web_server_stops_the_site(machine):
    site = machine.start("bin/run").is_running()
    os.kill(machine.process("gunicorn"), signal.SIGKILL)
    assert site.ends() == 1
    assert (
        lines(site.output)[-1] == "bin/run: the web server stopped by itself (signal SIGKILL): the site stops"
    )
    assert machine.processes() == {}


def test_a_dead_worker_is_started_again(machine):
    site = machine.start("bin/run").is_running()
    first = machine.process("run_worker")
    os.kill(first, signal.SIGKILL)
    site.says("the background worker stopped by itself (signal SIGKILL); starting it again in 1 s")
    assert wait_until(lambda: machine.process("run_worker")) != first
    assert machine.get("/")[0] == 200


def test_a_worker_that_keeps_dying_stops_the_site(machine):
    site = machine.start("bin/run", TINY_WORKER="dying")
    assert site.ends() == 1
    assert (
        lines(site.output)[-1]
        == "bin/run: the background worker keeps stopping (exit status 3): the site stops"
    )
    assert len(lines((machine.data / "worker_starts").read_text())) == 4
    assert machine.processes() == {}


def test_dev_turns_on_debug_pages(machine):
    machine.start("bin/run", "--dev").is_running()
    assert machine.get("/") == (200, "tiny, DEBUG=True")
    assert machine.process("runserver")
    assert machine.process("run_worker")


def test_static_files_are_collected_once_for_the_same_sources(machine):
    collected = machine.home.parent / "static/tiny.css"
    machine.start("bin/run").is_running().end()
    assert collected.exists()
    collected.unlink()
    machine.start("bin/run").is_running().end()
    assert not collected.exists()
    (machine.clone / "static/tiny.css").write_text("body { color: navy; }")
    machine.start("bin/run").is_running().end()
    assert collected.read_text() == "body { color: navy; }"


def test_the_data_folder_is_closed_to_others(machine):
    machine.start("bin/run").is_running()
    assert machine.data.stat().st_mode & 0o777 == 0o750


UNREADABLE = {
    b"GET /?" + b"q" * 9000 + b" HTTP/1.1\r\nHost: a\r\n\r\n": 414,
    b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 9000 + b"\r\n\r\n": 431,
    b"GET / HTTP/1.1\r\nbad header: <script>\r\n\r\n": 400,
    b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: ten\r\n\r\n": 400,
    b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n": 400,
    b"<script>alert(1)</script>\r\n\r\n": 400,
    b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n": 400,
}


def test_what_cannot_be_read_as_http_is_answered_plainly(machine):
    """The server's own answer has our headers, quotes nothing of what was sent and logs nobody's address."""
    site = machine.start("bin/run", SITE_URL="https://example.org").is_running()
    for sent, status in UNREADABLE.items():
        with socket.create_connection(("127.0.0.1", machine.port)) as connection:
            connection.sendall(sent)
            answer = b"".join(iter(lambda c=connection: c.recv(65536), b"")).decode()
        head, _blank, words = answer.partition("\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in lines(head)[1:])
        assert head.startswith(f"HTTP/1.1 {status} "), sent[:80]
        assert headers["Content-Type"] == "text/plain; charset=utf-8"
        assert headers["Content-Security-Policy"].startswith("default-src 'none'; ")
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Strict-Transport-Security"] == "max-age=31536000"
        assert "Server" not in headers
        assert words.startswith("This ")
        assert "script" not in words
    wait_until(lambda: site.output.count("unreadable request") == len(UNREADABLE))
    assert "script" not in site.output
    own = [line for line in lines(site.output) if "gunicorn.error" in line]
    assert {json.loads(line)["level"] for line in own} == {"INFO"}
    assert "127.0.0.1" not in "".join(line for line in own if "unreadable" in line)


def test_what_a_proxy_claims_is_not_believed_by_the_server(machine):
    """Whether X-Forwarded-Proto counts is for the site's own TRUST_PROXY to say."""
    (machine.clone / "network/urls.py").write_text(
        "from django.http import HttpResponse\nfrom django.urls import re_path\n"
        "urlpatterns = [re_path('', lambda request: HttpResponse(request.build_absolute_uri()))]\n"
    )
    machine.start("bin/run").is_running()
    with socket.create_connection(("127.0.0.1", machine.port)) as connection:
        connection.sendall(
            b"GET /a/ HTTP/1.0\r\nHost: 127.0.0.1\r\nX-Forwarded-Proto: https\r\n"
            b"SCRIPT_NAME: /elsewhere\r\nConnection: close\r\n\r\n"
        )
        answer = b"".join(iter(lambda: connection.recv(65536), b"")).decode()
    assert answer.split("\r\n\r\n")[1] == "http://127.0.0.1/a/"


# --- two sites ------------------------------------------------------------------------------------
def test_two_sites_run_side_by_side(machine, machine_with):
    other = machine_with(machine.clone, "other machine")
    machine.start("bin/run").is_running()
    other.start("bin/run").is_running()
    assert machine.get("/healthz") == other.get("/healthz") == (200, "tiny, DEBUG=False")


def test_a_second_site_in_the_same_folder_is_refused(machine):
    site = machine.start("bin/run").is_running()
    said = machine.refuses("bin/run", PORT=str(free_port()))
    assert lines(said) == [
        f"bin/run: a site is already running in {machine.data} "
        f"(process {site.process.pid}, port {machine.port}); "
        "stop it first, or give this one a folder of its own with NETWORK_DATA"
    ]
    assert machine.get("/healthz")[0] == 200


def test_a_taken_port_gives_one_line(machine):
    with socket.create_server(("127.0.0.1", machine.port)):
        said = machine.refuses("bin/run")
    other = machine.port + 1
    assert lines(said) == [
        f"bin/run: port {machine.port} is taken; choose another, for example: PORT={other} bin/run"
    ]


# --- what hinders ---------------------------------------------------------------------------------
def test_an_unusable_port_gives_one_line(machine):
    for port in ("eighty", "0", "65536", "-1", "²"):
        said = machine.refuses("bin/run", PORT=port)
        assert lines(said) == [f"bin/run: PORT must be a number from 1 to 65535, not {port!r}"]


def test_an_unwritable_folder_gives_one_line(machine):
    below = machine.home / "file" / "data"
    below.parent.write_text("a file where a folder is needed")
    for command in ("bin/run", "bin/manage"):
        said = machine.refuses(command, NETWORK_DATA=str(below))
        assert lines(said) == [f"{command}: cannot write to NETWORK_DATA ({below}): not a directory"]


def test_an_unwritable_static_folder_gives_one_line(machine):
    below = machine.home / "file" / "static"
    below.parent.write_text("a file where a folder is needed")
    said = machine.refuses("bin/run", STATIC_ROOT=str(below))
    assert lines(said) == [f"bin/run: cannot write to STATIC_ROOT ({below}): not a directory"]


def test_an_unusable_database_gives_one_line(machine):
    machine.data.joinpath("tiny.sqlite3").mkdir(parents=True)
    said = machine.refuses("bin/run")
    assert lines(said) == ["bin/run: the database cannot be used: unable to open database file"]


def test_an_unknown_argument_gives_one_line(machine):
    said = machine.refuses("bin/run", "--fast", "now")
    assert lines(said) == ["bin/run: unknown argument --fast now; see bin/run --help"]


def test_help_names_the_settings(machine):
    answer = machine.run("bin/run", "--help")
    assert answer.returncode == 0
    assert "$PORT" in answer.stdout
    assert "--dev" in answer.stdout
