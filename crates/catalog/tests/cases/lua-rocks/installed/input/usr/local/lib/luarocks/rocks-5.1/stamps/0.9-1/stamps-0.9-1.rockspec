package = "Stamps"
version = "0.9-1"
source = {
   url = "git+https://git.example/team/stamps.git",
   tag = "v0.9"
}
description = {
   summary = "Stamps for parcels",
   homepage = "https://packages.example/stamps",
   license = "MIT",
   maintainer = "Example Author <author@packages.example>"
}
dependencies = {
   "lua >= 5.1, < 5.5"
}
build = {
   type = "builtin",
   modules = { stamps = "stamps.lua" }
}
