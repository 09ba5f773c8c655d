"""Publishes the review of a phase when all its reports are in, or at its deadline; sends it when the Union approved.

A run looks each morning, and after each build, for a phase that goes now. Another system asks for one by triggering a
run with {"phase": ..., "kind": "phase_review"}, or with that as the extra of an event of the asset `report_requests`;
`as_of` sets the clock, `force_because` publishes what is not ready, with that reason in it. The same figures are one
publication, however often they are asked for. XCom `publish` says at once what came of it, `answer` at the end; not
being ready is an answer, too. A new version waits in `approve` for a person of the Union: refused, it is kept unsent.

When it fails: the warehouse, the folder of reports or the mail server could not be reached, or the program is wrong.
An engineer reads the log, mends the cause and clears the task: nothing is published or sent twice.
"""

from airflow.sdk import dag

from dags.parts.publications import answer, approve, choose, params, publish, send, when_due


@dag(
    schedule=when_due("publish_phase_review"),
    params=params("phase_review", "phase"),
    max_active_runs=16,  # one may wait for its approval for weeks
    doc_md=__doc__,
    tags=["publications"],
)
def publish_phase_review():
    request = choose("phase_review")
    outcome = publish(request)
    sent = send(request, outcome, approve(outcome))
    answer(outcome, sent)


publish_phase_review()
