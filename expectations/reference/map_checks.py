"""Checks of the schematic tile maps."""

from collections.abc import Iterator

from expectations.reference.reference_tables import ReferenceTables, Violation
from warehouse.reference.csv_rows import Row


def check_tiles(tables: ReferenceTables) -> Iterator[Violation]:
    """Every unit of a map has a tile, none has that of another, and no other unit has one."""
    names = {row["uid"]: row["name_full"] for row in tables["administrative_units"]}
    for map_ in tables["maps"]:
        basis, units = map_["basis"], _units_of(tables, map_)
        taken: dict[tuple[str, str], str] = {}
        for row in tables["map_tiles"]:
            if row["basis"] != basis:
                continue
            name, tile = names.get(row["unit_uid"], row["unit_uid"]), (row["tile_x"], row["tile_y"])
            if row["unit_uid"] not in units:
                yield Violation("tile_of_another_map", row, "unit_uid", name, basis)
            if tile in taken:
                yield Violation("tile_taken", row, "tile_x", name, ", ".join(tile), taken[tile])
            taken.setdefault(tile, name)
            units.discard(row["unit_uid"])
        for uid in sorted(units):
            yield Violation("tile_missing", "map_tiles.csv", "unit_uid", names[uid], basis)


def _units_of(tables: ReferenceTables, map_: Row) -> set[str]:
    """The units of the programme's ground on a map, in their version of its day."""
    day = map_["valid_on"]
    return {
        row["uid"]
        for row in tables["administrative_units"]
        if row["level"] == map_["unit_level"]
        and row["is_programme_ground"] == "yes"
        and (row["valid_from"] or day) <= day <= (row["valid_to"] or day)
    }


MAP_CHECKS = (check_tiles,)
