"""Requests a second of a running server, asked over a few open connections.

A page and the floor take turns, so that whatever else the machine does hits both alike. As it never does
quite, the processor time that each took is measured too.
"""

import socket
import threading
import time
from dataclasses import dataclass

CONNECTIONS = 4
ROUNDS = 3


class Asker:
    """One connection that asks for the same page again and again, reading no more of an answer than it must."""

    def __init__(self, port, path, cookie=""):
        self.port = port
        fields = [
            f"GET {path} HTTP/1.1",
            f"Host: 127.0.0.1:{port}",
            *([f"Cookie: {cookie}"] if cookie else []),
        ]
        self.request = "\r\n".join([*fields, "", ""]).encode()
        self.connection = None

    def ask(self):
        """Ask once. Raises RuntimeError unless the answer is a 200."""
        if self.connection is None:
            self.connection = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        self.connection.sendall(self.request)
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._receive()
        head, _, body = received.partition(b"\r\n\r\n")
        head = head.lower()
        if b" 200 " not in head.partition(b"\r\n")[0]:
            raise RuntimeError(f"{self.request.split()[1]} answered {head[:40]}")
        missing = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0]) - len(body)
        while missing > 0:
            missing -= len(self._receive())
        if b"connection: close" in head:
            self.close()

    def _receive(self):
        some = self.connection.recv(262_144)
        if not some:
            raise RuntimeError("the server closed the connection in the middle of an answer")
        return some

    def close(self):
        if self.connection is not None:
            self.connection.close()
            self.connection = None


@dataclass(frozen=True)
class Target:
    """A page of a server, as it is asked for."""

    server: object
    path: str
    cookie: str = ""


@dataclass
class Load:
    """How many answers came in how many seconds, and how much processor time they took the server."""

    answers: int = 0
    seconds: float = 0.0
    processor: float = 0.0

    @property
    def rate(self):
        """Requests a second."""
        return self.answers / self.seconds

    @property
    def cost(self):
        """Seconds of processor time a request."""
        return self.processor / self.answers


def burst(target, seconds, load):
    """Ask over all connections for so long, and add what came of it to `load`."""
    answers = [0] * CONNECTIONS
    troubles = []
    before, began = target.server.processor_time(), time.perf_counter()
    until = began + seconds

    def work(number):
        asker = Asker(target.server.port, target.path, target.cookie)
        try:
            while time.perf_counter() < until:
                asker.ask()
                answers[number] += 1
        except Exception as trouble:  # told in the main thread
            troubles.append(trouble)
        finally:
            asker.close()

    threads = [threading.Thread(target=work, args=[number]) for number in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if troubles:
        raise troubles[0]
    load.answers += sum(answers)
    load.seconds += time.perf_counter() - began
    load.processor += target.server.processor_time() - before


def compare(page, floor, seconds):
    """Return the Loads of `page` and of `floor`, which are asked in turns."""
    loads = Load(), Load()
    for _ in range(ROUNDS):
        for target, load in zip((page, floor), loads, strict=True):
            burst(target, seconds, load)
    return loads
