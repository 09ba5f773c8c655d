"""What a workbook says about its cells beside their values: visibility, comments, errors, styles; each format."""
