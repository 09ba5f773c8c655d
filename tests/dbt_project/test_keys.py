"""One row per key: each model names its primary key in its yml. The database enforces those of contracted tables; the
others are checked here, on the example."""

import json

from warehouse.connection import connect


def test_every_model_of_staging_and_intermediate_has_one_row_per_primary_key(played, run):
    _, url = played
    nodes = json.loads((run.dbt_parse() / "manifest.json").read_text())["nodes"].values()
    keys = {
        f'"{node["schema"]}"."{node["alias"]}"': ", ".join(constraint["columns"])
        for node in nodes
        if node["resource_type"] == "model" and node["schema"] in ("staging", "intermediate")
        for constraint in node["constraints"]
        if constraint["type"] == "primary_key"
    }
    repeated = " union all ".join(
        f"select '{table}', '{key}' from (select from {table} group by {key} having count(*) > 1 limit 1) as repeated"
        for table, key in keys.items()
    )
    with connect(url) as connection:
        assert connection.execute(repeated).fetchall() == []
