"""The commands by which docs/operations.md installs: valid, complete, and the same as those of the image.

tests/production/install_trial.py runs them on a new machine."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.production.dockerfile import PROJECT, compose_config, steps
from tests.production.page import commands

WITH, WITHOUT = commands("With containers"), commands("Without containers")


@pytest.mark.parametrize("block", [*WITH, *WITHOUT, *commands("Without the internet")])
def test_each_block_of_commands_is_valid_shell(block):
    done = subprocess.run(["bash", "-n"], input=block, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.fixture
def laid(tmp_path) -> dict[str, str]:
    """{setting of .env: value} after the block for containers was run below a folder."""
    block = WITH[0].replace("/opt/htx/project/db", f"{PROJECT}/db").replace("-o 50000 -g 0", "")
    for place in ("/etc/htx", "/srv/htx"):
        block = block.replace(place, f"{tmp_path}{place}")
    block = block.replace("/opt/htx/project/.env", f"{tmp_path}/.env")
    subprocess.run(["sh", "-ec", block], check=True)
    return dict(line.split("=", 1) for line in (tmp_path / ".env").read_text().splitlines())


def test_the_block_for_containers_makes_what_docker_compose_yml_asks_for(laid, tmp_path):
    config = compose_config(tmp_path / ".env")
    service = config["services"]["scheduler"]
    secrets = tmp_path / "etc" / "htx" / "secrets"
    named = {
        value.removeprefix("awk 1 ORS= ").removeprefix("/run/secrets/")
        for value in service["environment"].values()
        if value and "/run/secrets/" in value
    }
    assert named == {
        "airflow_api_secret", "airflow_database_url", "airflow_fernet_key", "airflow_jwt_secret", "registry_url",
        "smtp_url", "warehouse_url",
    }  # fmt: skip
    assert {file.name for file in secrets.iterdir()} == named | {"warehouse_password", "airflow_password"}
    password = (secrets / "warehouse_password").read_text().strip()
    assert (secrets / "warehouse_url").read_text() == f"postgresql://htx:{password}@postgres:5432/warehouse\n"
    assert oct((tmp_path / "etc" / "htx").stat().st_mode & 0o777) == "0o700"
    assert all(Path(value).is_dir() for name, value in laid.items() if name.endswith("_FOLDER"))


def test_both_installations_have_the_same_settings(laid):
    [settings] = re.findall(r"htx\.env <<'END'\n(.*?)^END$", "".join(WITHOUT), re.MULTILINE | re.DOTALL)
    named = {line.partition("=")[0] for line in settings.splitlines()}
    environment = compose_config(**dict.fromkeys(laid, "/x"))["services"]["scheduler"]["environment"]
    assert named - {"PATH"} <= set(environment)
    required = {"HTX_HOME", "HTX_PLAN", "INBOX_URL", "OUTBOX_URL", "REPORTS_URL", "BACKUP_URL"}
    assert named >= required | {"WAREHOUSE_URL_FILE", "REGISTRY_URL_FILE", "SMTP_URL_FILE"}


def test_the_program_is_installed_as_in_the_image():
    image = [rest for instruction, rest in steps(dockerfile()) if instruction == "RUN"]
    installed = [line.replace("--quiet ", "").replace("project/", "") for line in WITHOUT[1].splitlines()[2:]]
    for line in installed:
        words = line.replace("venv/bin/", "/opt/htx/venv/bin/").replace(
            "requirements.lock", "/opt/htx/requirements.lock"
        )
        words = re.sub(r" project$", " /opt/htx/project", words)
        assert any(words in " ".join(step.replace("--no-cache-dir ", "").split()) for step in image), line


def dockerfile() -> str:
    names = ("SECRETS_FOLDER", "INBOX_FOLDER", "OUTBOX_FOLDER", "REPORTS_FOLDER", "BACKUP_FOLDER")
    return compose_config(**dict.fromkeys(names, "/x"))["services"]["scheduler"]["build"]["dockerfile_inline"]
