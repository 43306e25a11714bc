let package = Package(name: "Open", dependencies: [
 .package(url: base + "/x.git", from: "1.0.0"),
 .package(url: "https://github.com/Example/Exact.git", exact: "2.0.1"),
 .package(url: "https://github.com/Example/Old.git", .exact("1.5.0")),
