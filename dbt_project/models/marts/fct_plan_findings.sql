{{ contracted(ref('int_plan_checked')) }}
