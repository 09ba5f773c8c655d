"""The form by which a person of the Union records what became of a paper: its questions, and what is done with them.

A decision is what Airflow keeps of the person's answer: {chosen_options, params_input, responded_by_user}. The fields
of params_input are those of NOTHING_GIVEN, and for the paper of each recipient its number, `number_CODE`.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from htx.editions import hand_changes, office_files, papers, recipient_papers, wording
from htx.editions.change_sentences import CHANGES_IN_DOCUMENTS
from reporting.documents.letters import write_letter
from warehouse.editions.papers import ISSUED, REFUSED, SIGNED
from warehouse.editions.records import PublicationRefused
from warehouse.migrations import open_warehouse
from warehouse.reference.dates_vi import day_vi, instant_vi
from warehouse.reference.phrases import phrase

SIGN, ISSUE, RETURN, REFUSE = "sign", "issue", "return", "refuse"
ACTIONS = (SIGN, ISSUE, RETURN, REFUSE)
NOTHING_GIVEN: dict[str, Any] = {
    "recipient": "", "signed_on": None, "signer": "", "issued_on": None, "channel": "", "because": "",
    "send_copy": False,
}  # fmt: skip
NUMBER = "number_"
DAYS = ("signed_on", "issued_on")


def is_open(described: Mapping[str, Any]) -> bool:
    """Whether something is left to do with the papers of a publication, as workflow.described gives it. What was mailed
    before days of issue were recorded is done, and so is a draft after which a newer one was made."""
    is_mailed = any(not each["is_copy"] for each in described["sendings"])
    return not is_mailed and any(
        each["state"] not in (ISSUED, REFUSED) and (each["state"] == SIGNED or not each["newer"])
        for each in described["papers"]
    )


def question(
    warehouse_url: str, outcome: Mapping[str, Any], described: Mapping[str, Any], page_url: str | None,
    requested_by: str | None, is_clock_set: bool, said: str = "", given: Mapping[str, Any] | None = None,
) -> dict:  # fmt: skip
    """The form of a publication: subject, body in Markdown, and the values `given` with which its fields begin.

    `said` is what the form says first: what an earlier answer lacked. `page_url` is where the folder of reports is
    opened with a browser."""
    compared = hand_changes.compare(warehouse_url, outcome["publication_id"])
    names = {each["recipient"]: each["name"] for each in described["papers"]}
    because = described["forced_because"]
    subject, body = write_letter(
        "paper_form",
        said=said,
        outcome=outcome,
        described=described,
        name=wording.named(outcome["kind"], outcome["period"]),
        published_at=instant_vi(datetime.fromisoformat(outcome["published_at"])),
        is_clock_set=is_clock_set,
        requested_by=quoted(requested_by) if requested_by else None,
        because=quoted(because) if because else None,
        states=[f"{each['name']}: {in_words(each)}" for each in described["papers"]],
        files=[f"{each['name']}: {file['file_name']}" for each in described["papers"] for file in each["files"]],
        compared=[
            (
                names.get(each["recipient"], each["recipient"]),
                each["answer_vi"],
                [*map(hand_changes.sentence, each["changes"])][:CHANGES_IN_DOCUMENTS],
            )
            for each in compared
        ],
        symbols=[
            phrase("paper.symbol", name=each["name"], symbol=each["symbol"])
            for each in described["papers"]
            if each["symbol"]
        ],
        links=[_link(each, page_url, names) for each in outcome["documents"]],
        options={each: phrase(f"decision.{each}") for each in ACTIONS},
    )
    return {"subject": subject, "body": body, "given": {**NOTHING_GIVEN, **_kept(given or {})}}


def record(
    warehouse_url: str, publication_id: str, decision: Mapping[str, Any], reports_url: str, now: datetime
) -> dict:
    """Record what a person decided, and keep what lies in the folder of reports.

    Gives is_recorded, action, decided_by, recipients, send_copy, answer_vi: what was recorded, or why it was not."""
    action: str | None = {phrase(f"decision.{each}"): each for each in ACTIONS}[decision["chosen_options"][0]]
    given = NOTHING_GIVEN | dict(decision["params_input"] or {})
    by = decision["responded_by_user"]["name"]
    recipients: Sequence[str] = [given["recipient"]] if given["recipient"] else []
    about = (warehouse_url, publication_id)
    correction = given["because"] or None
    answers = []
    try:
        office_files.attach(*about, by, reports_url=reports_url)
        numbers = _numbers(given, recipients)
        if action == SIGN or (action == ISSUE and numbers):
            signed_on = _day(given, "signed_on")
            signed = papers.sign(*about, numbers, signed_on, given["signer"], by, now, None, correction)
            answers.append(signed["answer_vi"])
            recipients = list(numbers) if action == SIGN else recipients
        if action == ISSUE:
            issued_on = _day(given, "issued_on")
            issued = papers.issue(*about, issued_on, given["channel"], by, now, recipients, None, correction)
            answers.append(issued["answer_vi"])
        if action in (RETURN, REFUSE):
            decide = papers.return_draft if action == RETURN else papers.refuse
            answers.append(decide(*about, given["because"], by, now, recipients)["answer_vi"])
    except PublicationRefused as refused:
        answers.append(phrase("form.not_recorded", reason=refused.reason_vi))
        action = None
    with open_warehouse(warehouse_url) as connection:
        recipients = recipient_papers.recipients_of(
            connection, recipient_papers.publication_of(connection, publication_id), recipients
        )
    return {
        "is_recorded": action is not None,
        "action": action,
        "decided_by": by,
        "recipients": list(recipients),
        "send_copy": bool(given["send_copy"]) and action in (SIGN, ISSUE),
        "answer_vi": " ".join(answers),
    }


def in_words(paper: Mapping[str, Any]) -> str:
    """The state of one paper, with number, days and signer."""
    words = [phrase(f"paper_state.{paper['state']}")]
    if paper["number"]:
        day = day_vi(date.fromisoformat(paper["signed_on"]))
        words.append(phrase("paper.signed", number=paper["number"], day=day, signer=paper["signer"]))
    if paper["states"] and (because := paper["states"][-1]["reason"]):
        words.append(quoted(because))
    return ", ".join(words)


def shown(value: object, most: int = 100) -> str:
    """A value that others wrote, on one line, without characters that cannot be kept or printed; at most so many."""
    text = "".join(letter if letter.isprintable() else " " for letter in str(value))
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[:most]}…"


def quoted(text: str) -> str:
    """Words of others as they stand, whatever Markdown they hold; of long ones the beginning."""
    return f"`{shown(text, 500).replace('`', '´')}`"


def _numbers(given: Mapping[str, Any], recipients: Sequence[str]) -> dict[str, str]:
    """{recipient: number} of the papers whose number was given; of these recipients, where some are named."""
    numbers = {name.removeprefix(NUMBER): str(given[name]) for name in given if name.startswith(NUMBER) and given[name]}
    return {code: numbers[code] for code in recipients or numbers if code in numbers}


def _kept(given: Mapping[str, Any]) -> dict[str, Any]:
    """The values of an earlier answer that the form takes."""
    kept = {name: given[name] for name in given if name in NOTHING_GIVEN or name.startswith(NUMBER)}
    for name in DAYS:
        try:
            _day(kept, name)
        except PublicationRefused:
            kept.pop(name, None)
    return kept


def _day(given: Mapping[str, Any], name: str) -> date:
    """A day of the form. PublicationRefused where it is missing or cannot be read."""
    value, field = given.get(name), phrase(f"form.{name}").lower()
    if not value:
        raise recipient_papers.refused("form.day_missing", field=field)
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise recipient_papers.refused("form.no_day", field=field, value=shown(value)) from None


def _link(address: str, page_url: str | None, names: Mapping[str, str]) -> str:
    """A document as a link that a browser opens, or as the path that it has."""
    path = urlsplit(address).path
    *_, recipient, file_name = unquote(path).split("/")
    label = f"{names[recipient]}: {file_name}" if recipient in names else file_name
    if page_url:
        below = "/".join(unquote(path).split("/")[-4:])  # report, version, recipient, name
        return f"[{label}]({page_url.rstrip('/')}/{quote(below)})"
    if address.startswith(("http://", "https://")):
        return f"[{label}]({address})"
    return f"`{unquote(path) if address.startswith('file:') else address}`"
