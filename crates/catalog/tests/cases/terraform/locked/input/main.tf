terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
    random = { source = "hashicorp/random" }
  }
  backend "s3" {
    bucket = "state"
  }
}

locals {
  script = <<-EOT
    module "never" { source = "never/never/never" }
  EOT
}

module "vpc" {
  source  = "terraform-aws-modules/vpc/aws"
  version = "5.4.0"
  azs     = ["a", "b"]
}

module "ranged" {
  source  = "app.terraform.example/team/thing/aws//modules/sub"
  version = "~> 1.2"
}

module "repository" {
  source = "git::https://user:secret@github.com/example/modules.git//network?ref=v1.2.0"
}

module "local" {
  source = "./modules/local"
}

/* module "commented" { source = "a/b/c" } */
