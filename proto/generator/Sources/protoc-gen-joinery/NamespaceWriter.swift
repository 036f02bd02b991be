import SwiftProtobufPluginLibrary

/// Writes the enums that stand for .proto packages, and the list of all messages.
enum NamespaceWriter {
  static func source(of files: [FileDescriptor]) -> SourceText {
    var source = SourceText(generatedFrom: "the .proto packages", imports: ["import RPC"])
    let packages = Set(files.map(\.package)).sorted()
    for (index, package) in packages.enumerated() {
      if index > 0 { source.line() }
      source.line("/// The messages and services of the package `\(package)`.")
      source.line("public enum \(Names.namespace(package)) {}")
    }
    source.line()
    source.line("/// The types of all generated messages, by which tests and tools find them.")
    source.block("enum GeneratedMessages") { source in
      source.line("static let all: [any WireMessage.Type] = [")
      source.indented { source in
        for message in CodecWriter.withNested(files.flatMap(\.messages)) {
          source.line(Names.type(message) + ".self,")
        }
      }
      source.line("]")
    }
    return source
  }
}
