"""Reference data: the one reader of the CSV files, names, deadlines, numbers as an office writes them."""
