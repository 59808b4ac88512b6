"""A score by the published table of the MDN HTTP Observatory, for one answer of a site under https.

The rules are those of github.com/mdn/mdn-http-observatory as of November 2026: src/analyzer/tests/*.js decide which
case an answer is, src/grader/charts.js (SCORE_TABLE) what a case is worth. Scores begin at 100, and bonuses
count only where the penalties leave 90 or more. What needs a certificate or the preload list is left out:
a test has neither, and without preloading HSTS is worth 0 at best.
"""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

TABLE = {
    # Content-Security-Policy
    "csp-implemented-with-no-unsafe-default-src-none": 10,
    "csp-implemented-with-no-unsafe": 5,
    "csp-implemented-with-unsafe-inline-in-style-src-only": 0,
    "csp-implemented-with-insecure-scheme-in-passive-content-only": -10,
    "csp-implemented-with-unsafe-eval": -10,
    "csp-implemented-with-unsafe-inline": -20,
    "csp-implemented-with-insecure-scheme": -20,
    "csp-header-invalid": -25,
    "csp-not-implemented": -25,
    # cookies
    "cookies-secure-with-httponly-sessions-and-samesite": 5,
    "cookies-secure-with-httponly-sessions": 0,
    "cookies-not-found": 0,
    "cookies-without-secure-flag-but-protected-by-hsts": -5,
    "cookies-session-without-secure-flag-but-protected-by-hsts": -10,
    "cookies-without-secure-flag": -20,
    "cookies-samesite-flag-invalid": -20,
    "cookies-anticsrf-without-samesite-flag": -20,
    "cookies-session-without-httponly-flag": -30,
    "cookies-session-without-secure-flag": -40,
    # cross-origin resource sharing
    "cross-origin-resource-sharing-not-implemented": 0,
    "cross-origin-resource-sharing-implemented-with-public-access": 0,
    "cross-origin-resource-sharing-implemented-with-restricted-access": 0,
    "cross-origin-resource-sharing-implemented-with-universal-access": -50,
    # redirection
    "redirection-to-https": 0,
    "redirection-not-needed-no-http": 0,
    "redirection-off-host-from-http": -5,
    "redirection-not-to-https-on-initial-redirection": -10,
    "redirection-not-to-https": -20,
    "redirection-missing": -20,
    # Referrer-Policy
    "referrer-policy-private": 5,
    "referrer-policy-not-implemented": 0,
    "referrer-policy-unsafe": -5,
    "referrer-policy-header-invalid": -5,
    # Strict-Transport-Security
    "hsts-implemented-max-age-at-least-six-months": 0,
    "hsts-implemented-max-age-less-than-six-months": -10,
    "hsts-not-implemented": -20,
    "hsts-header-invalid": -20,
    # subresource integrity
    "sri-implemented-and-all-scripts-loaded-securely": 5,
    "sri-implemented-and-external-scripts-loaded-securely": 5,
    "sri-not-implemented-response-not-html": 0,
    "sri-not-implemented-but-no-scripts-loaded": 0,
    "sri-not-implemented-but-all-scripts-loaded-from-secure-origin": 0,
    "sri-not-implemented-but-external-scripts-loaded-securely": -5,
    "sri-implemented-but-external-scripts-not-loaded-securely": -20,
    "sri-not-implemented-and-external-scripts-not-loaded-securely": -50,
    # X-Content-Type-Options
    "x-content-type-options-nosniff": 0,
    "x-content-type-options-not-implemented": -5,
    "x-content-type-options-header-invalid": -5,
    # X-Frame-Options
    "x-frame-options-implemented-via-csp": 5,
    "x-frame-options-sameorigin-or-deny": 0,
    "x-frame-options-allow-from-origin": 0,
    "x-frame-options-not-implemented": -20,
    "x-frame-options-header-invalid": -20,
    # Cross-Origin-Resource-Policy
    "cross-origin-resource-policy-implemented-with-same-origin": 10,
    "cross-origin-resource-policy-implemented-with-same-site": 10,
    "cross-origin-resource-policy-implemented-with-cross-origin": 0,
    "cross-origin-resource-policy-not-implemented": 0,
    "cross-origin-resource-policy-header-invalid": -5,
}
BASELINE = 100
NEEDED_FOR_BONUSES = 90
SIX_MONTHS = 15_552_000  # as the Observatory counts them

BROAD = {"ftp:", "http:", "https:", "*", "http://*", "http://*.*", "https://*", "https://*.*"}
INLINE = {"'unsafe-inline'", "data:"}
PASSIVE = ("img-src", "media-src")
NONCES = ("'sha256-", "'sha384-", "'sha512-", "'nonce-")
PRIVATE = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
UNSAFE = {"origin", "origin-when-cross-origin", "unsafe-url", "no-referrer-when-downgrade"}


@dataclass(frozen=True)
class Answer:
    """What is judged: headers by name in small letters, cookies as Set-Cookie lines, HTML, and the way from http.

    `route` holds the addresses from http://host/ on, each the redirect of the one before; `cors` the headers of
    the answer to a request with a foreign Origin, `origin` that Origin.
    """

    headers: dict
    cookies: list = field(default_factory=list)
    html: str = ""
    host: str = "network.example.org"
    route: tuple = ("http://network.example.org/", "https://network.example.org/")
    cors: dict = field(default_factory=dict)
    origin: str = "https://elsewhere.example"

    def header(self, name):
        return self.headers.get(name, "")


def score(answer):
    """Return the score of an Answer."""
    modifiers = [TABLE[case] for case in cases(answer)]
    penalised = BASELINE + sum(modifier for modifier in modifiers if modifier < 0)
    if penalised < NEEDED_FOR_BONUSES:
        return max(penalised, 0)
    return penalised + sum(modifier for modifier in modifiers if modifier > 0)


def cases(answer):
    """Return which case of each of the ten tests an Answer is."""
    return [
        csp_case(answer), cookies_case(answer), cors_case(answer), redirection_case(answer), referrer_case(answer),
        hsts_case(answer), integrity_case(answer), sniffing_case(answer), framing_case(answer), corp_case(answer),
    ]  # fmt: skip


def directives(answer):
    """Return the policy as {directive: sources}. Raises ValueError for what is no policy, or says a thing twice."""
    policy = {}
    if "," in answer.header("content-security-policy"):
        raise ValueError("several policies: not known to this score")
    for part in answer.header("content-security-policy").split(";"):
        words = part.split()
        if not words:
            continue
        name, sources = words[0].lower(), {word.lower() for word in words[1:]}
        if name in policy:
            raise ValueError(f"{name} twice")
        policy[name] = sources or ({"'none'"} if name.endswith("-src") else set())
    return policy


def csp_case(answer):
    if not answer.header("content-security-policy"):
        return "csp-not-implemented"
    try:
        policy = directives(answer)
    except ValueError:
        return "csp-header-invalid"
    if not policy or len(answer.header("content-security-policy").strip()) < len("img-src") - 1:
        return "csp-header-invalid"
    default = policy.get("default-src", {"*"})
    scripts, styles = set(policy.get("script-src", default)), set(policy.get("style-src", default))
    for sources in (scripts, styles):
        if any(source.startswith(NONCES) for source in sources):
            sources.discard("'unsafe-inline'")
    if "'strict-dynamic'" in scripts and not any(source.startswith(NONCES) for source in scripts):
        return "csp-header-invalid"
    active = {
        s for name, found in policy.items() if name not in (*PASSIVE, "script-src") for s in found
    } | scripts
    passive = {source for name in PASSIVE for source in policy.get(name, policy.get("default-src", set()))}
    if scripts & (BROAD | INLINE) or policy.get("object-src", default) & BROAD:
        return "csp-implemented-with-unsafe-inline"
    if any(source.startswith(("http:", "ftp:")) for source in active):
        return "csp-implemented-with-insecure-scheme"
    if "'unsafe-eval'" in scripts | styles:
        return "csp-implemented-with-unsafe-eval"
    if any(source.startswith(("http:", "ftp:")) for source in passive):
        return "csp-implemented-with-insecure-scheme-in-passive-content-only"
    if styles & (BROAD | INLINE):
        return "csp-implemented-with-unsafe-inline-in-style-src-only"
    if default == {"'none'"}:
        return "csp-implemented-with-no-unsafe-default-src-none"
    return "csp-implemented-with-no-unsafe"


def cookies_case(answer):
    """The worst case of any cookie."""
    order = [
        "cookies-without-secure-flag-but-protected-by-hsts",
        "cookies-without-secure-flag",
        "cookies-session-without-secure-flag-but-protected-by-hsts",
        "cookies-samesite-flag-invalid",
        "cookies-anticsrf-without-samesite-flag",
        "cookies-session-without-httponly-flag",
        "cookies-session-without-secure-flag",
    ]
    if not answer.cookies:
        return "cookies-not-found"
    hsts = hsts_case(answer) == "hsts-implemented-max-age-at-least-six-months"
    found, all_same_site = set(), True
    for line in answer.cookies:
        first, *rest = (part.strip() for part in line.split(";"))
        name = first.partition("=")[0].lower()
        flags = {part.partition("=")[0].lower(): part.partition("=")[2].lower() for part in rest}
        session = "login" in name or "sess" in name
        if "samesite" in flags and flags["samesite"] not in {"lax", "strict", "none"}:
            found.add("cookies-samesite-flag-invalid")
        if flags.get("samesite") == "none" and "secure" not in flags:
            found.add("cookies-samesite-flag-invalid")
        if "secure" not in flags:
            suffix = "-but-protected-by-hsts" if hsts else ""
            found.add(f"cookies-without-secure-flag{suffix}")
            if session:
                found.add(f"cookies-session-without-secure-flag{suffix}")
        if "csrf" in name and not flags.get("samesite"):
            found.add("cookies-anticsrf-without-samesite-flag")
        if session and "httponly" not in flags:
            found.add("cookies-session-without-httponly-flag")
        all_same_site = all_same_site and bool(flags.get("samesite"))
    if found:
        return max(found, key=order.index)
    return "cookies-secure-with-httponly-sessions" + ("-and-samesite" if all_same_site else "")


def cors_case(answer):
    allowed = answer.cors.get("access-control-allow-origin", "").strip().lower()
    case = "cross-origin-resource-sharing-"
    if not allowed:
        return case + "not-implemented"
    if allowed == "*":
        return case + "implemented-with-public-access"
    if allowed == answer.origin and answer.cors.get("access-control-allow-credentials", "").lower() == "true":
        return case + "implemented-with-universal-access"
    return case + "implemented-with-restricted-access"


def redirection_case(answer):
    if not answer.route:
        return "redirection-not-needed-no-http"
    steps = [urlsplit(address) for address in answer.route]
    if len(steps) == 1:
        return "redirection-missing"
    if steps[-1].scheme != "https":
        return "redirection-not-to-https"
    if steps[1].scheme == "http":
        return "redirection-not-to-https-on-initial-redirection"
    if steps[0].hostname != steps[1].hostname:
        return "redirection-off-host-from-http"
    return "redirection-to-https"


def referrer_case(answer):
    if not answer.header("referrer-policy"):
        return "referrer-policy-not-implemented"
    values = [value.strip().lower() for value in answer.header("referrer-policy").split(",")]
    known = [value for value in values if value in PRIVATE | UNSAFE]
    if not known:
        return "referrer-policy-header-invalid"
    return "referrer-policy-private" if known[-1] in PRIVATE else "referrer-policy-unsafe"


def hsts_case(answer):
    header = answer.header("strict-transport-security").lower()
    if not header:
        return "hsts-not-implemented"
    age = re.search(r"(?:^|;)\s*max-age=(\d+)", header)
    if "," in header or not age:
        return "hsts-header-invalid"
    if int(age[1]) < SIX_MONTHS:
        return "hsts-implemented-max-age-less-than-six-months"
    return "hsts-implemented-max-age-at-least-six-months"


def integrity_case(answer):
    """The worst case of any script."""
    kind = answer.header("content-type").partition(";")[0]
    if kind and kind not in {"text/html", "application/xhtml+xml"}:
        return "sri-not-implemented-response-not-html"
    found = _Scripts()
    found.feed(answer.html)
    scripts = found.scripts
    if not scripts:
        return "sri-not-implemented-but-no-scripts-loaded"
    order = [
        "sri-implemented-and-all-scripts-loaded-securely",
        "sri-implemented-and-external-scripts-loaded-securely",
        "sri-implemented-but-external-scripts-not-loaded-securely",
        "sri-not-implemented-but-external-scripts-loaded-securely",
        "sri-not-implemented-and-external-scripts-not-loaded-securely",
    ]
    found = set()
    for script in scripts:
        source, integrity = script.get("src"), script.get("integrity")
        if not source:
            continue
        parts = urlsplit(source)
        own = not parts.netloc or (parts.scheme and parts.hostname == answer.host)
        secure = parts.scheme == "https" or (not parts.scheme and not parts.netloc)
        if own:
            found |= {order[0]} if integrity and secure else set()
        elif integrity:
            found.add(order[1] if secure else order[2])
        else:
            found.add(order[3] if secure else order[4])
    if not found:
        return "sri-not-implemented-but-all-scripts-loaded-from-secure-origin"
    return max(found, key=order.index)


class _Scripts(HTMLParser):
    def __init__(self):
        super().__init__()
        self.scripts = []

    def handle_starttag(self, tag, attributes):
        if tag == "script":
            self.scripts.append(dict(attributes))


def sniffing_case(answer):
    value = answer.header("x-content-type-options").strip().lower()
    if not value:
        return "x-content-type-options-not-implemented"
    return "x-content-type-options-nosniff" if value == "nosniff" else "x-content-type-options-header-invalid"


def framing_case(answer):
    try:
        if "frame-ancestors" in directives(answer):
            return "x-frame-options-implemented-via-csp"
    except ValueError:
        pass
    value = answer.header("x-frame-options").strip().lower()
    if not value:
        return "x-frame-options-not-implemented"
    if value in {"deny", "sameorigin"}:
        return "x-frame-options-sameorigin-or-deny"
    if value.startswith("allow-from"):
        return "x-frame-options-allow-from-origin"
    return "x-frame-options-header-invalid"


def corp_case(answer):
    value = answer.header("cross-origin-resource-policy").strip().lower()
    case = "cross-origin-resource-policy-"
    if not value:
        return case + "not-implemented"
    if value in {"same-origin", "same-site", "cross-origin"}:
        return f"{case}implemented-with-{value}"
    return case + "header-invalid"
