// swift-tools-version:6.1
import PackageDescription

let package = Package(
    name: "skua",
    targets: [
        .target(name: "AWSModel"),
    ],
    swiftLanguageModes: [.v6]
)
