{{ contracted(ref('int_courses_reported')) }}
