{{ contracted(ref('int_courses_current')) }}
