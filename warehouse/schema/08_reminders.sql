-- Reminders

create table if not exists quality.reminders (
    report_year integer not null,
    reminder_code text not null,
    addressee text not null,
    state text not null check (state in ('nothing_owed', 'claimed', 'sent')),
    owed integer not null,
    message_id text,
    mailbox text,
    delivered_to text,
    decided_at timestamptz not null,
    recorded_at timestamptz not null default now(),
    primary key (report_year, reminder_code, addressee)
);
comment on table quality.reminders is
    'What became of each reminder (reminder_schedule.csv). A row is written before its message is sent, so that the same'
    ' message never goes twice. One row per report year, reminder and addressee.';
comment on column quality.reminders.addressee is
    'Code of the reporting unit, or ''union'' for the Union''s overview of all of them.';
comment on column quality.reminders.state is
    'nothing_owed: the unit was done, and heard nothing; claimed: being sent, or cut short while it was (whether it'
    ' arrived is not known, and it is not sent again); sent.';
comment on column quality.reminders.owed is 'How many things the message asks for.';
comment on column quality.reminders.delivered_to is 'The mail server, or the path below the outbox.';
comment on column quality.reminders.decided_at is 'The instant as of which it was decided what is owed.';
