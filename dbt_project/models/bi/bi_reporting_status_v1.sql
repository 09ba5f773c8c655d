{{ contracted(ref('rpt_reporting_status')) }}
