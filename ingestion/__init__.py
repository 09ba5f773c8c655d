"""Reads the inbox, workbooks and the registry into schema raw, and answers senders; without Airflow and rules."""
