"""`htx publications sign` and others: what became of an edition as a paper."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import click

from htx import environment
from htx.commands.builds import login
from htx.commands.instants import DAY
from htx.commands.output import print_found
from htx.commands.publications import publications

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
CHANNELS = ("exchange", "post", "by_hand")


def of_a_paper(command: Callable) -> Callable:
    """The publication, and who records what, for which recipients."""
    for add in (
        click.option("--json", "as_json", is_flag=True, help="A JSON object."),
        click.option("--by", metavar="NAME", help="Who records it; your login on this machine by default."),
        click.option("--recipient", "recipients", multiple=True, metavar="CODE", help="One recipient; all by default."),
        click.argument("publication_id"),
    ):
        command = add(command)
    return command


correct = click.option("--correct", metavar="REASON", help="Why what was recorded before was wrong; both are kept.")


@publications.command("sign")
@of_a_paper
@click.option("--number", required=True, help="Of one paper, as 245/BC-BTV; 245 with --recipient.")
@click.option("--date", "signed_on", required=True, type=DAY, help="The day of the paper.")
@click.option("--signer", required=True, metavar="NAME", help="Who signed it.")
@click.option("--file", type=FILE, help="The signed file; it is compared with the draft, and kept with its hash.")
@click.option(
    "--correct", metavar="REASON", help="Why an earlier record was wrong, or why a file unlike the draft is it."
)
def sign(
    publication_id: str, recipients: tuple[str, ...], by: str | None, as_json: bool, number: str, signed_on: date,
    signer: str, file: Path | None, correct: str | None,
) -> None:  # fmt: skip
    """Record that a paper was signed: number, day and signer.

    Each recipient's paper has a number of its own: that of the recipient who is named, or whose symbol the number
    has. A number without a symbol gets that of the paper."""
    from htx.editions import papers

    url = environment.warehouse_url()
    numbers = papers.numbers_for(url, publication_id, number, recipients)
    answer = papers.sign(
        url, publication_id, numbers, signed_on, signer, by or login(), datetime.now(UTC), _read(file), correct
    )
    print_found(answer, as_json, [answer["answer_vi"]])


@publications.command("issued")
@of_a_paper
@click.option("--on", "issued_on", required=True, type=DAY, help="The day of issue, which T17 and T18 count.")
@click.option("--via", "channel", required=True, type=click.Choice(CHANNELS), help="How it was issued.")
@click.option("--evidence", type=FILE, help="A file that shows it, as the receipt of the exchange; it is kept.")
@correct
def issued(
    publication_id: str, recipients: tuple[str, ...], by: str | None, as_json: bool, issued_on: date, channel: str,
    evidence: Path | None, correct: str | None,
) -> None:  # fmt: skip
    """Record that a signed edition was issued, on which day and how."""
    from htx.editions import papers

    answer = papers.issue(
        environment.warehouse_url(), publication_id, issued_on, channel, by or login(), datetime.now(UTC),
        recipients, _read(evidence), correct,
    )  # fmt: skip
    print_found(answer, as_json, [answer["answer_vi"]])


@publications.command("return")
@of_a_paper
@click.option("--because", required=True, metavar="TEXT", help="What is to be edited.")
def return_draft(publication_id: str, recipients: tuple[str, ...], by: str | None, as_json: bool, because: str) -> None:
    """Record that an edition goes back for editing."""
    from htx.editions import papers

    now = datetime.now(UTC)
    answer = papers.return_draft(environment.warehouse_url(), publication_id, because, by or login(), now, recipients)
    print_found(answer, as_json, [answer["answer_vi"]])


@publications.command("refuse")
@of_a_paper
@click.option("--because", required=True, metavar="TEXT", help="Why it is not to be signed.")
def refuse(publication_id: str, recipients: tuple[str, ...], by: str | None, as_json: bool, because: str) -> None:
    """Record that an edition is not to be signed. Until it is returned for editing, it cannot be."""
    from htx.editions import papers

    answer = papers.refuse(
        environment.warehouse_url(), publication_id, because, by or login(), datetime.now(UTC), recipients
    )
    print_found(answer, as_json, [answer["answer_vi"]])


@publications.command("attach")
@of_a_paper
@click.argument("file", required=False, type=FILE)
def attach(publication_id: str, recipients: tuple[str, ...], by: str | None, as_json: bool, file: Path | None) -> None:
    """Keep a file of the office: FILE, a PDF as signed, a Word file as edited; or what is new in the folder of reports.

    There Word files are edited ones; the folders `signed` and `evidence` of a recipient are for signed files and for
    what shows the issue."""
    from htx.editions import office_files

    answer = office_files.attach(
        environment.warehouse_url(), publication_id, by or login(), recipients, _read(file), environment.reports_url()
    )
    print_found(answer, as_json, [answer["answer_vi"]])


@publications.command("compare")
@click.argument("publication_id")
@click.option("--recipient", "recipients", multiple=True, metavar="CODE", help="One recipient; all by default.")
@click.option("--json", "as_json", is_flag=True, help="A JSON array, one object per recipient.")
def compare(publication_id: str, recipients: tuple[str, ...], as_json: bool) -> None:
    """List the figures that a hand has changed in the last Word file, by key, with old and new value and place."""
    from htx.editions import hand_changes

    found = hand_changes.compare(environment.warehouse_url(), publication_id, recipients)
    lines = []
    for each in found:
        lines.append(f"{each['recipient']}: {each['answer_vi']}")
        lines += [f"  {hand_changes.sentence(change)}" for change in each["changes"]]
    print_found(found, as_json, lines)


@publications.command("save")
@click.argument("publication_id")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def save(publication_id: str, folder: Path) -> None:
    """Write the documents of an edition and the files of the office below FOLDER, byte for byte as they were kept."""
    from htx.editions import office_files

    for path in office_files.save(environment.warehouse_url(), publication_id, folder.resolve().as_uri()):
        click.echo(path)


@publications.command("send")
@of_a_paper
@click.option("--again", is_flag=True, help="Also a copy whose sending was interrupted, and which may have arrived.")
def send(publication_id: str, recipients: tuple[str, ...], by: str | None, as_json: bool, again: bool) -> None:
    """Mail a copy of a signed edition to each recipient, once: the signed file where it is kept, and the Excel
    annex where no figure was changed by hand."""
    from htx.editions import copies
    from htx.mail import command_server

    answer = copies.send_copies(
        environment.warehouse_url(), publication_id, by or login(), datetime.now(UTC), environment.outbox_url(),
        command_server.smtp_url(), recipients, again=again,
    )  # fmt: skip
    print_found(answer, as_json, [answer["answer_vi"]])


def _read(path: Path | None) -> tuple[str, bytes] | None:
    return (path.name, path.read_bytes()) if path else None
