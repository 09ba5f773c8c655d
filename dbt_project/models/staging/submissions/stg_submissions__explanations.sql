{{ typed_rows('11_GIAI_TRINH') }}
