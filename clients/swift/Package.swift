// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "till",
  dependencies: [.package(name: "joinery", path: "../..")],
  targets: [
    .executableTarget(
      name: "till", dependencies: [.product(name: "JoineryClient", package: "joinery")])
  ]
)
