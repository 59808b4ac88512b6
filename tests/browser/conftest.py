"""A real browser against a real server: Debian's Chromium, and the site in this process on a database file."""

import shutil

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    quiet = [
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
    ]
    return {
        **browser_type_launch_args,
        "executable_path": CHROMIUM,
        "args": ["--no-sandbox", "--disable-gpu", "--disable-quic", *quiet],
    }


@pytest.fixture
def site(live_server, transactional_db, settings):
    """The running site's address. Links in e-mails lead to it too."""
    settings.SITE_URL = live_server.url
    settings.ALLOWED_HOSTS = ["*"]
    return live_server.url


@pytest.fixture(params=["with-script", "without-script"])
def visitor(request, browser, site):
    """A page in a browser of its own, once with JavaScript and once without."""
    context = browser.new_context(java_script_enabled=request.param == "with-script", base_url=site)
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.failures = []
    page.on("response", lambda r: page.failures.append((r.status, r.url)) if r.status >= 500 else None)
    yield page
    assert page.failures == []
    context.close()
