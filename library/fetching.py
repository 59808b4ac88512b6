"""Asking a public web address whether it is still there, without letting anybody make us ask something else.

Who shares a link chooses what this server connects to. So the name is resolved here, an IP address that is not public
is refused, and the connection goes to exactly the one that was looked at; each redirect is treated the same. Only the
head of an answer is ever read, and there is a time for all of it. Proxies that the environment names are not asked.
"""

import ipaddress
import re
import socket
import ssl
import threading
import time
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from django.conf import settings

from .addresses import PORTS

CONNECT_SECONDS = 5
ALL_SECONDS = 15
MOST_REDIRECTS = 5
MOST_BYTES = 64 * 1024  # of the head of an answer; the rest is not read at all
MOST_INTERIM = 10  # heads such as "103 Early Hints" before the one that counts
USUAL_PORTS = frozenset(PORTS.values())
MOST_TRIED = 3  # IP addresses of one name
NAT64 = ipaddress.ip_network("64:ff9b::/96")
# What Python calls global in some of its releases, and is not, or leads into some IPv4 network.
NOT_PUBLIC = [
    ipaddress.ip_network(network)
    for network in ("100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "64:ff9b:1::/48", "2001::/23", "2002::/16",
                    "fec0::/10")
]  # fmt: skip
STATUS_LINE = re.compile(rb"HTTP/1\.[01] ([1-9][0-9]{2})(?: .*)?\Z")
HEAD_END = re.compile(rb"\r?\n\r?\n")
HOST = re.compile(r"[a-z0-9._-]+\Z|[0-9a-f:.]+\Z")


class Unreachable(Exception):
    """No answer came that tells anything; `problem` is a value of models.Problem."""

    def __init__(self, problem):
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True)
class Answer:
    """What a server said first: its status, and where it leads if that is a redirect."""

    status: int
    location: str = ""


def is_public(address):
    """Whether an IP address (as text) belongs to one machine on the public internet."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if found in NAT64:
        found = ipaddress.ip_address(int(found) & 0xFFFFFFFF)
    if getattr(found, "ipv4_mapped", None) is not None or not found.is_global:
        return False
    return not (found.is_multicast or found.is_reserved or any(found in network for network in NOT_PUBLIC))


def resolve(host, port):
    """Return the IP addresses of a name, as the system's resolver gives them. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return list(dict.fromkeys(entry[4][0] for entry in found))


class Fetcher:
    """Asks one address after the other.

    The arguments are for tests, whose servers are not public: `resolve(host, port)` gives the IP addresses of a name,
    `may_ask(address)` says which of these are asked, `ports` at which ports; `context` is an ssl.SSLContext.
    """

    def __init__(
        self,
        *,
        resolve=resolve,
        may_ask=is_public,
        ports=USUAL_PORTS,
        context=None,
        seconds=ALL_SECONDS,
    ):
        self.resolve, self.may_ask, self.ports, self.seconds = resolve, may_ask, ports, seconds
        self._context = context

    @cached_property
    def context(self):
        return self._context or ssl.create_default_context()

    def ask(self, url):
        """Return the HTTP status with which `url`, or what it leads to, answers. Raises Unreachable.

        HEAD is tried first, in half of the time. A server that does not like it is asked by GET, for a small part.
        """
        begun = time.monotonic()
        try:
            status = self._follow("HEAD", url, begun + self.seconds / 2)
            if status < 400:
                return status
        except Unreachable as trouble:
            if trouble.problem not in {"timeout", "no-web-server", "redirects"}:
                raise
        return self._follow("GET", url, begun + self.seconds)

    def _follow(self, method, url, deadline):
        for _hop in range(MOST_REDIRECTS + 1):
            answer = self._once(method, url, deadline)
            if not (300 <= answer.status < 400 and answer.location):
                return answer.status
            try:
                url = urljoin(url, answer.location)
                parts = urlsplit(url)
                followed = parts.scheme in PORTS and parts.hostname and _port(parts) in self.ports
            except ValueError:
                raise Unreachable("no-web-server") from None
            if not followed:
                return answer.status  # to a mail program, say: it answers, and we look no further
        raise Unreachable("redirects")

    def _once(self, method, url, deadline):
        """Ask one address, at an IP address that its name has now."""
        parts = urlsplit(url)
        host, port = _host(parts), _port(parts)
        if port not in self.ports:
            raise Unreachable("not-public")
        request = _request(method, parts, host)
        trouble = Unreachable("not-public")
        public = [address for address in self._resolved(host, port, deadline) if self.may_ask(address)]
        for address in public[:MOST_TRIED]:
            try:
                with _connected(address, port, deadline) as connection:
                    return self._talk(connection, parts.scheme, host, request, deadline)
            except Unreachable as again:
                trouble = again
        raise trouble

    def _resolved(self, host, port, deadline):
        """Return the IP addresses of a name, asked for in a thread: the system's resolver knows no deadline."""
        found = []

        def look():
            try:
                found.append(self.resolve(host, port))
            except (OSError, UnicodeError):
                found.append([])

        looking = threading.Thread(target=look, daemon=True)
        looking.start()
        looking.join(min(CONNECT_SECONDS, _left(deadline)))
        if not found or not found[0]:
            raise Unreachable("no-name")
        return found[0]

    def _talk(self, connection, scheme, host, request, deadline):
        try:
            if scheme == "http":
                return _answer(connection, request, deadline)
            connection.settimeout(_left(deadline))
            with self.context.wrap_socket(connection, server_hostname=host) as secure:
                return _answer(secure, request, deadline)
        except TimeoutError:
            raise Unreachable("timeout") from None
        except ssl.SSLError:
            raise Unreachable("not-secure") from None
        except OSError:
            raise Unreachable("no-web-server") from None


def _left(deadline):
    """Return the seconds that are left. Raises Unreachable when there are none."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise Unreachable("timeout")
    return left


def _port(parts):
    return parts.port or PORTS[parts.scheme]


def _host(parts):
    """Return the host of an address in ASCII. Raises Unreachable where no such name can be."""
    try:
        host = parts.hostname.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise Unreachable("no-name") from None
    if not HOST.match(host):
        raise Unreachable("no-name")
    return host


def _request(method, parts, host):
    """Return a request, as bytes, that says who asks and carries nothing else along."""
    target = quote(urlunsplit(("", "", parts.path or "/", parts.query, "")), safe="!$&'()*+,;=:@/?%[]~")
    named = f"[{host}]" if ":" in host else host
    lines = [
        f"{method} {target} HTTP/1.1",
        f"Host: {named}" if _port(parts) == PORTS[parts.scheme] else f"Host: {named}:{_port(parts)}",
        f"User-Agent: {user_agent()}",
        "Accept: */*",
        *(["Range: bytes=0-1023"] if method == "GET" else []),
        "Connection: close",
    ]
    return "\r\n".join([*lines, "", ""]).encode("ascii")


def user_agent():
    """Return how we introduce ourselves: the network's name, and where to find who asks."""
    name = settings.NETWORK_NAME.replace("’", "'").encode("ascii", "ignore").decode()
    return f"LinkCheck/1.0 ({re.sub(r'[^ -~]|[()]', '', name)}; +{settings.SITE_URL})"


def _connected(address, port, deadline):
    """Return a socket that is connected to exactly this IP address."""
    connection = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
    try:
        connection.settimeout(min(CONNECT_SECONDS, _left(deadline)))
        connection.connect((address, port))
    except BaseException as trouble:
        connection.close()
        if isinstance(trouble, TimeoutError):
            raise Unreachable("timeout") from None
        if isinstance(trouble, ConnectionRefusedError):
            raise Unreachable("refused") from None
        if isinstance(trouble, OSError):
            raise Unreachable("unreachable") from None
        raise
    return connection


def _answer(connection, request, deadline):
    """Send a request and return the Answer, read no further than its head."""
    connection.settimeout(_left(deadline))
    connection.sendall(request)
    received, looked_at = b"", 0
    for _interim in range(MOST_INTERIM):
        while (end := HEAD_END.search(received, max(0, looked_at - 3))) is None:
            looked_at = len(received)
            if len(received) >= MOST_BYTES:
                raise Unreachable("no-web-server")
            connection.settimeout(_left(deadline))
            piece = connection.recv(MOST_BYTES - len(received))
            if not piece:
                raise Unreachable("no-web-server")
            received += piece
        answer, received = _read(received[: end.start()]), received[end.end() :]
        looked_at = 0
        if answer.status >= 200:
            return answer
    raise Unreachable("no-web-server")


def _read(head):
    status, *lines = head.split(b"\n")
    found = STATUS_LINE.match(status.rstrip(b"\r"))
    if found is None:
        raise Unreachable("no-web-server")
    headers = (line.partition(b":") for line in lines)
    places = [value.strip() for name, _colon, value in headers if name.strip().lower() == b"location"]
    return Answer(int(found[1]), places[0].decode("utf-8", "replace") if places else "")
