"""The Union's own words in a report, from its own sheet 12_DANH_GIA: a draft without them cannot be signed."""

from collections.abc import Mapping

from reporting.content.tables import Content, union_sections


def sections_missing(content: Content, titles: Mapping[str, str]) -> list[str]:
    """Titles of the sections in which the report still lacks the Union's own words, in the order of the report.

    `titles`: {section: title}, the code list narrative_sections. Which sections a report needs: documents.csv."""
    written = {row["section"] for row in content.tables["narratives"].rows if row["is_union"]}
    return [titles[section] for section in union_sections(content.kind) if section not in written]
