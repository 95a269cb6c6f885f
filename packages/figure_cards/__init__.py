"""Figures, tables and documents with their words around them: claims tested on what is drawn, the same bytes twice."""
