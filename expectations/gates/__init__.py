"""Gates: the batch before dbt, the build before promotion."""
