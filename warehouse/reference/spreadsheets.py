"""What every workbook that is written here has to heed."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""A text that begins so becomes a formula when its cell is edited, unless the cell has quotePrefix, as Excel gives it
for a leading apostrophe."""
