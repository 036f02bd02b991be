import SwiftProtobufPluginLibrary

/// Writes the enums that stand for .proto packages.
enum NamespaceWriter {
  static func source(of files: [FileDescriptor]) -> String {
    var source = SourceText(generatedFrom: "the packages under proto/", imports: [])
    let packages = Set(files.map(\.package)).sorted()
    for (index, package) in packages.enumerated() {
      if index > 0 { source.line() }
      source.line("/// The messages and services of the package `\(package)`.")
      source.line("public enum \(Names.namespace(package)) {}")
    }
    return source.text
  }
}
