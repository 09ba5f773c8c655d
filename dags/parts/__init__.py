"""Shared tasks of the DAGs, roles and logins of Airflow; .airflowignore keeps Airflow from reading them as DAGs."""
