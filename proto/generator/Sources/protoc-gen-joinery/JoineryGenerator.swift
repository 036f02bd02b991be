import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// The protoc plugin that writes Joinery's messages: Swift values with their codecs, service
/// protocols and clients; the C codecs under them (by way of protoc-gen-c); and the descriptors as
/// a C string.
///
/// Parameters (`--joinery_opt=name=value`): `protoc_gen_c`, path of that plugin; `c_module`, the C
/// target to write and import (default CMessages); `swift_module`, where the Swift goes (default
/// Messages); `descriptors`, whether to embed them (default true).
@main
struct JoineryGenerator: CodeGenerator {
  var supportedFeatures: [Google_Protobuf_Compiler_CodeGeneratorResponse.Feature] {
    [.proto3Optional]
  }
  var customOptionExtensions: [any AnyMessageExtension] {
    [
      Options.permission, Options.sensitive, Options.scope, Options.beforeApproval,
      Options.passedOn, Options.protobufC,
    ]
  }

  func generate(
    files: [FileDescriptor], parameter: any CodeGeneratorParameter,
    protoCompilerContext: any ProtoCompilerContext, generatorOutputs outputs: any GeneratorOutputs
  ) throws {
    let options = try Options(parameter)
    let files = files.sorted { $0.name < $1.name }
    try Checks.run(files)

    let content = files.filter { !$0.messages.isEmpty || !$0.enums.isEmpty || !$0.services.isEmpty }
    func add(_ name: String, _ source: SourceText) throws {
      let contents = options.isProduct ? source.text : source.withoutPublic
      try outputs.add(
        fileName: "\(options.swiftModule)/Generated/\(name).swift", contents: contents)
    }
    try add("Namespaces", NamespaceWriter.source(of: content))
    for file in content {
      let name = Names.swiftFile(of: file)
      if !file.messages.isEmpty || !file.enums.isEmpty {
        try add(name, ValueWriter.source(of: file))
      }
      if !file.messages.isEmpty { try add(name + "+Codec", CodecWriter.source(of: file, options)) }
      if !file.services.isEmpty {
        try add(name + "+Service", ServiceWriter.source(of: file, options))
      }
    }
    for (name, contents) in try CCodecs.generate(content.filter { !$0.messages.isEmpty }, options) {
      try outputs.add(fileName: options.cModule + "/" + name, contents: contents)
    }
    if options.embedsDescriptors {
      let source = DescriptorSetWriter.source(of: files, header: options.cModule)
      try outputs.add(fileName: options.cModule + "/descriptor_set.c", contents: source)
    }
  }
}
