"""Asking an address that a stranger chose: what is asked, what never is, and how long it can take.

Against real servers on 127.0.0.1. Names are resolved by the test, which also says that 127.0.0.1 may be asked here; all
else is as in production.
"""

import socket
import threading

import pytest

from library.fetching import MOST_BYTES, Fetcher, Unreachable, is_public, user_agent
from tests.library.servers import OK, Authority, Server, redirect

HOST = "site.example.org"
HERE = {HOST: ["127.0.0.1"], "other.example.org": ["127.0.0.1"]}


class Names:
    """A resolver that answers from a table and remembers what it was asked; lists are taken one by one."""

    def __init__(self, table):
        self.table, self.asked = table, []

    def __call__(self, host, port):
        self.asked.append(host)
        found = self.table.get(host, [host] if host[0].isdigit() else None)
        if found is None:
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return found(len(self.asked)) if callable(found) else found


def fetcher(*servers, names=None, seconds=20, **more):
    """A Fetcher that may ask these servers, and no other place that is not public."""
    return Fetcher(
        resolve=names or Names(HERE),
        may_ask=lambda address: address == "127.0.0.1" or is_public(address),
        ports={server.port for server in servers} | {80, 443},
        seconds=seconds,
        **more,
    )


def address(server, path="/", host=HOST, scheme="http"):
    return f"{scheme}://{host}:{server.port}{path}"


def problem_of(fetching, url):
    with pytest.raises(Unreachable) as caught:
        fetching.ask(url)
    return caught.value.problem


def test_it_asks_for_the_head_and_says_who_asks(settings):
    with Server() as server:
        assert fetcher(server).ask(address(server, "/a%20b?c=d")) == 200
    assert server.asked == [
        f"HEAD /a%20b?c=d HTTP/1.1\r\nHost: {HOST}:{server.port}\r\nUser-Agent: {user_agent()}\r\n"
        "Accept: */*\r\nConnection: close\r\n\r\n"
    ]
    assert user_agent() == f"LinkCheck/1.0 (Co-production Practitioners' Network; +{settings.SITE_URL})"


@pytest.mark.parametrize("status", [403, 404, 405, 500, 501])
def test_a_server_that_does_not_like_head_is_asked_for_a_small_part(status):
    def answer(connection, head):
        connection.sendall(f"HTTP/1.1 {status} No\r\n\r\n".encode() if head.startswith("HEAD") else OK)

    with Server(answer) as server:
        assert fetcher(server).ask(address(server)) == 200
    assert server.methods == ["HEAD", "GET"]
    assert "Range: bytes=0-1023\r\n" in server.asked[1]


def test_a_server_that_hangs_up_at_head_is_asked_again():
    with Server(lambda connection, head: connection.sendall(b"" if "HEAD" in head[:4] else OK)) as server:
        assert fetcher(server).ask(address(server)) == 200


@pytest.mark.parametrize("status", [200, 204, 304, 401, 403, 404, 410, 429, 503, 999])
def test_the_status_is_what_the_server_says(status):
    with Server(f"HTTP/1.1 {status} Whatever\r\n\r\n".encode()) as server:
        assert fetcher(server).ask(address(server)) == status


def test_no_proxy_is_asked(monkeypatch):
    with Server() as server, Server(b"HTTP/1.1 418 A proxy\r\n\r\n") as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert fetcher(server).ask(address(server)) == 200
    assert proxy.asked == []


# --- what is never asked ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "private",
    ["0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254",  # noqa: S104
     "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1",
     "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "::", "::1",
     "::ffff:127.0.0.1", "::ffff:8.8.8.8", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "100::1",
     "2001::1", "2001:db8::1", "2002:7f00:1::", "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1",
     "ff02::1", "localhost", ""],
)  # fmt: skip
def test_an_address_that_is_not_public_is_not_asked(private):
    assert is_public(private) is False
    names = Names({HOST: [private]})
    assert problem_of(Fetcher(resolve=names), f"http://{HOST}/") == "not-public"


@pytest.mark.parametrize(
    "public", ["8.8.8.8", "193.0.6.139", "2001:67c:2e8:22::c100:68b", "64:ff9b::808:808"]
)
def test_a_public_one_may_be_asked(public):
    assert is_public(public) is True


@pytest.mark.parametrize(
    "written", ["127.0.0.1", "127.1", "2130706433", "0x7f.1", "0177.0.0.1", "[::1]", "localhost"]
)
def test_however_our_own_machine_is_written_it_is_not_asked(written):
    """By the system's own resolver, which understands all of these."""
    with Server() as server:
        fetching = Fetcher(ports={server.port})
        assert problem_of(fetching, f"http://{written}:{server.port}/") in {"not-public", "no-name"}
    assert server.asked == []


@pytest.mark.parametrize(
    "to",
    ["http://10.0.0.1/", "http://169.254.169.254/latest/meta-data/", "http://[::1]/", "http://[::ffff:7f00:1]/",
     "//192.168.0.1/", "http://inside.example.org/", "https://inside.example.org/"],
)  # fmt: skip
def test_a_redirect_to_a_place_that_is_not_public_is_not_followed(to):
    names = Names(
        {**HERE, "inside.example.org": ["10.1.2.3"], "::1": ["::1"], "::ffff:7f00:1": ["::ffff:127.0.0.1"]}
    )
    with Server(redirect(to)) as server:
        assert problem_of(fetcher(server, names=names), address(server)) == "not-public"
    assert server.methods == ["HEAD"]


def test_a_redirect_to_this_very_machine_is_not_followed():
    """The first server may be asked only by its name's address; the second stands for anything that listens here."""
    with Server() as inside, Server(redirect(f"http://127.0.0.2:{inside.port}/")) as server:
        assert problem_of(fetcher(server, inside), address(server)) == "not-public"
    assert inside.asked == []


def test_a_name_that_changes_its_mind_is_asked_where_it_was_looked_at():
    """DNS rebinding: a name that is public when it is looked at and private when it is connected to."""
    with Server() as server:
        names = Names({HOST: lambda times: ["127.0.0.1"] if times == 1 else ["10.0.0.1"]})
        assert fetcher(server, names=names).ask(address(server)) == 200
        assert names.asked == [HOST]  # once for one connection: nothing resolves it a second time
        assert problem_of(fetcher(server, names=names), address(server)) == "not-public"
    assert len(server.asked) == 1


def test_a_name_that_changes_its_mind_between_two_hops_is_looked_at_anew():
    names = Names({HOST: lambda times: ["127.0.0.1"] if times == 1 else ["127.0.0.9"]})
    with Server(redirect("/again")) as server:
        assert problem_of(fetcher(server, names=names), address(server)) == "not-public"
    assert len(server.asked) == 1


def test_of_a_name_s_addresses_the_public_ones_alone_are_asked():
    with Server() as server:
        names = Names({HOST: ["10.0.0.1", "169.254.169.254", "127.0.0.1"]})
        assert fetcher(server, names=names).ask(address(server)) == 200


@pytest.mark.parametrize(
    "to", ["ftp://other.example.org/", "mailto:a@example.org", "file:///etc/passwd", "gopher://127.0.0.1/",
           "http://127.0.0.1:6379/", "http://other.example.org:22/", "javascript:alert(1)"],
)  # fmt: skip
def test_where_no_web_server_is_usual_we_look_no_further(to):
    with Server(redirect(to)) as server:
        assert fetcher(server).ask(address(server)) == 302
    assert len(server.asked) == 1


def test_only_the_usual_ports_are_asked():
    with Server() as server:
        fetching = Fetcher(resolve=Names(HERE), may_ask=lambda address: True)
        assert problem_of(fetching, address(server)) == "not-public"
    assert server.asked == []


# --- redirects --------------------------------------------------------------------------------------


def test_five_redirects_are_followed_and_no_cookie_with_them():
    def answer(connection, head):
        number = int(head.split(" ")[1].removeprefix("/") or 0)
        cookie = b"HTTP/1.1 302 On\r\nSet-Cookie: a=b\r\nLocation: /%d\r\n\r\n" % (number + 1)
        connection.sendall(cookie if number < 5 else OK)

    with Server(answer) as server:
        assert fetcher(server).ask(address(server)) == 200
    assert [head.split(" ")[1] for head in server.asked] == ["/", "/1", "/2", "/3", "/4", "/5"]
    assert not any("Cookie" in head for head in server.asked)


def test_a_loop_ends():
    with Server(redirect("/")) as server:
        assert problem_of(fetcher(server), address(server)) == "redirects"
    assert server.methods == ["HEAD"] * 6 + ["GET"] * 6


def test_a_redirect_names_another_host_by_its_name():
    with Server() as there, Server(redirect(address(there, "/x", host="other.example.org"))) as server:
        assert fetcher(server, there).ask(address(server)) == 200
    assert f"Host: other.example.org:{there.port}\r\n" in there.asked[0]


@pytest.mark.parametrize(
    "to",
    ["http://[", "http://a b/", "http://" + "a" * 70 + ".org/", "http://x.org:99999/", "http://\xff\xfe/"],
)
def test_a_place_that_is_no_address_is_no_error_of_ours(to):
    with Server(redirect(to)) as server:
        assert problem_of(fetcher(server), address(server)) in {"no-web-server", "no-name"}


def test_what_a_redirect_holds_can_not_add_to_the_next_request():
    with Server(lambda connection, head: connection.sendall(
        redirect("/x y%0d%0aX: 1\tz\x0b\xe9") if head.startswith("HEAD / ") else OK
    )) as server:  # fmt: skip
        assert fetcher(server).ask(address(server)) == 200
    assert server.asked[1].split("\r\n")[0] == "HEAD /x%20y%0d%0aX:%201z%0B%C3%A9 HTTP/1.1"


# --- servers that do their worst --------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [b"", b"\r\n\r\n", b"HTTP/1.1 abc Odd\r\n\r\n", b"HTTP/1.1 20\r\n\r\n", b"HTTP/1.1 2000 OK\r\n\r\n",
     b"HTTP/1.1 099 OK\r\n\r\n", b"ICY 200 OK\r\n\r\n", b"HTTP/3.7 200 OK\r\n\r\n", b"SSH-2.0-OpenSSH\r\n\r\n",
     b"<html>Hello</html>", b"HTTP/1.1 200", b"\x00" * 500, b"HTTP/1.1 -200 OK\r\n\r\n",
     b"HTTP/1.1 100 Continue\r\n\r\n" * 30],
)  # fmt: skip
def test_what_is_no_web_server(said):
    with Server(said) as server:
        assert problem_of(fetcher(server), address(server)) == "no-web-server"


@pytest.mark.parametrize("said", [b"HTTP/1.0 200\r\n\r\n", b"HTTP/1.1 200 OK\n\n", b"HTTP/1.1 200 \xff\xfe\r\n\r\n",
                                  b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + OK])  # fmt: skip
def test_what_is_one_all_the_same(said):
    with Server(said) as server:
        assert fetcher(server).ask(address(server)) == 200


def pour(start, piece):
    """Return an answer that never ends, and a list that holds how many bytes were taken from it."""
    taken = []

    def answer(connection, _head):
        connection.sendall(start)
        sent = 0
        try:
            while sent < 100 * MOST_BYTES:
                sent += connection.send(piece)
        finally:
            taken.append(sent)

    return answer, taken


def test_a_flood_of_headers_is_read_no_further_than_agreed():
    answer, taken = pour(b"HTTP/1.1 200 OK\r\n", b"X-Flood: 1\r\n" * 500)
    with Server(answer) as server:
        assert problem_of(fetcher(server), address(server)) == "no-web-server"
    assert all(sent < 100 * MOST_BYTES for sent in taken)


def test_a_huge_body_is_not_read():
    answer, taken = pour(OK, b"x" * 60_000)
    with Server(answer) as server:
        assert fetcher(server).ask(address(server)) == 200
    assert all(sent < 100 * MOST_BYTES for sent in taken)


def drip(connection, _head):
    """A slow loris: one byte now and then, for ever."""
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while not never.wait(0.01):
        connection.sendall(b"x")


never = threading.Event()


@pytest.mark.parametrize("answer", [drip, lambda connection, head: never.wait()])
def test_a_server_that_takes_its_time_does_not_get_ours(answer):
    with Server(answer) as server:
        assert problem_of(fetcher(server, seconds=0.5), address(server)) == "timeout"


def test_a_resolver_that_takes_its_time_does_not_get_ours():
    fetching = Fetcher(resolve=lambda host, port: never.wait(), seconds=0.2)
    assert problem_of(fetching, f"http://{HOST}/") in {"no-name", "timeout"}


def test_nobody_there():
    with Server() as server:
        pass
    assert problem_of(fetcher(server), address(server)) == "refused"
    assert problem_of(fetcher(), "http://nobody.example.org/") == "no-name"


# --- secure connections -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("certificates"))


def test_a_certificate_is_looked_at_by_the_name_and_not_by_the_address(authority):
    with Server(certificate=authority.certificate(HOST)) as server:
        fetching = fetcher(server, context=authority.trust)
        assert fetching.ask(address(server, scheme="https")) == 200
        assert problem_of(fetching, address(server, host="other.example.org", scheme="https")) == "not-secure"


def test_one_that_has_ended_or_that_nobody_vouches_for_is_not_believed(authority, tmp_path):
    stranger = Authority(tmp_path)
    for certificate in (authority.certificate(HOST, days=-1), stranger.certificate(HOST)):
        with Server(certificate=certificate) as server:
            fetching = fetcher(server, context=authority.trust)
            assert problem_of(fetching, address(server, scheme="https")) == "not-secure"
        assert server.asked == []


def test_without_a_context_of_the_tests_only_the_system_s_authorities_are_believed(authority):
    with Server(certificate=authority.certificate(HOST)) as server:
        assert problem_of(fetcher(server), address(server, scheme="https")) == "not-secure"


def test_what_speaks_no_tls_is_not_secure(authority):
    with Server(greets=True) as server:
        assert (
            problem_of(fetcher(server, context=authority.trust), address(server, scheme="https"))
            == "not-secure"
        )


def test_a_handshake_that_takes_its_time_does_not_get_ours(authority):
    silent = socket.create_server(("127.0.0.1", 0))
    with silent:
        fetching = Fetcher(
            resolve=Names(HERE),
            may_ask=lambda address: True,
            ports={silent.getsockname()[1]},
            context=authority.trust,
            seconds=0.5,
        )
        assert problem_of(fetching, f"https://{HOST}:{silent.getsockname()[1]}/") == "timeout"
