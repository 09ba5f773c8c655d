{{ typed_rows('06_NO') }}
