-- what everybody may see is decided once, for the documents and for BI
{{ contracted(ref('rpt_figures')) }}
