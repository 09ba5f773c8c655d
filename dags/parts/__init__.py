"""What Airflow needs beside the DAGs: who may do what, and tasks of which more than one DAG consists. A folder here,
since no other room imports Airflow; .airflowignore keeps it from being read as DAGs."""
