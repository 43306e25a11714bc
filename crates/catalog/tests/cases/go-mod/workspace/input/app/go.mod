module modules.example/app

go 1.22

require (
	modules.example/lib v0.0.0
	modules.example/old v1.0.0
	modules.example/other v1.1.0
)
