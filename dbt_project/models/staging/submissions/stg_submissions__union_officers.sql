{{ typed_rows('05_CAN_BO_HOI') }}
