"""The example province: Bình Phước from 2023 to 2025, invented, with the truth beside it.

`write_example` writes the folder that `htx example` and `make run` use. Modules, in the order in which they work:
`seeds` reads the reference data; `parameters`, `names` and `roles` read what the invention follows, `draws` its random
numbers; `cooperatives` (with `cooperative_years`) and `groups` make the organisations of the `province`; `story` reads
the exceptions, `schedule` says who reports when; `lists` and `activities` write the rows of the form; `deliveries`
makes the files, late, corrected and rejected ones among them; `registry` writes the source database. `reported_rows`
and `answer_key` work out the expected figures, sharing no code with the warehouse; `declarations` and
`deliberate_findings` follow from them.
"""

from htx.example.folder import write_example

__all__ = ["write_example"]
