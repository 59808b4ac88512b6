from tests.processes import other_site  # noqa: F401 -- a fixture
