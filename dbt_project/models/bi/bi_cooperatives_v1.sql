{{ contracted(ref('rpt_cooperatives')) }}
