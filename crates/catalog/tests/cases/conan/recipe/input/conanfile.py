from conan import ConanFile


class Bx(ConanFile):
    name = "bx"
    version = "2.0"
    license = "MIT"
    description = "Does things with zx"
    requires = "zx/[>=1.2 <2]"
    tool_requires = ["tx/0.2@team/stable"]

    def requirements(self):
        self.test_requires("cx/1.0")
        self.requires(self.extra)
