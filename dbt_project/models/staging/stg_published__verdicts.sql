select * from quality.published_verdicts()
