package = name
