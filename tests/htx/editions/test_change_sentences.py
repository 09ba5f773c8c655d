"""The changes of a version, as the documents print them."""

from htx.editions.change_sentences import printed_changes


def test_what_reports_are_about_themselves_is_not_printed_for_their_recipients():
    changes = [({"indicator_code": "T17"}, "T17 changed"), ({"indicator_code": "T01"}, "T01 changed")]
    assert printed_changes("P-1", changes) == ("T01 changed",)
