"""Airflow and the example on one machine: make run, make serve."""
