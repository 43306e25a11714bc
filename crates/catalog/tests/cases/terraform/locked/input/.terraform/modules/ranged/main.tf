module "inner" { source = "never/inner/aws" }
