{{ typed_rows('01_HTX') }}
