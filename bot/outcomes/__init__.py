"""The report of a cohort: what has been released, as pages, charts and tables."""
