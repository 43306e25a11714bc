module modules.example/app

go 1.17

require modules.example/a v1.0.0

require modules.example/b v1.2.0 // indirect
