"""The house's own rules: floors, foreign keys, one module that marks safe, settings that are documented."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
FLOORS = [
    ["network"],
    ["discovery"],
    ["profiles", "blog", "forum", "events", "library", "casestudies"],
    ["commons.search"],
    ["commons.contributions"],
    ["commons.moderation"],
    ["commons.notifications"],
    ["commons.files"],
    ["commons.markup"],
    ["commons.tagging"],
    ["commons.texts"],
    ["commons.personal_data"],
]
HEIGHT = {name: len(FLOORS) - number for number, names in enumerate(FLOORS) for name in names}
NOT_OURS_OR_NO_APP = {
    "tests",
    "docs",
    "bin",
    "bench",
    "deploy",
    "templates",
    "static",
    "requirements",
    "locale",
}


def our_models():
    return [
        model for model in apps.get_models(include_auto_created=True) if model._meta.app_config.name in HEIGHT
    ]


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model._meta.label)
def test_foreign_keys_point_down(model):
    """A member may be named from any floor; all other keys go down or stay."""
    floor = HEIGHT[model._meta.app_config.name]
    for field in model._meta.get_fields():
        target = getattr(field, "related_model", None)
        if target is None or (field.auto_created and not field.concrete):
            continue
        name = target._meta.app_config.name
        if name in HEIGHT and target._meta.label != settings.AUTH_USER_MODEL:
            same = name == model._meta.app_config.name
            assert same or HEIGHT[name] < floor, (
                f"{model._meta.label}.{field.name} points up or sideways to {name}"
            )


def test_every_top_level_package_has_its_floor():
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - NOT_OURS_OR_NO_APP - {"commons"}
    packages |= {f"commons.{path.parent.name}" for path in ROOT.glob("commons/*/__init__.py")}
    assert packages == set(HEIGHT)


def test_every_package_with_an_app_is_installed():
    written = {
        ".".join(path.relative_to(ROOT).parts[:-1])
        for path in ROOT.glob("**/apps.py")
        if ".venv" not in path.parts
    }
    assert written == {config.name for config in apps.get_app_configs() if config.name in HEIGHT}


def python_files():
    for folder in {name.partition(".")[0] for name in HEIGHT}:
        yield from (path for path in (ROOT / folder).rglob("*.py") if "migrations" not in path.parts)


def test_only_markup_marks_anything_safe():
    found = {
        str(path.relative_to(ROOT))
        for path in python_files()
        if re.search(r"\b(mark_safe|SafeString|SafeText|html_safe)\b", path.read_text())
    }
    assert found == {"commons/markup/render.py"}


def test_no_template_switches_escaping_off():
    templates = [
        path
        for path in ROOT.glob("**/*.html")
        if ".venv" not in path.parts and "staticfiles" not in path.parts and "data" not in path.parts
    ]
    assert templates
    unsafe = re.compile(r"\|\s*safe\b|\|\s*safeseq\b|autoescape off")
    allowed = {"templates/patchwork"}
    found = {str(path.relative_to(ROOT)) for path in templates if unsafe.search(path.read_text())}
    assert {name for name in found if not any(name.startswith(folder) for folder in allowed)} == set()


def test_status_is_assigned_only_by_its_transitions():
    for path in python_files():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, (ast.Assign, ast.AugAssign)):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                if any(isinstance(t, ast.Attribute) and t.attr == "status" for t in targets):
                    assert str(path.relative_to(ROOT)) in {
                        "commons/moderation/models.py",
                        "commons/contributions/models.py",
                    }, f"{path}:{node.lineno} assigns a status"


def test_the_settings_table_names_what_the_code_reads():
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', (ROOT / "network" / "settings.py").read_text()))
    table = (ROOT / "docs" / "settings.md").read_text()
    documented = set(re.findall(r"^\| `([A-Z_]+)` \|", table, re.MULTILINE))
    assert documented == read


def test_no_other_module_reads_the_environment():
    reads = re.compile(r"os\.environ|os\.getenv|environ\.Env")
    found = {str(path.relative_to(ROOT)) for path in python_files() if reads.search(path.read_text())}
    assert found <= {
        "network/settings.py",
        "network/wsgi.py",
        "network/gunicorn.py",  # runs before Django does
        "network/management/commands/createsuperuser.py",  # Django's own names for --noinput
    }


@pytest.mark.parametrize("path", sorted(python_files()), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_says_what_it_is_for(path):
    source = path.read_text().strip()
    if source and path.name != "apps.py":
        assert ast.get_docstring(ast.parse(source)), f"{path} has no docstring"
