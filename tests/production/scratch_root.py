"""A Debian in a folder, in which commands run as another user, with the mounts and the limits of a container.

Root is needed, and the programs debootstrap and unshare. Commands have the network of this process."""

import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from htx.example import write_example
from htx.example.deliveries import read_deliveries

PACKAGES = "ca-certificates,netbase,python3,python3-venv,tzdata"
"""what python:3.11-slim-bookworm has, as far as it is used"""
PATH = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"
# how this machine reaches its package registry
PASSED_ON = ("PIP_CERT", "PIP_INDEX_URL", "PIP_PROXY", "HTTPS_PROXY", "https_proxy")


@dataclass
class ScratchRoot:
    """A root folder, and the environment and user that the steps of an image have set by now."""

    folder: Path
    environment: dict[str, str] = field(
        default_factory=lambda: {"PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"}
    )
    user: str = "0:0"

    def make(self, packages: str = PACKAGES) -> None:
        """A Debian 12 with Python 3.11."""
        subprocess.run(
            ["debootstrap", "--variant=minbase", f"--include={packages}", "bookworm", self.folder],
            check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        (self.folder / "usr/local/bin/python").symlink_to("/usr/bin/python3")
        for name in ("etc/resolv.conf", "etc/ssl/certs/ca-certificates.crt"):
            shutil.copyfile(f"/{name}", self.folder / name)

    def run(self, command: Sequence[str], **options) -> subprocess.CompletedProcess:
        """Run a command, with the network settings of this machine; it must succeed."""
        inherited = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        return subprocess.run(self.inside(command, self.environment | inherited, self.user), check=True, **options)

    def inside(
        self, command: Sequence[str], environment: Mapping[str, str], user: str,
        mounts: Sequence[tuple[Path, str, bool]] = (), tmpfs: Sequence[str] = (), read_only: bool = False,
    ) -> list[str]:  # fmt: skip
        """The command line that runs a command in the folder, without rights beyond those of its user.

        `mounts`: (folder of this machine, folder inside, whether it may only be read) each. With `read_only` nothing
        else but `tmpfs` can be written. The first process of the command is an init: what it leaves ends with it."""
        root = shlex.quote(str(self.folder))
        lines = ["set -e", "mount --make-rprivate /", f"mount --bind {root} {root}", f"cd {root}"]
        for place in ("proc", "dev"):
            lines.append(f"mount --rbind /{place} {place}" if place == "dev" else "mount -t proc proc proc")
        for source, target, is_read_only in mounts:
            inside = shlex.quote(f".{target}")
            make = f"mkdir -p {inside}" if source.is_dir() else f"mkdir -p $(dirname {inside}) && touch {inside}"
            lines.append(f"[ -e {inside} ] || {{ {make}; }}")
            lines.append(f"mount --bind {shlex.quote(str(source))} {inside}")
            if is_read_only:
                lines.append(f"mount -o remount,bind,ro {inside}")
        lines += [f"mount -t tmpfs -o mode=1777 tmpfs .{target}" for target in tmpfs]
        if read_only:
            lines.append(f"mount -o remount,bind,ro {root}")
        if "HOSTNAME" in environment:
            lines.append(f"hostname {environment['HOSTNAME']}")
        uid, gid = user.split(":")
        values = [f"{name}={value}" for name, value in environment.items()]
        limits = ["setpriv", f"--reuid={uid}", f"--regid={gid}", "--clear-groups", "--no-new-privs"]
        limits += ["--inh-caps=-all", "--bounding-set=-all"] if uid != "0" else []
        lines.append(shlex.join(["exec", "chroot", str(self.folder), *limits, "env", "-i", *values, *command]))
        return ["unshare", "--mount", "--uts", "--pid", "--fork", "--kill-child", "sh", "-c", "\n".join(lines)]


def network(mails: Path) -> None:
    """A loopback, where this process has a network of its own, and a mail server on it that keeps what it is sent."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    listen = ["-n", "-l", "0.0.0.0:25", "-c", "aiosmtpd.handlers.Mailbox", str(mails)]
    subprocess.Popen([sys.executable, "-m", "aiosmtpd", *listen])


def alone(module: str, *arguments: str) -> int:
    """Run a module of ours with mounts, processes and a network of its own, which end with it; its exit code."""
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(
        ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", *command]
    ).returncode


def put_example(inbox: Path, registry: Path, example: Path, year: int) -> None:
    """Write the example province, and drop the files of a year into the inbox, with the times of their senders."""
    write_example(example)
    for each in read_deliveries(example):
        if each.report_year == year:
            target = inbox / each.folder / each.file_name if each.kind == "file" else registry
            target.parent.mkdir(exist_ok=True)
            shutil.copyfile(each.path, target)
            if each.kind == "file":
                instant = each.received_at.timestamp()
                os.utime(target, (instant, instant))
                target.chmod(0o644)


def say(line: str) -> None:
    sys.stdout.write(f"{time.strftime('%H:%M:%S')} {line}\n")
    sys.stdout.flush()
