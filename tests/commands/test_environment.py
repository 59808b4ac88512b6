"""What the commands do before the site can start: find Python, make .venv, install what is locked.

The programs on a person's PATH are stand-ins here, and so is the one package that the clone locks.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor

import pytest


def lines(text):
    return text.strip().splitlines()


@pytest.fixture
def path(tmp_path):
    """A PATH that holds nothing but what the shell needs; programs are added by `install`."""
    folder = tmp_path / "path"
    folder.mkdir()
    for name in ("bash", "basename", "dirname"):
        (folder / name).symlink_to(shutil.which(name))
    return folder


def install(path, name, *script):
    program = path / name
    program.write_text("\n".join(["#!/bin/bash", *script]) + "\n")
    program.chmod(0o755)


def python_without_venv(path):
    """A Python as Debian's own: the venv module comes with another package, here with a marker file."""
    install(
        path,
        "python3",
        f'[[ "$*" == *"import ensurepip, venv"* && ! -e {path}/marker ]] && exit 1',
        f'exec {sys.executable} "$@"',
    )


@pytest.fixture
def wheelhouse(tmp_path):
    """A function that puts a version of the package `sample` into a folder and returns its hash."""
    folder = tmp_path / "wheels"
    folder.mkdir()

    def publish(version, text="right"):
        wheel = folder / f"sample-{version}-py3-none-any.whl"
        about = f"sample-{version}.dist-info"
        with zipfile.ZipFile(wheel, "w") as file:
            file.writestr("sample.py", f"VERSION = {version!r}\nTEXT = {text!r}\n")
            file.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: sample\nVersion: {version}\n")
            file.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            file.writestr(f"{about}/RECORD", "")
        return hashlib.sha256(wheel.read_bytes()).hexdigest()

    publish.folder = folder
    return publish


@pytest.fixture(scope="session")
def bare_venv(tmp_path_factory):
    """A .venv with nothing installed, made once; making one takes seconds."""
    folder = tmp_path_factory.mktemp("bare") / ".venv"
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    return folder


@pytest.fixture
def newcomer(machine_with, empty_clone, wheelhouse):
    """A machine with a clone that was never started; its site locks one package and prints its version."""
    machine = machine_with(empty_clone)
    machine.environment |= {
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(wheelhouse.folder),
        "PIP_CONFIG_FILE": os.devnull,
    }
    lock(empty_clone, "1", wheelhouse("1"))
    (empty_clone / "manage.py").write_text(
        "import sys, sample\nprint(sample.VERSION, *sys.argv[1:])\nsys.exit(7)\n"
    )
    return machine


@pytest.fixture
def starter(newcomer, bare_venv):
    """The same, but .venv is made and only the packages are missing."""
    shutil.copytree(bare_venv, newcomer.clone / ".venv", symlinks=True)
    return newcomer


def lock(clone, version, digest):
    (clone / "requirements/runtime.txt").write_text(f"sample=={version} --hash=sha256:{digest}\n")


# --- Python ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("command", ["bin/run", "bin/manage", "bin/test"])
def test_no_python_gives_one_line(machine_with, empty_clone, path, command):
    said = machine_with(empty_clone).refuses(command, PATH=str(path))
    assert lines(said) == [
        f"{command}: Python 3.11 or newer is needed. On Debian 12: apt-get install -y python3 python3-venv"
    ]


def test_an_old_python_gives_one_line(machine_with, empty_clone, path):
    install(path, "python3", "echo 3.9")
    said = machine_with(empty_clone).refuses("bin/run", PATH=str(path))
    assert lines(said) == [
        "bin/run: Python 3.11 or newer is needed (found only 3.9). "
        "On Debian 12: apt-get install -y python3 python3-venv"
    ]


def test_a_newer_python_beside_an_old_one_is_used(starter, path):
    install(path, "python3", "echo 3.9")
    install(path, "python3.11", f'exec {sys.executable} "$@"')
    assert starter.run("bin/manage", PATH=str(path)).stdout == "1\n"


def test_a_missing_venv_module_names_the_command(machine_with, empty_clone, path):
    python_without_venv(path)
    install(path, "id", "echo 1000")
    said = machine_with(empty_clone).refuses("bin/run", PATH=str(path))
    package = f"python3.{sys.version_info.minor}-venv"
    assert lines(said) == [
        f"bin/run: Python's venv module is missing. Install it with: apt-get install -y {package}"
    ]


def test_root_gets_the_venv_module_installed(newcomer, path):
    python_without_venv(path)
    install(path, "id", "echo 0")
    install(path, "apt-get", f'echo "$@" >> {path}/asked', f"[[ $1 != install ]] || echo > {path}/marker")
    assert newcomer.run("bin/manage", PATH=str(path)).stdout == "1\n"
    package = f"python3.{sys.version_info.minor}-venv"
    assert lines((path / "asked").read_text()) == ["update", f"install -y {package}"]


# --- .venv ----------------------------------------------------------------------------------------
def test_the_first_start_installs_and_the_second_does_not(newcomer):
    first = newcomer.run("bin/manage", "a b", "--c")
    assert (first.returncode, first.stdout) == (7, "1 a b --c\n")
    assert lines(first.stderr) == [
        "bin/manage: creating .venv",
        "bin/manage: installing the runtime packages (only when their lock has changed)",
    ]
    second = newcomer.run("bin/manage", PIP_FIND_LINKS="/nowhere")
    assert (second.returncode, second.stdout, second.stderr) == (7, "1\n", "")


def test_a_changed_lock_is_installed(starter, wheelhouse):
    starter.run("bin/manage")
    lock(starter.clone, "2", wheelhouse("2"))
    assert starter.run("bin/manage").stdout == "2\n"


def test_an_interrupted_environment_is_made_again(starter):
    assert starter.run("bin/manage").stdout == "1\n"
    shutil.rmtree(next((starter.clone / ".venv/lib").glob("python3*")) / "site-packages/pip")
    answer = starter.run("bin/manage")
    assert answer.stdout == "1\n"
    assert lines(answer.stderr)[0] == "bin/manage: creating .venv"


def test_starts_at_the_same_time_share_one_installation(newcomer):
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: newcomer.run("bin/manage"), range(4)))
    assert [(answer.returncode, answer.stdout) for answer in answers] == [(7, "1\n")] * 4
    said = "".join(answer.stderr for answer in answers)
    assert said.count("creating .venv") == 1
    assert said.count("installing the runtime packages") == 1


def test_a_broken_download_gives_one_line_and_is_put_right_by_the_next_start(starter):
    said = starter.refuses("bin/run", PIP_FIND_LINKS="/nowhere")
    assert lines(said)[-1] == (
        "bin/run: the packages could not be downloaded: check the connection and start again; "
        f"the details are in {starter.clone}/.venv/install.log"
    )
    assert starter.run("bin/manage").stdout == "1\n"


def test_a_package_that_is_not_the_locked_one_is_refused(starter, wheelhouse):
    wheelhouse("1", text="wrong")
    said = starter.refuses("bin/run")
    assert lines(said)[-1] == (
        "bin/run: a downloaded package is not the one that was locked, so nothing was installed; "
        f"the details are in {starter.clone}/.venv/install.log"
    )
    assert not list((starter.clone / ".venv").rglob("sample.py"))


def test_an_unwritable_clone_gives_one_line(newcomer):
    (newcomer.clone / ".venv").write_text("a file where a folder is needed")
    said = newcomer.refuses("bin/run")
    assert lines(said)[-1] == (
        f"bin/run: cannot write to the folder for packages ({newcomer.clone}/.venv): file exists"
    )


def test_the_locks_name_no_registry_and_carry_hashes(empty_clone):
    for path in sorted(empty_clone.glob("requirements/*.txt")):
        text = path.read_text()
        assert "://" not in text
        assert "--index-url" not in text
        packages = [entry for entry in text.replace("\\\n", " ").splitlines() if "==" in entry]
        assert packages
        assert all("--hash=sha256:" in entry for entry in packages)
