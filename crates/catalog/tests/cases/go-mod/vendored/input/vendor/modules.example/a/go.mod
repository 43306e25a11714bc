module modules.example/a

require modules.example/unseen v1.0.0
