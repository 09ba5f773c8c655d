"""Documents of the yearly report and the review of a phase, in Word, Excel and HTML, and letters.

Words and layout are in templates/; figures come from the schema `reports` alone.
"""
