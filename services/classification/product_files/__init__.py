"""Files of products, CSV and XLSX, read into rows of text with everything that is wrong with them."""
