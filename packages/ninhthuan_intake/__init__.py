"""What comes in: publishers' workbooks, the province's own figures, exports of the one-stop system.

sheets (a workbook read safely) -> grids (where provinces and components stand) -> papi, pci; workload; dossiers ->
landing (what would change in data/, and putting it there).
"""
