"""What a researcher takes away: a reference, a figure of one's own, files for other programs with a codebook."""
