module modules.example/testdata
