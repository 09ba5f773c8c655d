"""`htx mail`: files that units mail, and answers that are mailed to them."""

import click

from htx import environment
from htx.commands.instants import as_of
from htx.commands.output import print_found


@click.group("mail")
def mail() -> None:
    """Mail: files from the mailbox of MAILBOX_URL, and answers to senders."""


def _mailbox_url() -> str:
    url = environment.mailbox_url()
    if not url:
        raise click.UsageError("MAILBOX_URL names no mailbox.")
    return url


@mail.command("read")
@click.option("--json", "as_json", is_flag=True, help="A JSON object, the number of mails in each state.")
def read(as_json: bool) -> None:
    """Put the workbooks that units mailed since into the inbox. The mails stay in the mailbox as they are."""
    from htx import steps

    counts = steps.read_mailbox(environment.warehouse_url(), _mailbox_url(), environment.inbox_url())
    print_found(counts, as_json, [f"{state}: {count}" for state, count in sorted(counts.items())])


@mail.command("list")
@click.option("--json", "as_json", is_flag=True, help="A JSON array, one object per mail.")
def list_(as_json: bool) -> None:
    """List the mails that were read, the oldest first: from whom, what became of each, of which unit, what was doubted.

    A mail of a unit that brought no file (without_file) is answered; `htx mail undelivered` lists it if that failed."""
    _print_mails(None, as_json)


@mail.command("waiting")
@click.option("--json", "as_json", is_flag=True, help="A JSON array, one object per mail.")
def waiting(as_json: bool) -> None:
    """List the mails that wait for a person: from whom, and why their files are not taken by themselves."""
    _print_mails("waiting", as_json)


def _print_mails(state: str | None, as_json: bool) -> None:
    from ingestion.intake import mailbox
    from warehouse.migrations import open_warehouse
    from warehouse.reference.dates_vi import instant_vi
    from warehouse.reference.phrases import phrase

    with open_warehouse(environment.warehouse_url()) as connection:
        found = mailbox.mails(connection, state)
    lines = []
    for each in found:
        about = [each["mail_id"], instant_vi(each["received_at"]), each["sender"], each["unit_code"]]
        about.append(phrase(f"mail_doubt.{each['doubt']}") if each["doubt"] else None)
        lines.append("  ".join(filter(None, about if state else [*about, each["state"]])))
    print_found(found, as_json, lines)


@mail.command("release")
@click.argument("mail_id", metavar="ID")
@click.option("--unit", required=True, help="Code of the unit whose report it is, as on the roster.")
@click.option("--by", required=True, help="Who decides.")
@click.option("--json", "as_json", is_flag=True, help="A JSON object: mail_id, files.")
def release(mail_id: str, unit: str, by: str, as_json: bool) -> None:
    """Let the files of a waiting mail in, as those of a unit, as of the time at which the mail came."""
    from ingestion.intake import mailbox
    from warehouse.migrations import open_warehouse
    from warehouse.reference.reference_data import UnknownUnit, plan_folder, read_reference

    if not any(code == unit for _, code in read_reference(plan_folder()).roster):
        raise UnknownUnit(f"The roster (reporting_roster.csv) has no unit {unit}.")
    with open_warehouse(environment.warehouse_url()) as connection:
        files = mailbox.release(connection, _mailbox_url(), environment.inbox_url(), mail_id, unit, by)
    print_found({"mail_id": mail_id, "files": files}, as_json, [f"{mail_id}: {files} files for {unit}"])


@mail.command("dismiss")
@click.argument("mail_id", metavar="ID")
@click.option("--by", required=True, help="Who decides.")
def dismiss(mail_id: str, by: str) -> None:
    """Close a waiting mail without its files. It stays in the mailbox."""
    from ingestion.intake import mailbox
    from warehouse.migrations import open_warehouse

    with open_warehouse(environment.warehouse_url()) as connection:
        mailbox.dismiss(connection, mail_id, by)
    click.echo(mail_id)


@mail.command("answer")
@as_of("The date of the mails")
@click.option("--json", "as_json", is_flag=True, help="A JSON object: sent, failed, left.")
def answer(as_of, as_json: bool) -> None:
    """Mail the answers that are owed to senders: receipt, verdict, first findings and the annotated copy.

    Each goes to the unit's mailbox of unit_mailboxes.csv, once, MAILS_PER_MINUTE in a minute."""
    from htx.mail import command_server, sender_answers

    smtp_url = command_server.smtp_url()
    if smtp_url is None:  # what is owed stays owed: a secrets backend of Airflow may name a mail server
        raise click.UsageError("SMTP_URL names no mail server.")
    counts = sender_answers.answer_senders(
        environment.warehouse_url(), as_of, environment.outbox_url(), smtp_url, environment.mails_per_minute()
    )
    print_found(counts, as_json, [f"{name}: {count}" for name, count in counts.items()])


@mail.command("undelivered")
@click.option("--json", "as_json", is_flag=True, help="A JSON array, one object per answer.")
def undelivered(as_json: bool) -> None:
    """List whom to call: answers that could not be mailed, with each cell and what to say about it."""
    from htx.mail import sender_answers
    from warehouse.migrations import open_warehouse
    from warehouse.reference.phrases import phrase
    from warehouse.reference.reference_data import plan_folder, read_reference

    with open_warehouse(environment.warehouse_url()) as connection:
        letters = sender_answers.undelivered(connection, read_reference(plan_folder()))
    found = [
        {
            "unit": each.unit_code,
            "name": each.unit_name,
            "receipt_number": each.receipt_number,
            "verdict": each.verdict,
            "state": each.state,
            "error": each.error,
            "mailbox": each.mailbox,
            "findings": [
                {"sheet_code": one.sheet_code, "cell": one.cell, "message_vi": one.message_vi} for one in each.findings
            ],
        }
        for each in letters
    ]
    lines = []
    for each in letters:
        state = phrase(f"answer_state.{each.state}")
        lines.append("  ".join([each.unit_code, each.unit_name, each.receipt_number, state]))
        lines += [f"  {each.unit_code}  {one}" for one in (each.error, each.is_of_mail and each.about_vi) if one]
        for one in each.findings:
            lines.append("  ".join(filter(None, [f"  {each.unit_code}", one.sheet_code, one.cell, one.message_vi])))
    print_found(found, as_json, lines)


@mail.command("told")
@click.argument("receipt_number", metavar="RECEIPT")
@click.option("--by", required=True, help="Who told the unit.")
def told(receipt_number: str, by: str) -> None:
    """Record that somebody told a unit what became of its file: the answer is not mailed any more."""
    from htx.mail import sender_answers
    from warehouse.migrations import open_warehouse
    from warehouse.reference.reference_data import plan_folder, read_reference

    with open_warehouse(environment.warehouse_url()) as connection:
        count = sender_answers.note_told(connection, read_reference(plan_folder()), receipt_number, by)
    if not count:
        raise click.UsageError(f"No answer to {receipt_number} is owed: `htx mail undelivered` lists those that are.")
    click.echo(receipt_number)
