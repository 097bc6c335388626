"""Settings of the split, shared by the steps."""

STRATIFY = True
