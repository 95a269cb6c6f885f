"""What leaves the project, made of cards only."""
