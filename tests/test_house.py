"""The rules of the house. Each message says the remedy."""

import ast
import html
import json
import re
import subprocess
import sys
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.datasets import Run

PROJECT = Path(__file__).parents[1]
TOP_LEVEL = {
    "dags", "dbt_project", "docs", "expectations", "htx", "ingestion", "reporting", "tests", "warehouse",
    "CHANGELOG.md", "CONTRIBUTING.md", "Makefile", "NOTICE", "README.md",
    "docker-compose.yml", "extras.lock", "pin-images.sh", "pyproject.toml", "requirements.lock",
}  # fmt: skip
PUBLIC = {"marts", "reports", "bi", "quality"}
IRREGULAR = "chosen|given|held|kept|known|made|put|read|sent|set|shown|taken"  # participles without -ed
REFS = re.compile(r"ref\('(\w+)'\)")
PREFIXES = {"staging": "stg_", "intermediate": "int_", "marts": ("dim_", "fct_"), "reports": "rpt_", "bi": "bi_"}


@pytest.fixture(scope="module")
def models(run: Run) -> list[dict]:
    """The models of dbt's manifest."""
    nodes = json.loads((run.dbt_parse() / "manifest.json").read_text())["nodes"]
    return [node for node in nodes.values() if node["resource_type"] == "model"]


def room(model: dict) -> str:
    return model["fqn"][1]


def tracked_files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [PROJECT / name for name in listed.stdout.splitlines() if (PROJECT / name).is_file()]


LINTERS = {
    ("lint-imports",): "a room may import the rooms below it only",
    ("ruff", "check", "."): "run `ruff check --fix .`",
    ("ruff", "format", "--check", "."): "run `ruff format .`",
    ("mypy",): "annotate what it cannot infer",
}


@pytest.mark.parametrize("command", LINTERS, ids=" ".join)
def test_the_linters_find_nothing(command):
    program = Path(sys.executable).with_name(command[0])
    linted = subprocess.run([program, *command[1:]], cwd=PROJECT, capture_output=True, text=True)
    assert linted.returncode == 0, f"{LINTERS[command]}\n{linted.stdout}"


def test_no_folder_holds_more_modules_than_a_reader_can_hold_in_mind():
    modules = Counter(path.parent.relative_to(PROJECT).as_posix() for path in tracked_files() if path.suffix == ".py")
    assert {folder: count for folder, count in modules.items() if count > 16} == {}, "make it two rooms"


def test_the_top_level_holds_only_what_the_readme_gives_a_reason_for():
    found = {path.relative_to(PROJECT).parts[0] for path in tracked_files()}
    assert {name for name in found if not name.startswith(".")} <= TOP_LEVEL


def test_only_staging_reads_sources(models):
    guilty = [
        model["name"]
        for model in models
        if room(model) != "staging" and any(parent.startswith("source.") for parent in model["depends_on"]["nodes"])
    ]
    assert guilty == [], "read the staging model of that source instead"


def test_a_staging_model_lies_in_the_folder_of_its_one_source_and_reads_nothing_else(models):
    staging = [model for model in models if room(model) == "staging"]
    snapshots = "model.htx.stg_registry__snapshots"  # pins the registry that a build reads
    for model in staging:
        source = model["name"].removeprefix("stg_").split("__")[0]
        parents = {
            parent.split(".")[2] if parent.startswith("source.") else parent
            for parent in model["depends_on"]["nodes"]
            if parent != snapshots and not parent.startswith("seed.")
        }
        assert (model["fqn"][2], parents) == (source, {source}), f"{model['name']}: one folder and one source"


def test_intermediate_models_read_no_marts(models):
    rooms = {model["unique_id"]: room(model) for model in models}
    guilty = [
        (model["name"], parent)
        for model in models
        if room(model) == "intermediate"
        for parent in model["depends_on"]["nodes"]
        if rooms.get(parent) not in ("staging", "intermediate", None)
    ]
    assert guilty == [], "move what both need into an intermediate model"


def test_every_model_of_staging_and_intermediate_is_read(models):
    read = {parent for model in models for parent in model["depends_on"]["nodes"]}
    singular = {ref for path in (PROJECT / "dbt_project/tests").glob("*.sql") for ref in REFS.findall(path.read_text())}
    unread = [
        model["name"]
        for model in models
        if room(model) in ("staging", "intermediate")
        and model["unique_id"] not in read
        and model["name"] not in singular
    ]
    assert unread == [], "delete what nobody reads"


def test_no_model_joins_more_than_eight_relations(models):
    joins = {model["name"]: len(re.findall(r"\bjoin\b", model["raw_code"])) for model in models}
    assert {name: count for name, count in joins.items() if count > 8} == {}, "make it two steps"


def test_no_model_names_a_relation_by_hand(models):
    guilty = [
        (model["name"], line.strip())
        for model in models
        for line in model["raw_code"].splitlines()
        if re.search(r"\b(?:from|join) (?:raw|quality|staging|intermediate|reference|marts|reports|bi)\.", line)
    ]
    assert guilty == [], "use ref() or source()"


def test_reports_read_marts_only(models):
    rooms = {model["unique_id"]: room(model) for model in models}
    guilty = [
        (model["name"], parent)
        for model in models
        if room(model) == "reports"
        for parent in model["depends_on"]["nodes"]
        if rooms.get(parent) != "marts"
    ]
    assert guilty == [], "bring what the report needs into a mart"


def test_bi_reads_marts_reports_and_itself_only_and_no_counts_of_priority_groups_by_unit(models):
    rooms = {model["unique_id"]: room(model) for model in models}
    guilty = [
        (model["name"], parent)
        for model in models
        if room(model) == "bi"
        for parent in model["depends_on"]["nodes"]
        if rooms.get(parent) not in ("marts", "reports", "bi")
        or "fct_priority_groups" in parent
        or "contributions" in parent
    ]
    assert guilty == [], "bring what BI needs into a mart, without counts of priority groups by unit"


def test_models_are_named_after_their_room(models):
    guilty = [
        model["name"]
        for model in models
        if room(model) in PREFIXES and not model["name"].startswith(PREFIXES[room(model)])
    ]
    assert guilty == []


def test_intermediate_models_are_named_by_what_was_done_to_their_rows(models):
    named = re.compile(rf"int_[a-z0-9]\w*_(?:\w+ed|{IRREGULAR})")
    guilty = [model["name"] for model in models if room(model) == "intermediate" and not named.fullmatch(model["name"])]
    assert guilty == [], "name it int_<entities>_<participle>, like int_submissions_ordered"


def test_every_model_says_what_it_is_and_what_one_row_is(models):
    guilty = [model["name"] for model in models if not re.search(r"One row(?: per [^.]+)?\.$", model["description"])]
    assert guilty == [], "end the description in the yml with `One row per ...`"


def test_every_published_model_has_an_enforced_contract_a_key_and_described_columns(models):
    for model in models:
        if room(model) not in PUBLIC:
            continue
        assert model["contract"]["enforced"], f"{model['name']}: enforce its contract"
        keys = [each for each in model["constraints"] if each["type"] == "primary_key"]
        assert len(keys) == 1, f"{model['name']}: name its primary key under constraints"
        undescribed = [name for name, column in model["columns"].items() if not column["description"]]
        assert undescribed == [], f"{model['name']}: describe these columns"


def test_every_model_names_its_primary_key(models):
    guilty = [
        model["name"] for model in models if [each["type"] for each in model["constraints"]].count("primary_key") != 1
    ]
    assert guilty == [], "name it under constraints (tests/dbt_project/test_keys.py checks it)"


def test_models_fit_on_a_page():
    lengths = {path.name: len(path.read_text().splitlines()) for path in (PROJECT / "dbt_project").rglob("*.sql")}
    assert {name: length for name, length in lengths.items() if length > 85} == {}, "make it two steps"


# what a person recognises a row by, or reads beside it
READ_BY_PEOPLE = {"signer_title", "commune_name", "course_name", "note"}


def test_every_field_of_the_latest_form_is_used(reference):
    tables = [*(PROJECT / "dbt_project/models").rglob("*.sql")]
    tables += [*(PROJECT / "dbt_project/models/reports").glob("*.yml")]
    seeds = ("measures", "contribution_rules", "rule_comparisons")
    texts = [*tables, *(PROJECT / f"dbt_project/seeds/{name}.csv" for name in seeds)]
    texts += [*(PROJECT / "expectations/submissions").glob("*.py"), PROJECT / "ingestion/form/contextual_values.py"]
    words = {word for path in texts for word in re.findall(r"\w+", path.read_text(encoding="utf-8"))}
    form = list(reference.forms.values())[-1]
    asked = {field.field_code for sheet in form.sheets.values() for field in sheet.fields}
    marks = {code for code in asked if code.startswith(("nil_", "rest_"))}
    unused = {code for code in asked - marks if not {code, f"{code}_million_vnd"} & words}
    assert unused - READ_BY_PEOPLE == set(), "a field that nothing uses is a `dropped` row of form_fields.csv"


def test_no_year_stands_in_code():
    guilty = [
        f"{path.relative_to(PROJECT)}:{number}: {line.strip()}"
        for path in tracked_files()
        if path.suffix in (".py", ".sql")
        and path.relative_to(PROJECT).parts[0]
        in ("dags", "ingestion", "expectations", "reporting", "warehouse", "dbt_project")
        and "tests" not in path.parts
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if re.search(r"(?<![\w-])20(2[3-9]|30)(?![\w-])", line)
    ]
    assert guilty == [], "years are data: put the year into a seed"


def test_no_file_names_a_registry_host_or_a_path_of_a_machine():
    names = ["pypi" + r"\.org", "python" + "hosted", "npm" + r"js\.", "/" + "root/", "/" + "work/"]
    hosts = re.compile("|".join(names))
    guilty = [
        f"{path.relative_to(PROJECT)}:{number}"
        for path in tracked_files()
        if path.suffix not in (".csv", ".docx", ".xlsx", ".xlsb", ".xls", ".ods", ".png", ".xz")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if hosts.search(line)
    ]
    assert guilty == []


def retired_words() -> re.Pattern[str]:
    """The first column of the table "Retired words" of the glossary, as it says there how to read it."""
    text = (PROJECT / "docs" / "glossary.md").read_text(encoding="utf-8").partition("| retired | write |\n")[2]
    rows = text.partition("\n\n")[0].splitlines()[1:]
    words = [word for row in rows for word in re.findall(r"`([^`]+)`", row.split("|")[1])]
    patterns = [re.escape(word).replace(r"\ ", r"[\s_]").replace(r"\*", r"[^\W\d_]*") for word in words]
    return re.compile(rf"(?<![^\W\d_])(?:{'|'.join(patterns)})(?![^\W\d_])", re.IGNORECASE)


def test_no_file_uses_a_word_that_the_glossary_retired():
    retired = retired_words()
    guilty = [
        f"{path.relative_to(PROJECT)}:{number}: {found.group()}"
        for path in tracked_files()
        if path.suffix in (".py", ".sql", ".yml", ".csv", ".md")
        and path.name not in ("glossary.md", "CHANGELOG.md", "upgrade.md")  # which name the old words
        and path.parent.name != "versions"  # migrations stay as they were released
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        for found in retired.finditer(line.replace("quality.marked_copies", ""))
    ]
    assert guilty == [], "docs/glossary.md says what to write instead"


# headers of forms that were sent out, and words that files are searched for
NOT_OUR_WORDS = ("form_fields.csv", "personal_data.csv", "administrative_unit")


def texts_shown() -> dict[str, str]:
    """The CSV files and templates whose Vietnamese the product shows, as text."""
    texts = {}
    for path in tracked_files():
        folder = path.relative_to(PROJECT).as_posix()
        if not folder.startswith(("dbt_project/seeds/", "reporting/", "warehouse/")) or path.name.startswith(
            NOT_OUR_WORDS
        ):
            continue
        if path.suffix == ".docx":
            document = zipfile.ZipFile(path).read("word/document.xml").decode()
            texts[folder] = html.unescape(re.sub("<[^>]*>", "", document.replace("</w:p>", "\n")))
        elif path.suffix in (".csv", ".html", ".txt", ".yaml"):
            texts[folder] = path.read_text(encoding="utf-8")
    return texts


def test_vietnamese_texts_use_one_term_for_one_thing():
    rows = (PROJECT / "docs" / "glossary.md").read_text(encoding="utf-8").partition("| term | means | not |\n")[2]
    unescaped = rows.partition("\n\n")[0].replace("\\|", "\0")
    retired = [
        word.replace("\0", "|")
        for row in unescaped.splitlines()[1:]
        for word in re.findall(r"`([^`]+)`", row.split("|")[3])
    ]
    guilty = [
        f"{name}: {line[max(0, found.start() - 20) : found.end() + 20]}"
        for name, text in texts_shown().items()
        for line in text.splitlines()
        for found in re.finditer("|".join(retired), line)
    ]
    assert (len(retired), guilty) == (34, []), "docs/glossary.md, Vietnamese terms, says what to write instead"


VIETNAMESE_WORD = re.compile(
    r"(?=[^\W\d_]{2})[^\W\d_]*[\u00c0-\u1ef9][^\W\d_]*"
)  # two letters or more, one with a mark
# what senders type is read there: collections of words, comparisons and patterns are not said
READERS = (
    "ingestion/form/", "ingestion/workbook/", "ingestion/personal_data/", "ingestion/intake/", "warehouse/reference/",
)  # fmt: skip
# letters of the language, and the marks by which our own comments are found on return
NOT_SAID = tuple(f"ingestion/workbook/{name}.py" for name in ("syllables", "legacy_encodings", "own_markup"))


def constants(node: ast.AST, of_reader: bool) -> Iterator[ast.Constant]:
    """The strings of a module that are no docstrings; of a reader without its collections of words and patterns."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
            continue
        if of_reader and is_read(child):
            continue
        if isinstance(child, ast.Constant) and isinstance(child.value, str):
            yield child
        yield from constants(child, of_reader)


def is_read(node: ast.AST) -> bool:
    """Whether words of a node are those of senders: of a comparison, a pattern, or several with a name in capitals."""
    if isinstance(node, ast.Assign):
        return ast.unparse(node.targets[0]).isupper() and not isinstance(node.value, ast.Constant | ast.JoinedStr)
    return isinstance(node, ast.Compare) or (isinstance(node, ast.Call) and ast.unparse(node.func).startswith("re."))


def test_no_vietnamese_stands_in_code():
    guilty = []
    for path in tracked_files():
        name = path.relative_to(PROJECT).as_posix()
        text = path.read_text(encoding="utf-8") if path.suffix in (".py", ".sql") else ""
        if name.startswith("tests/") or name in NOT_SAID:
            continue
        if path.suffix == ".py":
            found = [(each.lineno, each.value) for each in constants(ast.parse(text), name.startswith(READERS))]
        else:
            code = re.sub(r"--[^\n]*|\{#.*?#\}", "", text, flags=re.DOTALL)
            found = [(0, value) for value in re.findall(r"'(?!\^)[^']*'", code)]
        guilty += [
            f"{name}:{line}: {value}"
            for line, value in found
            if VIETNAMESE_WORD.search(unicodedata.normalize("NFC", value))
        ]
    assert guilty == [], "move it to warehouse/reference/phrases.csv, a seed or a template"
