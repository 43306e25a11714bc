CPMAddPackage("gh:Example/px@7.1.3")
CPMAddPackage("gh:Example/qx#main")
CPMAddPackage(NAME rx GITHUB_REPOSITORY Example/rx VERSION 3.2.0 OPTIONS "RX_TESTS OFF")
ExternalProject_Add(sx GIT_REPOSITORY git@git.example:team/sx.git GIT_TAG 4f2a1c9e0b7d6f5a8c3e2d1b0a9f8e7d6c5b4a39)
