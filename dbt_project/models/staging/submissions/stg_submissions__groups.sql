{{ typed_rows('02_THT') }}
