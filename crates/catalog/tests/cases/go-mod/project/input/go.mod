module modules.example/shop

go 1.19

require (
	modules.example/bad v1.1.0
	modules.example/old v1.0.0
	modules.example/part v0.0.0
	modules.example/text v0.3.7 // indirect
	modules.example/web v1.4.0
)

replace modules.example/old => modules.example/kept v1.0.3

replace modules.example/part v0.0.0 => ./part

exclude modules.example/bad v1.1.0
