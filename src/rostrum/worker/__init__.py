"""The job loop: which event or clock starts which job."""
