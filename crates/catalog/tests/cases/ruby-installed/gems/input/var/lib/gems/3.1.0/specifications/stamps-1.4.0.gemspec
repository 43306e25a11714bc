# -*- encoding: utf-8 -*-
# stub: stamps 1.4.0 ruby lib

Gem::Specification.new do |s|
  s.name = "stamps".freeze
  s.version = "1.4.0"

  s.required_rubygems_version = Gem::Requirement.new(">= 0".freeze) if s.respond_to? :required_rubygems_version=
  s.require_paths = ["lib".freeze]
  s.authors = ["Example Author".freeze]
  s.date = "2026-11-23"
  s.homepage = "https://packages.example/stamps".freeze
  s.licenses = ["Ruby".freeze, "BSD-2-Clause".freeze]
  s.rubygems_version = "3.3.15".freeze
  s.summary = "Stamps".freeze

  s.installed_by_version = "3.3.15" if s.respond_to? :installed_by_version
end
