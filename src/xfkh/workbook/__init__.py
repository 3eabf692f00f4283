"""What every workbook shares, read or written: the careful readers, the safe way to write, the house style, the
anchors, the lint."""
