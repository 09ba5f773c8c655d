"""The schematic tile maps of the page: a tile for each unit of the year's map, with a word or a figure in it."""

from dataclasses import dataclass

from reporting.content import formats
from reporting.content.tables import Content
from reporting.papers.pictures import PUNCTUALITY_FILLS, punctuality, targets_due
from reporting.papers.sentences import words


@dataclass(frozen=True)
class Tile:
    """`x` from the west and `y` from the north, from 1. `fill`: as of the bars of papers/pictures.py; `share`: the part
    of 100 that is drawn as a line below the text."""

    name_vi: str
    x: int
    y: int
    text: str
    fill: str = "empty"
    share: float | None = None


@dataclass(frozen=True)
class TileMap:
    caption_vi: str
    note_vi: str
    tiles: tuple[Tile, ...]

    @property
    def columns(self) -> int:
        return max(tile.x for tile in self.tiles)


def tile_maps(content: Content) -> list[TileMap]:
    """Who reported, then each percentage with a target of the period; none where the units stand on no tile map."""
    tiles = content.facts.get("tiles")
    if not tiles:
        return []
    reports = {row["unit_uid"]: row for row in content.tables["discipline"].rows}
    figures = {row["unit_uid"]: row for row in content.tables["unit_targets"].rows}
    maps = [_map("page_tiles_reported", content, [_reported(tile, reports[tile["unit_uid"]]) for tile in tiles])]
    for target in targets_due(content):
        code = target["indicator_code"]
        if target["unit"] == formats.PERCENT and any(row.get(code) is not None for row in figures.values()):
            drawn = [_figure(content, tile, figures.get(tile["unit_uid"], {}), code) for tile in tiles]
            maps.append(_map("page_tiles_figure", content, drawn, target["indicator_name_vi"]))
    return maps


def _reported(tile: dict, row: dict) -> Tile:
    when = punctuality(row)
    return Tile(tile["name_vi"], tile["tile_x"], tile["tile_y"], words(f"page_tile_{when}"), PUNCTUALITY_FILLS[when])


def _figure(content: Content, tile: dict, row: dict, code: str) -> Tile:
    value, status = row.get(code), row.get(f"{code}_status")
    text = formats.figure(value, formats.PERCENT, status, content.percent_decimals)
    share = None if value is None else float(value)
    return Tile(tile["name_vi"], tile["tile_x"], tile["tile_y"], text, share=share)


def _map(code: str, content: Content, tiles: list[Tile], name: str = "") -> TileMap:
    caption = words(code, period=content.period_vi, name=name)
    return TileMap(caption, words("page_tiles_note"), tuple(tiles))
