{{ typed_rows('04_DAO_TAO') }}
