class Jq < Formula
  desc "Lightweight and flexible command-line JSON processor"
  homepage "https://jq.example/"
  url "https://sources.example/jq/jq-1.7.1.tar.gz"
  sha256 "abababababababababababababababababababababababababababababababab"
  license "MIT"

  bottle do
    sha256 cellar: :any, x86_64_linux: "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd"
  end

  depends_on "oniguruma"
end
