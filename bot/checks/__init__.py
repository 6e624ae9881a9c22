"""What `folkmoot check` looks at, an area a file."""
