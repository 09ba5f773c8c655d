"""Reads what arrives (inbox, workbooks, registry) and writes it to schema raw; knows neither Airflow nor rules."""
