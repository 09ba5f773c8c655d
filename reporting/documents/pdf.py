"""A Word file as PDF, by LibreOffice where it is installed. Its bytes differ from time to time: it is no record."""

import logging
import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

LONGEST_S = 180

log = logging.getLogger(__name__)


def pdf_of(word: bytes, program: str = "soffice") -> bytes | None:
    """The PDF; None where the program is not installed or fails, which is logged."""
    found = shutil.which(program) if program else None
    if found is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "paper.docx"
        source.write_bytes(word)
        profile = f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}"
        command = [found, profile, "--headless", "--norestore", "--convert-to", "pdf", "--outdir", folder, str(source)]
        # a group of its own: the program starts others, which would outlive it
        with subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        ) as process:
            try:
                process.wait(LONGEST_S)
            except subprocess.TimeoutExpired:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
        written = source.with_suffix(".pdf")
        if not written.exists():
            log.warning("%s wrote no PDF (exit code %s)", program, process.returncode)
            return None
        return written.read_bytes()
