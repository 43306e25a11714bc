# -*- encoding: utf-8 -*-
# stub: parcels 2.0.0.rc1 ruby lib

Gem::Specification.new do |s|
  s.name = "parcels".freeze
  s.version = "2.0.0.rc1"

  s.required_rubygems_version = Gem::Requirement.new("> 1.3.1".freeze) if s.respond_to? :required_rubygems_version=
  s.require_paths = ["lib".freeze]
  s.authors = ["Example Author".freeze, "Second Author".freeze]
  s.date = "2026-11-23"
  s.homepage = "https://packages.example/parcels".freeze
  s.licenses = ["MIT".freeze]
  s.rubygems_version = "3.3.15".freeze
  s.summary = "Sends parcels".freeze

  s.installed_by_version = "3.3.15" if s.respond_to? :installed_by_version

  if s.respond_to? :specification_version then
    s.specification_version = 4
  end

  if s.respond_to? :add_runtime_dependency then
    s.add_runtime_dependency(%q<stamps>.freeze, ["~> 1.2", ">= 1.2.3"])
    s.add_runtime_dependency(%q<json>.freeze, [">= 0"])
    s.add_development_dependency(%q<rake>.freeze, ["~> 13"])
  else
    s.add_dependency(%q<stamps>.freeze, ["~> 1.2", ">= 1.2.3"])
    s.add_dependency(%q<json>.freeze, [">= 0"])
    s.add_dependency(%q<rake>.freeze, ["~> 13"])
  end
end
