this is no gemspec
