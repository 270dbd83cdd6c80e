"""What Lambda gets: the template, the requirements of layers and functions, their packages. Uses tools."""
