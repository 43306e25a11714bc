(defproject ~(name) "1" :dependencies [[a
