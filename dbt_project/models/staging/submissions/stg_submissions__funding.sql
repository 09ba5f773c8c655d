{{ typed_rows('07_KINH_PHI') }}
