rockspec_format = "3.0"
package = "parcels"
version = "1.1-1"
source = {
   url = "https://packages.example/parcels-1.2.tar.gz",
   md5 = "0cc175b9c0f1b6a831c399e269772661"
}
description = {
   summary = "Sends parcels",
   license = "MIT/X11"
}
dependencies = {
   "lua >= 5.1",
   "stamps >= 0.8", -- stamps on them
}
test_dependencies = { "checker ~> 2" }
build = {
   type = "builtin",
   modules = { parcels = "parcels.lua" }
}
