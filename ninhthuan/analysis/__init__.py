"""What follows from the figures: who passed whom, how sure a change is, what is within reach, what goes together."""
