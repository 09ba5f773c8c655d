select passed_until from {{ source('quality', 'build_clock') }}
