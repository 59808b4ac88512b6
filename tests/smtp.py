"""A small mail server for tests: it speaks enough SMTP to be sent to, and does what a test tells it."""

import contextlib
import socketserver
import threading
from dataclasses import dataclass, field


@dataclass
class Received:
    sender: str
    recipients: list = field(default_factory=list)
    content: bytes = b""


class MailServer(socketserver.ThreadingTCPServer):
    """Keeps what arrives in `received`. `answer(verb, line)` may give another reply than the usual one.

    `finish` is called before a message's last reply is sent, with the message already kept: what a slow
    or dying server does.
    """

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, port=0):
        self.received = []
        self.answer = lambda verb, line: None
        self.finish = lambda message: None
        self.connections = 0
        super().__init__(("127.0.0.1", port), _Conversation)

    @property
    def port(self):
        return self.server_address[1]

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.port}"

    def handle_error(self, request, client_address):
        """A client that goes away in mid-sentence is part of the tests."""


class _Conversation(socketserver.StreamRequestHandler):
    def handle(self):
        self.server.connections += 1
        self.reply("220 test")
        message = None
        for raw in self.rfile:
            line = raw.decode("utf-8", "replace").rstrip("\r\n")
            verb = line.split(" ", 1)[0].upper()
            other = self.server.answer(verb, line)
            if other:
                self.reply(other)
            elif verb == "MAIL":
                message = Received(_address(line))
                self.reply("250 ok")
            elif verb == "RCPT":
                message.recipients.append(_address(line))
                self.reply("250 ok")
            elif verb == "DATA":
                self.reply("354 go on")
                message.content = self.read_content()
                self.server.received.append(message)
                self.server.finish(message)
                self.reply("250 kept")
            elif verb == "QUIT":
                self.reply("221 bye")
                return
            else:
                self.reply("250 ok")

    def read_content(self):
        lines = []
        for line in self.rfile:
            if line == b".\r\n":
                break
            lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines)

    def reply(self, text):
        self.wfile.write(f"{text}\r\n".encode())


def _address(line):
    return line[line.index("<") + 1 : line.index(">")]


@contextlib.contextmanager
def mail_server(port=0):
    """Yield a MailServer that listens on a loopback port until the block ends."""
    with MailServer(port) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
