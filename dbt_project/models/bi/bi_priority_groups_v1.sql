{{ contracted(ref('rpt_priority_groups')) }}
