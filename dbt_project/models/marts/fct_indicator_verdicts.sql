{{ contracted(ref('int_verdicts_judged')) }}
