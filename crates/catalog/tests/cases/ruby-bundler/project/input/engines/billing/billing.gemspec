Gem::Specification.new do |spec|
  spec.name = "billing"
  spec.version = "0.2.0"
  spec.summary = "Invoices"
  spec.authors = ["Example"]
  spec.license = "MIT"
  spec.add_dependency "rake", ">= 12"
end
