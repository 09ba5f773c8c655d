{{ contracted(ref('int_findings_described')) }}
