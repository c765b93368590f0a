"""What every door needs of HTTP: problems, headers, limits, cookies, forms, pages of lists and streams."""
