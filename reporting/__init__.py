"""Documents from published reports: the yearly report and the review of a phase, in Word, Excel and HTML.

Words and layout are in templates/; figures come from the schema `reports` and nowhere else.
"""
