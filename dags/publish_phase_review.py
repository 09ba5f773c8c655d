"""Drafts the review of a phase when all its reports are in, or at its deadline; records what becomes of the paper.

A run looks each morning, and after each build, for a phase that is due. Another system requests one by triggering a run
with {"phase": ..., "kind": "phase_review"}, or with that as the extra of an event of the asset
`report_requests`; `force_because` publishes a report that is not ready, and the report prints that reason; `as_of` sets
the clock, in a warehouse of the example alone. Idempotent: the same figures are one publication. XCom `publish` answers
at once, `answer` at the end; "not ready" is an answer, too. A new edition is a draft. The form in `decide` waits for a
person of the Union, who says that it was signed, issued, returned or refused; `record` keeps that, and another run asks
on while something is left to do. A copy is mailed only of what is signed, when that person says so.

When it fails: the warehouse, the folder of reports or the mail server could not be reached, or there is a bug. An
engineer reads the log, fixes the cause and clears the task: nothing is published, recorded or mailed twice.
"""

from airflow.sdk import dag

from dags.parts.arguments import publishing
from dags.parts.paper import decide
from dags.parts.publications import answer, publish, record, send
from dags.parts.requests import choose


@dag(**publishing("publish_phase_review", __doc__, "phase_review", "phase"))
def publish_phase_review():
    request = choose("phase_review")
    outcome = publish(request)
    recorded = record(request, outcome, decide(outcome, "phase_review"))
    answer(outcome, send(request, outcome, recorded))


publish_phase_review()
