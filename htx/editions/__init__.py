"""The steps by which a report is published: readiness, approval, wording, delivery."""
