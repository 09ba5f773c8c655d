{{ typed_rows('09_UU_TIEN') }}
