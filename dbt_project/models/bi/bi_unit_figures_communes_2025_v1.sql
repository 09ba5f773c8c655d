{{ unit_figures('communes_2025') }}
