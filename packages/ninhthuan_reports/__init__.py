"""What is said and drawn of the figures, the reports that are made of it, and the commands."""
