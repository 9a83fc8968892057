// swift-tools-version:6.1
import Foundation
import PackageDescription

/// Golden texts beside the tests that compare with them; they are no sources.
let viewsTests = "\(Context.packageDirectory)/Tests/ViewsTests"
let snapshotFolders = ((try? FileManager.default.contentsOfDirectory(atPath: viewsTests)) ?? []).sorted()
    .map { "\($0)/Snapshots" }
    .filter { FileManager.default.fileExists(atPath: "\(viewsTests)/\($0)") }

let package = Package(
    name: "skua",
    products: [
        .executable(name: "skua", targets: ["ConsoleApp"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-certificates.git", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.2"),
    ],
    targets: [
        // The program: commands and wiring.
        .executableTarget(
            name: "ConsoleApp",
            dependencies: [
                "AWSClient", "AWSModel", "AWSProtocols", "AWSTypes", "CursesDriver", "DefinitionText", "Emulation",
                "Gateway", "Runtimes", "StatesLanguage", "TerminalUI", "Views",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]),

        // The console: screens over AWS's own operations; never the engine.
        .target(
            name: "Views",
            dependencies: ["AWSClient", "AWSModel", "AWSTypes", "DefinitionText", "GraphLayout", "TerminalUI"]),
        .target(name: "TerminalUI"),
        .target(name: "GraphLayout"),
        .target(name: "CursesDriver", dependencies: ["CNcurses", "TerminalUI"]),
        .systemLibrary(name: "CNcurses"),

        // The engine, what runs functions for it, and its endpoint.
        .target(
            name: "Gateway",
            dependencies: [
                "AWSModel", "AWSProtocols", "AWSTypes", "Emulation",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "X509", package: "swift-certificates"),
                .product(name: "Crypto", package: "swift-crypto"),
            ]),
        .target(
            name: "Runtimes",
            dependencies: [
                "CSandbox", "Emulation",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ]),
        .target(name: "CSandbox"),
        .target(
            name: "Emulation",
            dependencies: [
                "AWSModel", "AWSTypes", "StatesLanguage",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "_CryptoExtras", package: "swift-crypto"),
                .product(name: "X509", package: "swift-certificates"),
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ]),
        .target(name: "StatesLanguage", dependencies: ["AWSModel", "JSONata"]),
        .target(name: "JSONata", dependencies: ["AWSModel"]),
        // Definitions as people write them: YAML, and the places of their parts.
        .target(name: "DefinitionText", dependencies: ["AWSModel", .product(name: "Yams", package: "Yams")]),

        // AWS's interfaces: models, types, wire formats, both sides.
        .target(
            name: "AWSClient",
            dependencies: [
                "AWSModel", "AWSProtocols", "AWSTypes",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]),
        .target(
            name: "AWSProtocols",
            dependencies: ["AWSModel", .product(name: "Crypto", package: "swift-crypto")]),
        .target(name: "AWSTypes", dependencies: ["AWSModel"]),
        .target(name: "AWSModel"),
        .executableTarget(name: "LayoutBenchmark", dependencies: ["GraphLayout"], path: "Benchmarks/Layout"),
        .executableTarget(name: "ModelCompiler", dependencies: ["AWSModel"], exclude: ["Models"]),

        .testTarget(name: "AWSModelTests", dependencies: ["AWSModel", "AWSTypes"]),
        .testTarget(name: "AWSProtocolsTests", dependencies: ["AWSModel", "AWSProtocols", "AWSTypes"]),
        .testTarget(
            name: "AWSClientTests",
            dependencies: [
                "AWSClient", "AWSModel", "AWSProtocols", "AWSTypes",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ]),
        .testTarget(name: "JSONataTests", dependencies: ["AWSModel", "JSONata"]),
        .testTarget(name: "DefinitionTextTests", dependencies: ["AWSModel", "DefinitionText"]),
        .testTarget(name: "StatesLanguageTests", dependencies: ["AWSModel", "StatesLanguage"]),
        .testTarget(name: "EmulationTests", dependencies: ["AWSModel", "AWSTypes", "Emulation", "StatesLanguage"]),
        .testTarget(
            name: "RuntimesTests",
            dependencies: [
                "CSandbox", "Emulation", "Runtimes",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ]),
        .testTarget(name: "GraphLayoutTests", dependencies: ["GraphLayout"]),
        .testTarget(name: "TerminalUITests", dependencies: ["TerminalUI"], exclude: ["Snapshots"]),
        .testTarget(
            name: "ViewsTests",
            dependencies: [
                "AWSClient", "AWSModel", "AWSTypes", "DefinitionText", "GraphLayout", "TerminalUI", "Views",
            ],
            exclude: snapshotFolders),
        .testTarget(name: "TidyTests"),
        // Real clients and a real terminal against the built program.
        .testTarget(
            name: "EndToEndTests", dependencies: ["ConsoleApp"], path: "Tests/EndToEnd",
            exclude: ["scenarios", "tours"]),
    ],
    swiftLanguageModes: [.v6]
)
