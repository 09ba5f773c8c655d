"""The installation without containers, done once: `python -m tests.production.install_trial FOLDER [WHEELS]`.

The commands of docs/operations.md are run as root in a scratch Debian with nothing in it but the program's files; then
the service runs as its own user, the example's files of a year come into the inbox, and the report of that year is
published, signed, issued and mailed. PostgreSQL is Debian's, the owner of the database no superuser; mails go to a
server on the loopback. With WHEELS, a folder, pip gets its packages from there alone.

Root is needed, with debootstrap and unshare. In place of systemd this program starts PostgreSQL and the service.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from tests.production.dockerfile import PROJECT, context
from tests.production.page import commands
from tests.production.scratch_root import PATH, ScratchRoot, alone, network, put_example, say

HOSTS = "127.0.0.1 localhost mail.hoi.example\n"
YEAR = 2025
RECIPIENTS = ("CENTRAL_UNION", "PEOPLES_COMMITTEE")
NUMBER_AND_DAY_OF_THE_PLAN = "01/KH-UBND,2023-04-10"  # invented
OFFLINE = "--no-index --find-links /opt/htx/wheels "
NO_SERVICES = "#!/bin/sh\nexit 101\n"
READ = {
    "ingestion": "raw.received_files",
    "transformation": "quality.findings",
    "analyst": "reports.rpt_annual_targets",
    "bi": "bi.annual_targets",
}
"""what a login of each group reads"""
SECONDS = 1200


class Machine:
    """The scratch Debian, in which root types commands and one user has a service."""

    def __init__(self, root: ScratchRoot):
        self.root = root

    def type(self, block: str, fails: bool = False) -> str:
        """Run commands as root; what they print."""
        command = self.root.inside(["bash", "-ec", block], {"PATH": PATH, "HOME": "/", "LC_ALL": "C.UTF-8"}, "0:0")
        done = subprocess.run(command, capture_output=True, text=True)
        if (done.returncode != 0) != fails:
            raise SystemExit(f"{block}\nended with {done.returncode}:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
        return done.stdout or done.stderr

    def htx(self, arguments: str, fails: bool = False) -> str:
        return self.type(f"su - htx -c 'htx {arguments}'", fails)

    def start(self, command: str, log: Path) -> subprocess.Popen:
        inside = self.root.inside(["bash", "-ec", command], {"PATH": PATH, "LC_ALL": "C.UTF-8"}, "0:0")
        return subprocess.Popen(inside, stdout=log.open("wb"), stderr=subprocess.STDOUT)


def packages(machine: Machine, wheels: Path | None) -> None:
    """The first two blocks: Debian's packages, users and folders, the program."""
    folder = machine.root.folder
    (folder / "usr/sbin/policy-rc.d").write_text(NO_SERVICES)  # apt starts no service in this network
    (folder / "usr/sbin/policy-rc.d").chmod(0o755)
    for name in context():
        (folder / "opt/htx/project" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(PROJECT / name, folder / "opt/htx/project" / name)
    system, program, *_ = commands("Without containers")
    machine.type(system)
    say("Debian's packages, user and folders")
    if wheels:
        shutil.copytree(wheels, folder / "opt/htx/wheels")
        program = program.replace("pip install --quiet ", f"pip install --quiet {OFFLINE}")
    else:
        program = (
            "".join(f"export {name}={os.environ[name]}\n" for name in ("PIP_CERT",) if name in os.environ) + program
        )
    began = time.monotonic()
    machine.type(program)
    say(f"the program, in {time.monotonic() - began:.0f} s{' without the internet' if wheels else ''}")


def trial(machine: Machine, place: Path) -> None:
    """The other blocks, then the first year."""
    network(place / "mails")
    folder = machine.root.folder
    (folder / "etc/hosts").write_text(HOSTS)
    database, service = commands("Without containers")[2:]
    postgres = machine.start("pg_ctlcluster 15 main start; exec sleep infinity", place / "postgres.log")
    wait_until(lambda: "accepting" in machine.type("pg_isready -h localhost || true"), "PostgreSQL 15")
    machine.type(database)
    (folder / "etc/htx/secrets/registry_url").write_text("sqlite:////srv/htx/home/registry.sqlite\n")
    papers = folder / "srv/htx/plan/plan_papers.csv"
    papers.write_text(papers.read_text().replace(",,,", f",{NUMBER_AND_DAY_OF_THE_PLAN},", 1))
    machine.type(service)
    say("database, settings, schema, groups")
    owner = machine.htx('db shell "select rolname, rolsuper from pg_roles where rolname = current_user;"')
    say(f"owner of the database, and whether it is a superuser: {owner.strip()}")

    put_example(folder / "srv/htx/inbox", folder / "srv/htx/home/registry.sqlite", place / "example", YEAR)
    unit = (folder / "etc/systemd/system/htx.service").read_text()
    command = re.search(r"^ExecStart=(.*)$", unit, re.MULTILINE)[1]
    serving = machine.start(f"exec su - htx -c 'exec {command}'", place / "serve.log")
    passwords = folder / "srv/htx/home/airflow/passwords.json"
    wait_until(lambda: "Airflow is up" in (place / "serve.log").read_text(), "htx serve", serving)
    airflow = re.search(r"Airflow is up: (\S+)", (place / "serve.log").read_text())[1]
    token = ask(f"{airflow}/auth/token", {"username": "admin", "password": json.loads(passwords.read_text())["admin"]})
    for dag_id in ("ingest_registry", "ingest_submissions"):
        ask(f"{airflow}/api/v2/dags/{dag_id}/dagRuns", {"logical_date": None}, token["access_token"])
    wait_until(lambda: "promoted" in machine.htx('db shell "select outcome from quality.builds;"'), "marts", serving)
    say(machine.htx(f"status --year {YEAR}").splitlines()[0])

    published = json.loads(machine.type(f"su - htx -c 'htx report annual --year {YEAR} --json'"))
    say(f"{published['answer_vi']} {len(published['documents'])} documents")
    today = machine.type("TZ=Asia/Ho_Chi_Minh date +%d/%m/%Y").strip()
    id = published["publication_id"]
    for number, recipient in enumerate(RECIPIENTS, start=1):
        machine.htx(f'publications sign {id} --recipient {recipient} --number {number} --date {today} --signer "A"')
    machine.htx(f"publications issued {id} --on {today} --via post")
    say(machine.htx(f"publications send {id}").strip())
    say(f"{len(list((place / 'mails/new').iterdir()))} mails were caught")
    say(machine.htx("backup").splitlines()[0])
    serving.terminate()
    for group, table in READ.items():
        machine.type(f"echo of-{group} | su - htx -c 'htx roles --login trial_{group} --group {group}'")
        counting = f"psql -h localhost -U trial_{group} -d warehouse -Atc 'select count(*) from {table}'"
        say(f"a login of {group} counts in {table}: {machine.type(f'PGPASSWORD=of-{group} {counting}').strip()}")
    say(machine.htx("restore --replace", fails=True).strip())
    machine.type("su postgres -c \"psql --quiet -c 'alter role htx createdb'\"")
    say(machine.htx("restore --replace"))
    postgres.terminate()


def ask(url: str, body: dict, token: str | None = None) -> dict:
    """The answer of Airflow's REST API."""
    headers = ["-H", "Content-Type: application/json"] + (["-H", f"Authorization: Bearer {token}"] if token else [])
    done = subprocess.check_output(
        ["curl", "-sS", "--fail-with-body", url, *headers, "-d", json.dumps(body)], text=True
    )
    return json.loads(done)


def wait_until(holds, what: str, running: subprocess.Popen | None = None) -> None:
    began = time.monotonic()
    while not holds():
        if time.monotonic() - began > SECONDS or (running and running.poll() is not None):
            raise SystemExit(f"{what}: not after {time.monotonic() - began:.0f} s")
        time.sleep(2)
    say(f"{what}: after {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    place = Path(sys.argv[1]).resolve()
    machine = Machine(ScratchRoot(place / "root"))
    if sys.argv[-1] == "run":
        trial(machine, place)
    else:
        place.mkdir(parents=True)
        machine.root.make()
        say("an empty Debian")
        packages(machine, Path(sys.argv[2]) if len(sys.argv) > 2 else None)
        sys.exit(alone("tests.production.install_trial", str(place), "run"))
