"""A PDF beside a Word file."""

import stat

from reporting.documents.pdf import pdf_of


def program(tmp_path, script: str) -> str:
    path = tmp_path / "office"
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def test_there_is_none_where_the_program_is_not_installed():
    assert pdf_of(b"", "") is None
    assert pdf_of(b"", "a-program-that-nobody-has") is None


def test_a_program_that_fails_is_no_error(tmp_path, caplog):
    assert pdf_of(b"", program(tmp_path, "exit 77")) is None
    assert "exit code 77" in caplog.text


def test_it_is_what_the_program_writes_beside_the_file(tmp_path):
    assert pdf_of(b"Word", program(tmp_path, 'for last; do :; done; cp "$last" "${last%.docx}.pdf"')) == b"Word"
