// swift-tools-version:5.9
import PackageDescription

let package = Package(
    name: "Courier",
    platforms: [.iOS(.v16)],
    dependencies: [
        .package(url: "https://github.com/Example/Parcels.git", from: "5.4.0"), // sends parcels
        .package(path: "../Local"),
        .package(id: "example.stamps", from: "1.0.0"),
    ],
    targets: [
        .target(name: "Courier", dependencies: [
            .product(name: "Parcels", package: "Parcels"),
        ]),
    ]
)
