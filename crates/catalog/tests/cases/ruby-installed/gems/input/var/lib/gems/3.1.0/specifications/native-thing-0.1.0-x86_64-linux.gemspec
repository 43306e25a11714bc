# -*- encoding: utf-8 -*-
# stub: native-thing 0.1.0 x86_64-linux lib

Gem::Specification.new do |s|
  s.name = "native-thing".freeze
  s.version = "0.1.0"
  s.platform = "x86_64-linux".freeze

  s.required_rubygems_version = Gem::Requirement.new(">= 0".freeze) if s.respond_to? :required_rubygems_version=
  s.require_paths = ["lib".freeze]
  s.authors = ["Example Author".freeze]
  s.date = "2026-11-23"
  s.homepage = "https://packages.example/native".freeze
  s.licenses = ["Custom".freeze]
  s.rubygems_version = "3.3.15".freeze
  s.summary = "Compiled".freeze

  s.installed_by_version = "3.3.15" if s.respond_to? :installed_by_version
end
