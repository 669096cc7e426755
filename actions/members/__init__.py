"""The register and the people on it: one file a subject."""
