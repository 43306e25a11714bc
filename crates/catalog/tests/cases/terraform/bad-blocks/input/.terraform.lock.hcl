provider "registry.terraform.io/hashicorp/aws" {
  hashes = ["zh:12", 1]
}
provider "a/b/c/d" { version = "1" }
provider {
  version = "2"
}
provider "registry.terraform.io/hashicorp/good" { version = "1.0.0"
