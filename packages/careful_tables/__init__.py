"""Tables of data: workbooks read safely, a data package checked, changes made whole or not at all."""
