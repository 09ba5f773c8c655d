{{ typed_rows('03_HO_TRO') }}
