{{ contracted(ref('int_history_findings')) }}
