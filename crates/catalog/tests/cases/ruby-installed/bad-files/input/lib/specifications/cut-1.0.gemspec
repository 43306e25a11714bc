
Gem::Specification.new do |s|
  s.name = "parcels".freeze
  s.version = "2.0.0.rc1"

  s.authors = ["Exam