"""All organisations of the example province, put together."""

from dataclasses import dataclass

from htx.example.organisations.cooperatives import make_cooperatives
from htx.example.organisations.draws import Draw
from htx.example.organisations.groups import make_groups
from htx.example.organisations.organisation import Cooperative, Group
from htx.example.seeds import Seeds


@dataclass
class Province:
    """All organisations; `by_role` finds those of roles.csv."""

    cooperatives: list[Cooperative]
    groups: list[Group]
    by_role: dict[str, Cooperative]
    groups_by_tag: dict[str, Group]


def make_province(seeds: Seeds, seed: int) -> Province:
    """The organisations of one seed, from the baseline to the last year of the example."""
    draw = Draw(seeds, seed)
    cooperatives, by_role = make_cooperatives(draw)
    groups = make_groups(draw, by_role)
    return Province(cooperatives, groups, by_role, {group.tag: group for group in groups if group.tag})
