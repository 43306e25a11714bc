url "
license any_of: ["MIT
sha256 "zz"
desc
