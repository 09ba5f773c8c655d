{{ typed_rows('08_HOAT_DONG') }}
