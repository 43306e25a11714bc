module "a" { source = "s3::https://key:word@bucket.example/module.zip?sig=secret" }
module "b" { source = var.source }
}}}
module { source = "good/one/aws" version = 3 }
