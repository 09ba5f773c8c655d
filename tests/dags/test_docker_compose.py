"""docker-compose.yml, read by the real compose program; no engine is needed for that."""

import json
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
VARIABLES = {
    "WAREHOUSE_PASSWORD": "warehouse-password",
    "AIRFLOW_DB_PASSWORD": "airflow-password",
    "AIRFLOW_FERNET_KEY": "fernet",
    "AIRFLOW_JWT_SECRET": "jwt",
    "AIRFLOW_API_SECRET": "api",
    "REGISTRY_URL": "postgresql://reader@registry/htx",
    "INBOX_FOLDER": "/srv/inbox",
    "OUTBOX_FOLDER": "/srv/outbox",
    "REPORTS_FOLDER": "/srv/reports",
    "BACKUP_FOLDER": "/srv/backups",
}


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


def test_no_secret_stands_in_the_file():
    text = (PROJECT / "docker-compose.yml").read_text(encoding="utf-8")
    for name in ("WAREHOUSE_PASSWORD", "AIRFLOW_DB_PASSWORD", "AIRFLOW_FERNET_KEY", "AIRFLOW_JWT_SECRET"):
        assert f"${{{name}:-" not in text, "a secret has no default: use ${NAME:?what it is}"


def test_the_services_of_airflow_share_one_image_and_one_environment():
    services = json.loads(compose("config", "--format", "json", **VARIABLES).stdout)["services"]
    airflow = [services[name] for name in ("migrate", "scheduler", "dag-processor", "api-server")]
    assert {service["image"] for service in airflow} == {"htx-warehouse"}
    assert len({json.dumps(service["environment"], sort_keys=True) for service in airflow}) == 1
    assert airflow[0]["environment"]["WAREHOUSE_URL"] == ("postgresql://htx:warehouse-password@postgres:5432/warehouse")


def test_answers_to_units_and_reports_leave_the_containers():
    services = json.loads(compose("config", "--format", "json", **VARIABLES).stdout)["services"]
    for name in ("scheduler", "api-server"):
        assert services[name]["environment"]["OUTBOX_URL"] == "file:///outbox"
        assert services[name]["environment"]["REPORTS_URL"] == "file:///reports"
        assert {"/srv/inbox": "/inbox", "/srv/outbox": "/outbox", "/srv/reports": "/reports"}.items() <= {
            volume["source"]: volume["target"] for volume in services[name]["volumes"]
        }.items()


def test_the_plan_is_mounted_read_only_and_by_default_it_is_that_of_the_checkout():
    for given, folder in (({"PLAN_FOLDER": "/srv/plan"}, "/srv/plan"), ({}, str(PROJECT / "dbt_project" / "seeds"))):
        service = json.loads(compose("config", "--format", "json", **VARIABLES, **given).stdout)["services"][
            "scheduler"
        ]
        [mounted] = [each for each in service["volumes"] if each["target"] == service["environment"]["HTX_PLAN"]]
        assert (mounted["source"], mounted["target"], mounted["read_only"]) == (folder, "/plan", True)


def test_logins_are_made_with_the_tables_by_the_auth_manager_of_make_run():
    services = json.loads(compose("config", "--format", "json", **VARIABLES).stdout)["services"]
    assert services["migrate"]["environment"]["AIRFLOW__CORE__AUTH_MANAGER"] == "dags.parts.rights.NarrowFabAuthManager"
    assert "python -m dags.parts.logins /var/lib/htx/passwords.json" in services["migrate"]["command"][-1]


def test_the_web_page_listens_on_its_own_host_alone():
    services = json.loads(compose("config", "--format", "json", **VARIABLES).stdout)["services"]
    published = [port["host_ip"] for service in services.values() for port in service.get("ports", [])]
    assert published == ["127.0.0.1"]


def test_the_image_holds_every_package_of_the_project():
    text = (PROJECT / "docker-compose.yml").read_text(encoding="utf-8")
    packages = {path.parent.name for path in PROJECT.glob("*/__init__.py")} - {"tests"} | {"dags", "dbt_project"}
    copied = {line.split()[2] for line in text.splitlines() if "COPY --chown=airflow:root" in line}
    assert copied - {"requirements.lock"} == packages


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
    assert pinned == [f"FROM apache/airflow:3.3.2-python3.11@{digest}", f"image: postgres:18.6@{digest}"]
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
