require_relative "lib/parcels/version"

Gem::Specification.new do |spec|
  spec.name = "parcels"
  spec.version = Parcels::VERSION
  spec.authors = ["Example Person"]
  spec.summary = "Sends parcels"
  spec.licenses = ["MIT", "Apache-2.0"]
  spec.files = Dir["lib/**/*"]

  spec.add_dependency "rack", "= 2.2.8"
  spec.add_dependency("zeitwerk", "~> 2.6", ">= 2.6.1")
  spec.add_development_dependency 'rspec', '~> 3.0'
end
