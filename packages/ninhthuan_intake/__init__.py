"""What comes in: publishers' workbooks, the province's own figures, exports of the one-stop system.

A file is read (papi, pci, workload, dossiers) into a proposal of rows; landing shows what it would change in data/ and
puts it there.
"""
