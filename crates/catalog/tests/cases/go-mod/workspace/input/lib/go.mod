module modules.example/lib

go 1.22

require modules.example/old v1.2.0
