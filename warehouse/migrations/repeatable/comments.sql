-- What each table of raw, quality and undo holds. Applied after every migration, so that a comment is written once.

comment on schema raw is 'What was received, unchanged, as text. One writer; nothing accepted is ever deleted.';
comment on schema quality is 'Findings about files and about history, and the log of builds.';
comment on schema undo is 'What the last promotion changed, for a rollback. Not for readers.';
comment on table quality.schema_versions is 'Version of the project''s tables, views and comments. One row.';
comment on table quality.alembic_version is 'The last numbered migration that was applied. One row.';

-- Files and their content

comment on table raw.files is
    'Bytes of every file received, without the names of its authors; hash and byte_count are of the file as received.'
    ' content is null for files that must not be kept (personal data), and for files over the size limit, whose hash and'
    ' byte_count are those of the part that was read. One row per content.';
comment on table quality.personal_data_scans is
    'That what an earlier version kept was searched for personal data, which was removed. One row per search.';
comment on column quality.personal_data_scans.removed is 'Files whose bytes were removed.';
comment on table raw.received_files is
    'A file as received in a folder, with the fields of its cover (null where the cover could not be read) and the'
    ' verdict. One row per folder and content.';
comment on column raw.received_files.received_at is
    'Arrival time by the storage; the earliest where the same content was seen several times.';
comment on column raw.received_files.first_seen_at is 'When we first saw the file: later than received_at after an outage.';
comment on column raw.received_files.cover is '{field code: canonical text}';
comment on column raw.received_files.reference_sha256 is 'Version of the reference data under which it was validated.';
comment on table raw.receipts is
    'Every arrival of a file: the same bytes sent twice are received once, and have two rows here.'
    ' One row per file, instant and name.';
comment on table raw.lock_exceptions is
    'Permission for a unit to submit to a locked year. Never deleted, only revoked. One row per exception.';
comment on column raw.lock_exceptions.granted_at is 'Start of the permission: covers files received from this instant on...';
comment on column raw.lock_exceptions.valid_until is '...and before this one, or before revoked_at.';
comment on table raw.lock_exception_uses is
    'Files accepted into a locked year under an exception. One row per exception and file.';
comment on table raw.sheets is
    'Where the columns of a sheet were found. One row per file and sheet; for the cover, the cell of each field.';
comment on column raw.sheets.columns is '{field code: column letter}; for the cover {field code: cell}';
comment on column raw.sheets.unknown_columns is '{column letter: header} of columns that the form does not have.';
comment on table raw.sheet_rows is
    'Rows of the sheets of accepted files, in one table per sheet (sheet_other: sheets of a later form).'
    ' One row per file, sheet and row.';
comment on column raw.sheet_rows.row_number is 'The row number in the workbook.';
comment on column raw.sheet_rows.sent is '{column letter: text as sent}';
comment on column raw.sheet_rows.read is '{field code: canonical text}; a blank cell has no key.';
comment on column raw.sheet_rows.row_key is
    'Natural key of the row within its sheet: its key fields, joined by |; null where one of them is blank.';
comment on table raw.inbox_sightings is
    'Files of the inbox as they were seen. One row per address, time of storage and size.';
comment on column raw.inbox_sightings.submission_id is 'The file that was loaded; null until then.';
comment on column raw.inbox_sightings.not_before is 'The last look at its folder that did not show it; null where there was none.';
comment on column raw.inbox_sightings.seen_at is 'The first look that showed it.';
comment on table raw.mails is
    'Mails of the mailbox that were read. One row per mail; the mail itself stays in its mailbox.';
comment on column raw.mails.received_at is 'When our mail server received it (INTERNALDATE).';
comment on column raw.mails.sender is 'The From address; empty where there is none, or several.';
comment on column raw.mails.doubt is 'Why a person had to decide on its files; null where none had to.';
comment on column raw.mails.unit_code is 'The unit that it is of, in whose folder its files were put.';
comment on column raw.mails.decided_by is 'Who released or dismissed it.';
comment on table raw.mail_files is
    'Files of the inbox that came by mail, with their times of receipt. One row per address and size.';
comment on table raw.inbox_looks is
    'The last time at which a folder of the inbox was read to its end. One row per folder.';
comment on table raw.receipt_amendments is
    'Corrections of times of receipt (htx receipts amend). One row per correction.';
comment on column raw.receipt_amendments.old_received_at is 'The time of receipt before.';
comment on table raw.example_mark is
    'One row in a warehouse that holds the example province, where times of receipt and the clock may be set.';

-- The registry

comment on table raw.registry_snapshots is
    'Pulls of the registry. One row per day and content; a pull that found nothing new adds none.';
comment on column raw.registry_snapshots.speaks_of is 'The day as of which the registry was pulled.';
comment on column raw.registry_snapshots.row_counts is '{table: rows}';
comment on column raw.registry_snapshots.shrink_allowed_because is
    'Why a pull with less than 95 % of the rows of the last one was allowed; null for all others.';
comment on table raw.registry_contents is 'The rows of a registry content. One row per content, table and row.';
comment on table raw.registry_cooperatives is
    'Cooperatives of the registry, as text. One row per distinct row: an unchanged row is kept once.';
comment on table raw.registry_managers is
    'Managers of the registry, as text, without names of persons. One row per distinct row.';
comment on table raw.registry_classifications is
    'Yearly classifications of the registry, as text. One row per distinct row.';

-- Publications

comment on table raw.model_versions is
    'Compiled SQL of all dbt models, as JSON, to recompute published figures. One row per content.';
comment on table raw.reference_contents is 'A file of reference data as of a build. One row per content.';
comment on column raw.reference_contents.content is '{"columns": [[name, type], ...], "rows": [{column: value}, ...]}';
comment on table raw.reference_versions is
    'All files of reference data of a build. One row per version and file.';
comment on table raw.publications is
    'Reports that the province published, and the inputs of their figures. Append only. One row per publication.';
comment on column raw.publications.published_at is 'The instant as of which its figures are: their received_by.';
comment on column raw.publications.recorded_at is 'When its figures were stored: seen_by of its figures.';
comment on column raw.publications.figures_sha256 is 'Hash of its rows in publication_figures and publication_verdicts.';
comment on column raw.publications.state_sha256 is 'Input fingerprint of the public marts at that time (quality.builds).';
comment on column raw.publications.models_sha256 is 'Code of its figures (raw.model_versions).';
comment on column raw.publications.reference_sha256 is 'Reference data of its figures (raw.reference_versions).';
comment on column raw.publications.version is
    'major.minor.patch; null if the report was sent outside this system and only registered.';
comment on column raw.publications.supersedes is 'The version before it.';
comment on column raw.publications.forced_because is 'Why it was published before it was ready, as printed in it.';
comment on column raw.publications.missing_sections is
    'Sections of the draft that lack the Union''s own words (sheet 12_DANH_GIA). It is not signed before its Word file has them.';
comment on column raw.publications.replaces is 'The last edition of the same report that was issued before.';
comment on column raw.publications.missing_units is 'Names of mandatory units without a report, as printed in it.';
comment on column raw.publications.readiness is 'Its row of reports.rpt_publication_readiness at that time.';
comment on column raw.publications.tables_sha256 is
    '{table of the documents: hash of its rows}, without rows that publishing itself changes.';
comment on table raw.publication_inputs is
    'Inputs of the figures of a publication. One row per publication and file, registry snapshot, earlier publication'
    ' or sending of one.';
comment on table raw.publication_figures is
    'Figures as published, with the columns of marts.fct_indicator_values. Append only.'
    ' One row per publication and figure.';
comment on table raw.publication_verdicts is
    'Verdicts as published, with the columns of marts.fct_indicator_verdicts. Append only.'
    ' One row per publication, indicator and report year.';
comment on table raw.publication_documents is
    'Documents as published. Append only. One row per publication, recipient and format.';
comment on table raw.publication_changes is
    'Differences between a version and the version before it, the province first. Append only. One row per publication'
    ' and change: an indicator or unit added or removed, a column of a figure, a table.';
comment on column raw.publication_changes.column_name is
    'The column of the figure; for a table of the documents whose text changed, the name of the table.';
comment on column raw.publication_changes.reason is
    'new_files: files received since; new_registry: a registry snapshot; changed_reference: decisions and other rows of'
    ' CSV files; changed_code: the models; publications: reports published or sent since.';
comment on column raw.publication_changes.cause is 'The files, rows or models behind the change.';
comment on column raw.publication_changes.cell is
    'With submission_id to cell_new_value: the first cell that changed the figure, in the file that brought it.';
comment on column raw.publication_changes.cell_old_value is 'Value in the file that counted before; null: it had no such row.';
comment on table raw.publication_priority_counts is
    'The province''s count of a priority group as an edition gave it: a multiple of five, under five, or suppressed.'
    ' Append only. One row per publication, measure, report year and priority group.';
comment on column raw.publication_priority_counts.is_earlier is
    'Whether the figure of an earlier edition stands, since a new one would reveal a small count of a unit.';
comment on table raw.publication_sendings is
    'Recipients of a publication, and who approved sending it. Append only. T17 and T18 count those that are no copy.'
    ' One row per publication and recipient.';
comment on column raw.publication_sendings.recipient is 'Code of the recipient.';
comment on column raw.publication_sendings.sent_at is 'When it was sent.';
comment on column raw.publication_sendings.decided_by is 'Who approved it, or who recorded that it was sent.';
comment on column raw.publication_sendings.channel is 'mail, file, or recorded where it was sent outside this system.';
comment on column raw.publication_sendings.is_copy is
    'Whether a copy of an edition was mailed, which issues nothing; false before version 0.5.0, when mail was the issue.';
comment on column raw.publication_sendings.recorded_at is 'When this row was written: seen_by of the sending.';
comment on table raw.publication_states is
    'What became of an edition as a paper: returned for editing, refused, signed, issued. Without a row it is a draft.'
    ' Append only: of several rows of one state the last counts. One row per publication, recipient and record.';
comment on column raw.publication_states.happened_on is 'The day of it, by the office: of the signature, of the issue.';
comment on column raw.publication_states.paper_number is 'Number and symbol of the signed paper.';
comment on column raw.publication_states.channel is
    'How it was issued: exchange (the document exchange of the State), post, by_hand.';
comment on column raw.publication_states.reason is 'Why it was returned or refused; why an earlier row is corrected.';
comment on column raw.publication_states.file_sha256 is
    'Of the signed file or of the evidence of issue, in raw.publication_files; null where none was kept.';
comment on column raw.publication_states.recorded_at is 'The instant of the machine, beside the day of the office.';
comment on table raw.publication_files is
    'Files of the office beside the generated documents: edited Word files, the signed file, evidence of issue.'
    ' Append only: the last edited file counts. One row per publication, recipient, kind, content and instant.';
comment on table quality.publication_differences is
    'Published figures that would differ today, by the last verification. The steps of a figure form a chain from the'
    ' published to today''s value. One row per publication, figure, column and step.';
comment on column quality.publication_differences.reason is
    'late_data: received in time, loaded later; changed_reference: a decision, rule or other reference row;'
    ' changed_code: the models; unexplained: the stored inputs do not reproduce the stored figures.';
comment on column quality.publication_differences.cause is 'The file, row or version behind the difference.';
comment on table quality.target_sensitivity is
    'Scenarios: the targets under every option of every configurable decision, computed after dbt and read by reports.'
    ' One row per decision, option, indicator and report year.';

comment on table quality.restated_changes is
    'Changes on the year before, of years in which a decision begins: both years under that decision, computed after'
    ' dbt. One row per indicator, measure and report year.';
comment on table raw.accepted_verdicts is
    'Verdicts of issued years that a change of reference data moves, accepted by a person (htx build --accept). One row'
    ' per indicator, year and acceptance.';

-- Findings

comment on table quality.file_findings is
    'Findings that depend on the file, the rules and the reference data alone; written with the file.'
    ' One row per finding.';
comment on column quality.file_findings.row_key is
    'Key of the row, as in raw.sheet_rows: rejected files have no rows there, but their findings may be answered.';
comment on table quality.history_findings is
    'Findings that depend on the registry, on history or on other units; recomputed by each build.'
    ' One row per finding.';
comment on table quality.marked_copies is
    'Annotated workbooks that were written again after a build. One row per file.';
comment on column quality.marked_copies.state is
    'Hash of the findings in the copy that were not known at loading; empty where there are none.';
comment on table quality.owed_letters is
    'Verdicts that were not mailed to their units yet. One row per file and verdict; deleted once it is delivered, or'
    ' somebody told the unit.';
comment on table quality.owed_answers is
    'Files whose annotated workbooks are not in the outbox yet, because a run was interrupted or the outbox could not'
    ' be written; the next run writes them. One row per file.';

-- Builds

comment on table quality.builds is
    'Builds of the marts, and their outcomes (null while running, or when killed). One row per build.';
comment on column quality.builds.models_sha256 is 'Code of the build (raw.model_versions).';
comment on column quality.builds.reference_sha256 is 'Reference data of the build (raw.reference_versions).';
comment on column quality.builds.state_sha256 is
    'Input fingerprint: hash of everything received, the reference data and the models.';
comment on column quality.builds.finished_at is 'For a build that was rolled back: when it had been promoted.';
comment on column quality.builds.rolled_back_because is 'Reason given for the rollback; null when none was given.';
comment on table quality.next_build is
    'The build whose tables are in next_marts, next_reports, next_bi and next_quality, and its last finished step. One'
    ' row: the latest build.';

comment on table quality.gate_results is
    'What became of each check of a gate; rows of more than 400 days are deleted. One row per evaluation and gate.';
comment on column quality.gate_results.build_id is 'The build whose tables were checked; null before dbt.';
comment on column quality.gate_results.level is 'Of gates.csv: a critical gate that failed refuses the build.';
comment on column quality.gate_results.sentence is 'Which rows failed; null where it passed.';
comment on column quality.gate_results.sentence_vi is
    'The same in Vietnamese, for notices; null where it passed, and of earlier evaluations.';
comment on table quality.rehearsals is
    'Backups that were restored into another server and proved there. One row per rehearsal that succeeded.';

comment on table quality.build_clock is
    'What the latest build knows of the calendar: of the dates of the province''s reports, the last that had passed.'
    ' One row.';

comment on table quality.promoted_tables is
    'Tables created by promoting, which may be dropped when no model builds them any more. One row per table.';


comment on table undo.promotion is 'The last promotion. One row.';
comment on column undo.promotion.refused_because is 'Why it cannot be rolled back; null where it can.';
comment on table undo.rows is 'Rows deleted or inserted by the last promotion. One row per row and change.';
comment on column undo.rows.deleted_row is 'The row as text, in the input format of its table.';
comment on column undo.rows.inserted_key is 'Hash of all values of the row.';

-- Mail

comment on table quality.mailings is
    'Attempts to mail notices and copies of papers. Append only. An attempt is claimed before it is sent: one that is'
    ' neither delivered nor failed was interrupted, may have arrived, and is not repeated by itself.'
    ' One row per message, attempt and event.';
comment on column quality.mailings.message_id is 'The Message-ID, without its domain.';
comment on column quality.mailings.delivered_to is 'The mail server, or the path below the outbox.';
comment on column quality.mailings.error is 'What the mail server said, or who released an interrupted attempt.';
comment on table quality.reminders is
    'Outcome of each reminder (reminder_schedule.csv). The row is written before the message is sent, so that a message'
    ' is never sent twice. One row per report year, reminder and addressee.';
comment on column quality.reminders.addressee is
    'Code of the reporting unit, or ''union'' for the Union''s overview of all of them.';
comment on column quality.reminders.state is
    'nothing_owed: the unit had nothing outstanding, and no message went; claimed: being sent, or interrupted while'
    ' sending (whether it arrived is unknown, and it is not sent again); sent.';
comment on column quality.reminders.owed is 'Number of items outstanding.';
comment on column quality.reminders.delivered_to is 'The mail server, or the path below the outbox.';
comment on column quality.reminders.decided_at is 'The instant as of which the outstanding items were determined.';
