module modules.example/part

go 1.19
