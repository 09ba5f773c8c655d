select * from quality.published_indicator_totals()
