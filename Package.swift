// swift-tools-version: 6.2
import PackageDescription

/// Swift 6 language mode everywhere; every import says who may see it; a warning is an error.
let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .treatAllWarnings(as: .error),
]

func room(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(of name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name + "Tests", dependencies: dependencies, swiftSettings: strict)
}

let nio: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioEmbedded: Target.Dependency = .product(name: "NIOEmbedded", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioHTTP: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioTLS: Target.Dependency = .product(name: "NIOTLS", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let cryptoExtras: Target.Dependency = .product(name: "CryptoExtras", package: "swift-crypto")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let argumentParser: Target.Dependency = .product(
  name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
  name: "joinery",
  products: [
    .executable(name: "joinery", targets: ["joinery"]),
    .library(name: "JoineryClient", targets: ["JoineryClient"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
  ],
  targets: [
    // C libraries: a module map and a header of inlines each.
    .systemLibrary(
      name: "CNghttp2", pkgConfig: "libnghttp2", providers: [.apt(["libnghttp2-dev"])]),
    .systemLibrary(
      name: "CProtobufC", pkgConfig: "libprotobuf-c", providers: [.apt(["libprotobuf-c-dev"])]),
    .systemLibrary(
      name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "CMessages", dependencies: ["CProtobufC"]),
    // The files of a database and the pages in them, as the engine's C interface wants them.
    .target(
      name: "CStorage", dependencies: ["CSQLite"], linkerSettings: [.linkedLibrary("crypto")]),

    // The wire.
    room("HTTP2", ["CNghttp2", nio, nioPosix]),
    room("RPC", ["HTTP2", "CZlib", nio, nioPosix, nioTLS, nioSSL]),
    room("Messages", ["RPC", "CMessages", "CProtobufC"]),
    room("JoineryClient", ["Messages", "RPC"]),

    // The ground.
    room("Values", []),
    // Text to a flat program, exact, typed and total.
    room("Formulas", []),
    room("Storage", ["Values", "CSQLite", "CStorage"]),

    room("Backups", ["Storage", "Values", crypto]),

    // What who watches over a server sees of it.
    room("Operations", ["RPC", "Storage", logging, nio, nioHTTP, nioPosix]),

    // The areas, lowest first: an arrow only ever points down this list.
    room("MasterData", ["Formulas", "Values", "Storage"]),
    room("Finance", ["MasterData", "Values", "Storage"]),
    room("Inventory", ["Finance", "MasterData", "Values", "Storage"]),
    room("Purchasing", ["Inventory", "Finance", "MasterData", "Values", "Storage"]),
    room("Production", ["Purchasing", "Inventory", "Finance", "MasterData", "Values", "Storage"]),
    room(
      "Orders",
      ["Production", "Purchasing", "Inventory", "Finance", "MasterData", "Values", "Storage"]),
    room("Notifications", ["Orders", "MasterData", "Values", "Storage"]),
    room("Identity", ["MasterData", "Values", "Storage", crypto, cryptoExtras]),
    // Texts to mail servers and signed requests to programs; knows nothing of the business.
    room("Senders", [nio, nioHTTP, nioPosix, nioSSL, crypto]),
    room(
      "Reports",
      [
        "Orders", "Production", "Purchasing", "Inventory", "Finance", "MasterData", "Values",
        "Storage",
      ]),
    room(
      "Services",
      [
        "Messages", "RPC", "Operations", "Reports", "Identity", "Notifications", "Senders",
        "Orders", "Production", "Purchasing", "Inventory", "Finance", "MasterData", "Values",
        "Storage", crypto, logging,
      ]),
    .executableTarget(
      name: "joinery",
      dependencies: [
        "Services", "Messages", "Operations", "RPC", "Backups", "Identity", "Senders", "Storage",
        "Values", logging, yams,
        argumentParser,
      ],
      swiftSettings: strict,
      // A fifth less processor time for each call than with the C library's allocator. Not where
      // tests are built: sanitizers bring their own.
      linkerSettings: [.linkedLibrary("jemalloc", .when(configuration: .release))]),

    .executableTarget(
      name: "joinery-bench",
      dependencies: [
        "Services", "Messages", "RPC", "MasterData", "Storage", "Values", "CSQLite", logging,
        argumentParser,
      ],
      swiftSettings: strict),

    // Tests.
    room(
      "TestKit",
      ["Services", "Senders", "Identity", "Messages", "RPC", "Storage", "Values", logging]),
    .target(name: "TestRandom", path: "Tests/TestRandom", swiftSettings: strict),
    .target(name: "ChildProcess", path: "Tests/ChildProcess", swiftSettings: strict),
    tests(of: "Values", ["Values", "TestRandom"]),
    tests(of: "Formulas", ["Formulas", "TestRandom"]),
    tests(of: "Storage", ["Storage", "Values", "CSQLite", "CStorage"]),
    tests(of: "Backups", ["Backups", "Storage", "Values", crypto]),
    tests(of: "HTTP2", ["HTTP2", "CNghttp2", nio, nioEmbedded]),
    tests(of: "RPC", ["RPC", "HTTP2", "ChildProcess", nio, nioPosix, nioSSL]),
    .target(name: "CTestMessages", dependencies: ["CProtobufC"], path: "Tests/CTestMessages"),
    tests(of: "Messages", ["Messages", "RPC", "ChildProcess", "CTestMessages", "CProtobufC"]),
    .target(
      name: "CInteropMessages", dependencies: ["CProtobufC"], path: "Tests/Interop/CInteropMessages"
    ),
    // Our side of the interoperability tests and of `make bench-rpc`.
    .executableTarget(
      name: "interop-peer",
      dependencies: [
        "Messages", "RPC", "CInteropMessages", "CProtobufC", argumentParser,
      ],
      path: "Tests/Interop/Peer", swiftSettings: strict),
    tests(
      of: "Operations",
      [
        "Operations", "RPC", "Storage", logging,
        .product(name: "InMemoryLogging", package: "swift-log"),
      ]),
    tests(of: "MasterData", ["MasterData", "Storage", "Values", "TestRandom"]),
    tests(of: "Finance", ["Finance", "MasterData", "Storage", "Values", "TestRandom"]),
    tests(
      of: "Inventory", ["Inventory", "Finance", "MasterData", "Storage", "Values", "TestRandom"]),
    tests(
      of: "Purchasing",
      ["Purchasing", "Inventory", "Finance", "MasterData", "Storage", "Values", "TestRandom"]),
    tests(
      of: "Production",
      [
        "Production", "Purchasing", "Inventory", "Finance", "MasterData", "Storage", "Values",
        "TestRandom",
      ]),
    tests(
      of: "Orders",
      [
        "Orders", "Production", "Purchasing", "Inventory", "Finance", "MasterData", "Storage",
        "Values", "TestRandom",
      ]),
    tests(of: "Notifications", ["Notifications", "MasterData", "Storage", "Values"]),
    tests(of: "Senders", ["Senders", nio, nioEmbedded]),
    tests(of: "Identity", ["Identity", "MasterData", "Storage", "Values"]),
    tests(
      of: "Reports",
      ["Reports", "Orders", "Finance", "Inventory", "MasterData", "Storage", "Values"]),
    tests(
      of: "Services",
      [
        "Services", "Senders", "Identity", "Messages", "RPC", "Storage", "Values", "TestKit",
        "TestRandom",
      ]),
    tests(of: "Scenario", ["Messages", "RPC", "Senders", "Services", "Values", "TestKit"]),
    tests(
      of: "Simulation",
      ["Services", "Senders", "Messages", "RPC", "Storage", "Values", "TestKit", "TestRandom"]),
    tests(of: "Joinery", ["Messages", "RPC", "Values", "TestKit", "ChildProcess", "joinery"]),
    tests(of: "Tidy", []),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .c11
)

// `make fuzz` only: nobody else pays for it.
if Context.environment["JOINERY_FUZZ"] != nil {
  package.targets += [
    .executableTarget(
      name: "joinery-fuzz",
      dependencies: [
        "Messages", "RPC", "HTTP2", nio, nioEmbedded,
      ],
      path: "Tests/Fuzz", exclude: ["Corpus"], swiftSettings: strict)
  ]
}
