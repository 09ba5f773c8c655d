{{ typed_rows('12_DANH_GIA') }}
