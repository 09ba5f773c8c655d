"""Replies in threaded comments: on a cell with such a comment, current Excel shows the thread and not the note.

Elements and attributes are those of [MS-XLSX], 2.6.203 (CT_Person) and 2.6.205 (CT_ThreadedComment).
"""

import uuid

from ingestion.feedback.ooxml_package import EditedPackage, add
from ingestion.workbook.own_markup import COMMENT_AUTHOR, COMMENT_STARTS
from ingestion.workbook.package import Element

NAMESPACE = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
PERSONS_RELATION = "http://schemas.microsoft.com/office/2017/10/relationships/person"
PERSONS_TYPE = "application/vnd.ms-excel.person+xml"
NO_PROVIDER = "None"


def reply_in_threads(package: EditedPackage, part: str, texts: dict[str, str]) -> dict[str, str]:
    """Add a reply by the address of its cell where a worksheet has a thread; address -> id of each such thread."""
    found = {}
    for name in package.related(part, "threadedComment").values():
        listed = package.tree(name)
        for place, words in texts.items():
            thread = [each for each in listed if each.get("ref") == place]
            if thread:
                first, last = thread[0], thread[-1]
                found[place] = first.get("parentId") or first.get("id", "")
                reply = add(listed, "threadedComment", **_reply_to(found[place], last, words), personId=_us(package))
                add(reply, "text", words)
                last.addnext(reply)
    return found


def remove_own_replies(package: EditedPackage, part: str) -> None:
    """Remove our replies from the threads of a worksheet."""
    for name in package.related(part, "threadedComment").values():
        for each in list(package.tree(name)):
            if (each.findtext("{*}text") or "").startswith(COMMENT_STARTS):
                package.tree(name).remove(each)


def _reply_to(thread: str, last: Element, words: str) -> dict[str, str]:
    # Of the time of the comment before: the same file gets the same bytes, whenever it is annotated.
    time = {"dT": last.get("dT", "")} if last.get("dT") else {}
    return {"ref": last.get("ref", ""), **time, "id": _guid(f"{thread} {words}"), "parentId": thread}


def _us(package: EditedPackage) -> str:
    """The id of this system in the list of persons, to which it is added if it is missing."""
    part = next((name for name, kind in package.parts() if kind == PERSONS_TYPE), None)
    if part is None:
        empty = f'<personList xmlns="{NAMESPACE}"/>'
        part = package.put(package.free_name("xl/persons/person{}.xml"), empty, PERSONS_TYPE)
    if part not in package.related(package.workbook_part, "person").values():
        package.relate(package.workbook_part, PERSONS_RELATION, part)
    persons, id = package.tree(part), _guid(COMMENT_AUTHOR)
    if all(each.get("id") != id for each in persons):
        add(persons, "person", displayName=COMMENT_AUTHOR, id=id, userId=COMMENT_AUTHOR, providerId=NO_PROVIDER)
    return id


def _guid(name: str) -> str:
    return f"{{{uuid.uuid5(uuid.NAMESPACE_URL, name)}}}".upper()
