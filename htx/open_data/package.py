"""What a folder of tables says of itself: a Frictionless data package (datapackage.json), with an entry for a catalogue
of data sets (DCAT-AP, as JSON-LD).

Both have Vietnamese and English. Without the suffix _en a text of the package is Vietnamese.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from htx.open_data.tables import Table, Words
from warehouse.reference.csv_rows import InvalidReferenceData, read_rows
from warehouse.reference.reference_data import plan_folder

FIELD_TYPES = {
    "integer": "integer", "bigint": "integer", "numeric": "number", "boolean": "boolean", "date": "date",
    "timestamp with time zone": "datetime",
}  # fmt: skip
MEDIA_TYPES = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}
AUTHORITY = "http://publications.europa.eu/resource/authority"
CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


@dataclass(frozen=True)
class File:
    """A written file. `path` is relative to datapackage.json."""

    table: Table
    format: str
    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Subject:
    """What is exported: `bi` as a build made it, or an edition."""

    version: str
    at: datetime
    """the instant from which on the figures are what they are"""
    frequency: str
    """how often they change: a code of DCAT-AP's list of frequencies"""
    suffix: str = ""
    """of the name of the package"""
    title: Words | None = None
    """what of the data set it is; None for all of it"""
    described: Mapping[str, dict] = field(default_factory=dict)
    """what else the package says of it"""

    @property
    def instant(self) -> str:
        return self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def data_package(subject: Subject, files: Sequence[File], sha256: str, years: Sequence[int]) -> dict:
    """The content of datapackage.json. `sha256`: of all files; `years`: the first and the last one of the figures.

    Raises InvalidReferenceData."""
    about = _about()
    name = name_of(subject)
    title = _joined(about["title"], subject.title)
    exported = {each.table.name for each in files}
    licence = {"name": about["licence_name"].vi, "path": about["licence_url"].vi}
    licences = [{**licence, **_both("title", about["licence_title"])}]
    return {
        "name": name,
        "id": f"urn:sha256:{sha256}",
        "version": subject.version,
        "created": subject.instant,
        **_both("title", title),
        **_both("description", about["description"]),
        "licenses": licences,
        "sources": [_both("title", about["source"])],
        "contributors": [
            {**_both("title", about["publisher"]), "role": "publisher", "email": about["contact"].vi},
        ],
        "keywords": [*_items(about["keywords"].vi), *_items(about["keywords"].en)],
        "sha256": sha256,
        **subject.described,
        "resources": [_resource(each, exported, licences) for each in files],
        "dcat": _dcat(subject, name, title, about, files, years),
    }


def name_of(subject: Subject) -> str:
    """The name of the package: another one for each edition. Raises InvalidReferenceData."""
    return _about()["name"].en + subject.suffix


def left_out() -> tuple[set[str], Words]:
    """Which columns of `bi` are not shared, as table.column, and why. Raises InvalidReferenceData."""
    about = _about()
    if not {"left_out", "left_out_because"} <= about.keys():
        raise InvalidReferenceData(
            "open_data.csv needs the rows left_out, the columns of bi that are not shared (none if all are), and"
            " left_out_because, the reason."
        )
    return {*_items(about["left_out"].en)} - {"none"}, about["left_out_because"]


def _about() -> dict[str, Words]:
    rows = read_rows(plan_folder() / "open_data.csv")
    return {row["property"]: Words(en=row["text_en"], vi=row["text_vi"]) for row in rows}


def _resource(file: File, exported: Iterable[str], licences: Sequence[dict]) -> dict:
    """A file with the schema of its table: types, keys, words. Frictionless reads the rows of CSV files alone."""
    table = file.table
    resource = {
        "name": _name(table.name, file.format),
        "path": file.path,
        **_both("title", table.words.title),
        **_both("description", table.words),
        "licenses": licences,
        "format": file.format,
        "mediatype": MEDIA_TYPES[file.format],
        "bytes": file.bytes,
        "hash": f"sha256:{file.sha256}",
        "schema": {
            "fields": [
                {
                    "name": each.name,
                    "type": FIELD_TYPES.get(each.type, "string"),
                    **_both("title", each.words.title),
                    **_both("description", each.words),
                    **({"constraints": {"required": True}} if each.name in table.key else {}),
                }
                for each in table.columns
            ],
            "missingValues": [""],
            "primaryKey": list(table.key),
            "foreignKeys": [
                {
                    "fields": list(columns),
                    "reference": {"resource": _name(other, file.format), "fields": list(key)},
                }
                for columns, other, key in table.references(exported)
            ],
        },
    }
    if file.format != "csv":
        return {"type": "file", **resource}
    dialect = {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "doubleQuote": True, "header": True}
    return {"profile": "tabular-data-resource", **resource, "encoding": "utf-8", "dialect": dialect}


def _name(table: str, format: str) -> str:
    return table if format == "csv" else f"{table}.{format}"


def _dcat(
    subject: Subject, name: str, title: Words, about: Mapping[str, Words], files: Sequence[File], years: Sequence[int]
) -> dict:
    licence = {"@id": about["licence_url"].vi}
    return {
        "@context": CONTEXT,
        "@type": "dcat:Dataset",
        "dct:identifier": name,
        "dcat:version": subject.version,
        "dct:title": _literals(title),
        "dct:description": _literals(about["description"]),
        "dct:publisher": {"@type": "foaf:Organization", "foaf:name": _literals(about["publisher"])},
        "dcat:contactPoint": {
            "@type": "vcard:Organization",
            "vcard:fn": _literals(about["publisher"]),
            "vcard:hasEmail": {"@id": f"mailto:{about['contact'].vi}"},
        },
        "dcat:keyword": [
            {"@language": language, "@value": word}
            for language, words in (("vi", about["keywords"].vi), ("en", about["keywords"].en))
            for word in _items(words)
        ],
        "dcat:theme": [{"@id": f"{AUTHORITY}/data-theme/{code}"} for code in _items(about["themes"].en)],
        "dct:language": [{"@id": f"{AUTHORITY}/language/{code}"} for code in ("VIE", "ENG")],
        "dct:accrualPeriodicity": {"@id": f"{AUTHORITY}/frequency/{subject.frequency}"},
        "dct:accessRights": {"@id": f"{AUTHORITY}/access-right/PUBLIC"},
        "dct:license": licence,
        "dct:provenance": {"@type": "dct:ProvenanceStatement", "dct:description": _literals(about["source"])},
        "dct:spatial": {
            "@type": "dct:Location",
            "dct:title": _literals(about["place"]),
            "dct:identifier": about["place_code"].vi,
        },
        "dct:temporal": {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": {"@type": "xsd:date", "@value": f"{years[0]}-01-01"},
            "dcat:endDate": {"@type": "xsd:date", "@value": f"{years[-1]}-12-31"},
        },
        "dct:modified": {"@type": "xsd:dateTime", "@value": subject.instant},
        "dcat:distribution": [
            {
                "@type": "dcat:Distribution",
                "dct:title": _literals(each.table.words.title),
                "dct:description": _literals(each.table.words),
                "dcat:accessURL": {"@id": each.path},
                "dcat:downloadURL": {"@id": each.path},
                "dcat:mediaType": {"@id": f"https://www.iana.org/assignments/media-types/{MEDIA_TYPES[each.format]}"},
                "dct:format": {"@id": f"{AUTHORITY}/file-type/{each.format.upper()}"},
                "dcat:byteSize": {"@type": "xsd:nonNegativeInteger", "@value": str(each.bytes)},
                "dct:license": licence,
                "spdx:checksum": {
                    "@type": "spdx:Checksum",
                    "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
                    "spdx:checksumValue": each.sha256,
                },
            }
            for each in files
        ],
    }


def _joined(words: Words, more: Words | None) -> Words:
    return Words(en=f"{words.en}: {more.en}", vi=f"{words.vi}: {more.vi}") if more else words


def _both(name: str, words: Words) -> dict[str, str]:
    return {name: words.vi or words.en, f"{name}_en": words.en}


def _literals(words: Words) -> list[dict[str, str]]:
    return [{"@language": "vi", "@value": words.vi}, {"@language": "en", "@value": words.en}]


def _items(text: str) -> list[str]:
    return [each.strip() for each in text.split(";")]
