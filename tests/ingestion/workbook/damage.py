"""Workbooks as accidents leave them: real ones with something done to their bytes, their parts or their cells."""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator

import openpyxl

Damage = Callable[[random.Random, bytes, bytes], bytes]


def truncate(draw: random.Random, content: bytes, _other: bytes) -> bytes:
    return content[: draw.randrange(len(content))]


def flip_bytes(draw: random.Random, content: bytes, _other: bytes) -> bytes:
    changed = bytearray(content)
    for _ in range(draw.choice((1, 3, 20, 200))):
        changed[draw.randrange(len(changed))] = draw.randrange(256)
    return bytes(changed)


def cut_out(draw: random.Random, content: bytes, _other: bytes) -> bytes:
    start = draw.randrange(len(content))
    return content[:start] + content[start + draw.randrange(1, 4_000) :]


def join(draw: random.Random, content: bytes, other: bytes) -> bytes:
    return content[: draw.randrange(len(content))] + other[draw.randrange(len(other)) :]


def drop_part(draw: random.Random, content: bytes, _other: bytes) -> bytes:
    parts = _parts(content)
    parts.pop(draw.choice(list(parts)))
    return _packed(parts)


def swap_parts(draw: random.Random, content: bytes, _other: bytes) -> bytes:
    parts = _parts(content)
    one, two = draw.sample(list(parts), 2)
    parts[one], parts[two] = parts[two], parts[one]
    return _packed(parts)


def take_part_of_another(draw: random.Random, content: bytes, other: bytes) -> bytes:
    parts, others = _parts(content), _parts(other)
    name = draw.choice(list(parts))
    parts[name] = others.get(name) or draw.choice(list(others.values()))
    return _packed(parts)


def wrong_content_types(draw: random.Random, content: bytes, _other: bytes) -> bytes:
    parts = _parts(content)
    types = parts["[Content_Types].xml"]
    parts["[Content_Types].xml"] = types.replace(b"worksheet+xml", draw.choice((b"chartsheet+xml", b"styles+xml", b"")))
    return _packed(parts)


def flip_bytes_of_a_part(draw: random.Random, content: bytes, other: bytes) -> bytes:
    """The archive is intact, and one of its parts is not."""
    parts = _parts(content)
    name = draw.choice([name for name, part in parts.items() if part])
    parts[name] = draw.choice((flip_bytes, truncate, cut_out))(draw, parts[name], other)
    return _packed(parts)


def change_numbers(draw: random.Random, content: bytes, _other: bytes) -> bytes:
    """Indices of styles and texts, rows, columns and sizes that are none."""
    parts = _parts(content)
    name = draw.choice([name for name in parts if name.endswith(".xml")])
    for _ in range(draw.choice((1, 10))):
        digits = [index for index, byte in enumerate(parts[name]) if 48 <= byte <= 57]
        if digits:
            at = draw.choice(digits)
            number = draw.choice((b"-1", b"99999999999", b"0", b"1e9", b"4294967296", b"NaN"))
            parts[name] = parts[name][:at] + number + parts[name][at + 1 :]
    return _packed(parts)


def change_names(draw: random.Random, content: bytes, _other: bytes) -> bytes:
    """Words of the markup, exchanged for others: what one program writes and another does not expect."""
    parts = _parts(content)
    name = draw.choice([name for name in parts if name.endswith((".xml", ".rels"))])
    words = (b"row", b"<c ", b"t=", b"<v>", b"sheet", b"r:id", b"inlineStr", b"Target", b"xmlns", b"<is>", b"name=")
    old, new = draw.sample(words, 2)
    parts[name] = parts[name].replace(old, new, draw.choice((1, -1)))
    return _packed(parts)


def lie_in_the_directory(draw: random.Random, content: bytes, _other: bytes) -> bytes:
    """Sizes and offsets of the archive's directory."""
    changed = bytearray(content)
    entries = [at for at in range(len(changed) - 46) if changed[at : at + 4] == b"PK\x01\x02"]
    if entries:
        at = draw.choice(entries)
        struct.pack_into("<I", changed, at + draw.choice((16, 20, 24, 42)), draw.choice((0, 1, 10**6, 2**32 - 1)))
    return bytes(changed)


def odd_cells(draw: random.Random, content: bytes, _other: bytes) -> bytes:
    """Values of every kind where they do not belong, as a spreadsheet program saves them."""
    try:
        workbook = openpyxl.load_workbook(io.BytesIO(content))
    except Exception:
        return content
    texts = ("=1/0", "=A1:A9", "\u202e", "x" * 32_000, "_x0000_", "'", "1.234", " ", "#REF!")
    values = (None, -1, 1e308, 1e-320, True, *texts)
    for _ in range(30):
        sheet = draw.choice(workbook.worksheets)
        sheet.cell(draw.randrange(1, 12), draw.randrange(1, 34)).value = draw.choice(values)
    if draw.random() < 0.3:
        sheet.merge_cells("A1:D4")
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


DAMAGES: tuple[Damage, ...] = (
    truncate, flip_bytes, cut_out, join, drop_part, swap_parts, take_part_of_another, wrong_content_types,
    flip_bytes_of_a_part, change_numbers, change_names, lie_in_the_directory, odd_cells,
)  # fmt: skip


def damaged(contents: list[bytes], count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """So many damaged workbooks, each with what was done to it, the same for the same seed."""
    draw = random.Random(seed)
    for number in range(count):
        name, content = "", draw.choice(contents)
        for damage in draw.sample(DAMAGES, draw.choice((1, 1, 1, 2))):
            try:
                content = damage(draw, content, draw.choice(contents))
            except (zipfile.BadZipFile, zlib.error, KeyError, IndexError, ValueError, RuntimeError, EOFError):
                continue  # what is no archive any more, or was none
            name = f"{name}{damage.__name__} "
        yield f"{number} {name}", content


def _parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _packed(parts: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()
