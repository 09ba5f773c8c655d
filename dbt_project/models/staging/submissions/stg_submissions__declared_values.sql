{{ typed_rows('10_TONG_HOP') }}
