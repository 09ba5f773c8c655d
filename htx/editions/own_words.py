"""The Union's own words that the papers of an edition still lack: such a paper is not signed."""

from collections.abc import Collection

import psycopg

from reporting.documents.hand_changes import NotAWordFile
from reporting.documents.own_words import sections_without_words
from warehouse.editions import papers, records
from warehouse.editions.papers import EDITED, SIGNED


def words_missing(
    connection: psycopg.Connection,
    publication_id: str,
    recipients: Collection[str],
    signed: tuple[str, bytes] | None = None,
) -> dict[str, list[str]]:
    """{recipient: titles of the sections}, of those whose paper lacks some.

    The paper is its last Word file: `signed` (name, content), else the last that came back, else the generated one."""
    words = {
        each.recipient: each.content
        for each in records.documents_of(connection, publication_id)
        if each.format == "docx"
    }
    for each in papers.files_of(connection, publication_id):
        if each.kind in (EDITED, SIGNED) and _is_word(each.file_name):
            words[each.recipient] = each.content
    if signed and _is_word(signed[0]):
        words |= dict.fromkeys(recipients, signed[1])
    found = {code: _sections(words[code]) for code in recipients if code in words}
    return {code: titles for code, titles in found.items() if titles}


def _sections(word: bytes) -> list[str]:
    try:
        return sections_without_words(word)
    except NotAWordFile:  # kept by a version that did not try to read it
        return []


def _is_word(name: str) -> bool:
    return name.lower().endswith(".docx")
