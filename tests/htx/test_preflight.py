"""What `htx preflight` says of a deployment."""

import os

import pytest
from click.testing import CliRunner

from htx.cli import main


@pytest.fixture
def places(tmp_path, warehouse_url) -> dict[str, str]:
    """The environment of a deployment where all is right."""
    for name in ("inbox", "secrets"):
        (tmp_path / name).mkdir()
    (tmp_path / "secrets" / "warehouse_url").write_text(f"{warehouse_url}\n")
    return {
        "HTX_HOME": str(tmp_path / "home"),
        "WAREHOUSE_URL": "",
        "WAREHOUSE_URL_FILE": str(tmp_path / "secrets" / "warehouse_url"),
        "INBOX_URL": f"file://{tmp_path}/inbox",
        "OUTBOX_URL": f"file://{tmp_path}/outbox",
        "REPORTS_URL": f"file://{tmp_path}/reports",
        "BACKUP_URL": f"file://{tmp_path}/backups",
    }


def preflight(places: dict[str, str]) -> tuple[int, list[str]]:
    done = CliRunner(env=places).invoke(main, ["preflight"])
    return done.exit_code, done.stdout.splitlines()


def test_nothing_is_said_where_all_is_right_and_the_url_of_the_warehouse_may_be_in_a_file(places, tmp_path):
    assert preflight(places) == (0, [])
    assert list((tmp_path / "outbox").iterdir()) == []
    shown = CliRunner(env=places).invoke(main, ["db", "url"])
    assert shown.stdout.startswith("postgresql://")


def test_a_variable_counts_before_its_file(places):
    shown = CliRunner(env={**places, "WAREHOUSE_URL": "postgresql://other/db"}).invoke(main, ["db", "url"])
    assert shown.stdout == "postgresql://other/db\n"


def test_a_folder_that_cannot_be_written_is_named_with_the_user_and_the_remedy(places, tmp_path):
    (tmp_path / "file").touch()
    outbox, user = f"{tmp_path}/file/outbox", os.geteuid()
    assert preflight({**places, "OUTBOX_URL": f"file://{outbox}"}) == (
        1,
        [
            f"{outbox} (OUTBOX_URL) cannot be written by user {user}: Not a directory. Let root run"
            f" `chown {user} {outbox}`; of a container, on its host, with the folder that is mounted there."
        ],
    )


def test_a_secret_that_cannot_be_read_is_named(places, tmp_path):
    missing = str(tmp_path / "secrets" / "smtp_url")
    code, said = preflight({**places, "SMTP_URL_FILE": missing})
    assert (code, said) == (
        1,
        [f"{missing} (SMTP_URL_FILE) cannot be read by user {os.geteuid()}: No such file or directory."],
    )


def test_a_registry_without_its_driver_and_a_plan_without_targets_are_named(places, tmp_path):
    code, said = preflight({**places, "REGISTRY_URL": "hana://reader@registry/htx", "HTX_PLAN": str(tmp_path)})
    assert code == 1
    assert said == [
        f"{tmp_path} (HTX_PLAN) holds no targets.csv: name or mount the folder of the plan's CSV files.",
        "REGISTRY_URL: Can't load plugin: sqlalchemy.dialects:hana",
    ]


def test_an_inbox_that_is_missing_and_a_warehouse_that_does_not_answer_are_named(places, tmp_path):
    url = "postgresql://nobody@127.0.0.1:1/none"
    code, said = preflight({**places, "INBOX_URL": f"file://{tmp_path}/nowhere", "WAREHOUSE_URL": url})
    assert code == 1
    assert said[0].startswith(f"{tmp_path}/nowhere (INBOX_URL) cannot be read by user {os.geteuid()}: No such file")
    assert said[1].startswith("WAREHOUSE_URL: The warehouse at 127.0.0.1:1/none cannot be reached")
