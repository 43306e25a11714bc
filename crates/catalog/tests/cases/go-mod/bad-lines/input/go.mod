require modules.example/a
require (
 modules.example/b v1.0.0
replace x y z
modules.example/c v1 extra
)
replace => 
)
ÿş v1
require "" v1
