{{ unit_figures('districts_2023') }}
