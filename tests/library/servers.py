"""Real servers on 127.0.0.1 that answer as a test tells them, and the certificates that some of them show."""

import contextlib
import datetime
import socket
import ssl
import threading

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


def redirect(to, status=302):
    return f"HTTP/1.1 {status} Elsewhere\r\nLocation: {to}\r\n\r\n".encode()


class Server:
    """Answers each connection in a thread of its own; `asked` are the heads of the requests, as text.

    `answer` is what is sent after a request, or a function of (connection, head) that sends it; with `greets` it is
    sent before there is one.
    """

    def __init__(self, answer=OK, *, certificate=None, greets=False):
        self.answer, self.greets, self.asked = answer, greets, []
        self.context = None
        if certificate:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(certificate)
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_how):
        # On Linux closing does not wake up who waits in accept(), shutting down does.
        self.listening.shutdown(socket.SHUT_RDWR)
        self.listening.close()

    @property
    def methods(self):
        return [head.split(" ", 1)[0] for head in self.asked]

    def _serve(self):
        while True:
            try:
                connection, _address = self.listening.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection):
        with contextlib.suppress(OSError), connection:
            if self.context:
                connection = self.context.wrap_socket(connection, server_side=True)
            with connection:
                if self.greets:
                    connection.sendall(self.answer)
                    return
                head = b""
                while b"\r\n\r\n" not in head:
                    piece = connection.recv(4096)
                    if not piece:
                        return
                    head += piece
                self.asked.append(head.decode())
                if callable(self.answer):
                    self.answer(connection, head.decode())
                else:
                    connection.sendall(self.answer)


class Authority:
    """A certificate authority of the tests' own; `trust` is an SSLContext that believes it alone."""

    def __init__(self, folder):
        self.folder = folder
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test authority")])
        own = self._certificate(self.name, self.key.public_key(), is_authority=True)
        (folder / "authority.pem").write_bytes(own.public_bytes(serialization.Encoding.PEM))
        self.trust = ssl.create_default_context(cafile=folder / "authority.pem")

    def certificate(self, host, *, days=1):
        """Return the path of a file with a key and a certificate for `host`, which ends in so many days."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test site")])
        made = self._certificate(name, key.public_key(), host=host, days=days)
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        path = self.folder / f"{host}{days}.pem"
        path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
        return path

    def _certificate(self, name, public_key, *, host="", days=1, is_authority=False):
        now = datetime.datetime.now(datetime.UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self.name)
            .public_key(public_key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=30))
            .not_valid_after(now + datetime.timedelta(days=days))
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        )
        if host:
            builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        return builder.sign(self.key, hashes.SHA256())
