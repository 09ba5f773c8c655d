"""A build: dbt, its lock and stamps, fingerprints of its inputs."""
