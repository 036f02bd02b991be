import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// The plugin's parameters, and the custom options it reads or sets in descriptors.
struct Options {
  var protocGenC = "/usr/bin/protoc-gen-c"
  var cModule = "CMessages"
  var swiftModule = "Messages"
  var embedsDescriptors = true

  /// Whether the code is part of the library; else it belongs to its tests, where nothing is
  /// public.
  var isProduct: Bool { swiftModule == "Messages" }

  init(_ parameter: any CodeGeneratorParameter) throws {
    for (key, value) in parameter.parsedPairs {
      switch key {
      case "protoc_gen_c": protocGenC = value
      case "c_module": cModule = value
      case "swift_module": swiftModule = value
      case "descriptors": embedsDescriptors = value != "false"
      default: throw GeneratorError("unknown parameter \(key)")
      }
    }
  }

  /// `joinery.options.v1.permission`.
  static let permission = MessageExtension<
    OptionalExtensionField<ProtobufString>, Google_Protobuf_MethodOptions
  >(_protobuf_fieldNumber: 50001, fieldName: "joinery.options.v1.permission")

  /// `joinery.options.v1.sensitive`.
  static let sensitive = MessageExtension<
    OptionalExtensionField<ProtobufBool>, Google_Protobuf_MethodOptions
  >(_protobuf_fieldNumber: 50003, fieldName: "joinery.options.v1.sensitive")

  /// `joinery.options.v1.before_approval`.
  static let beforeApproval = MessageExtension<
    OptionalExtensionField<ProtobufBool>, Google_Protobuf_MethodOptions
  >(_protobuf_fieldNumber: 50005, fieldName: "joinery.options.v1.before_approval")

  /// `joinery.options.v1.scope`, as the number of the enum's value.
  static let scope = MessageExtension<
    OptionalExtensionField<ProtobufInt32>, Google_Protobuf_MethodOptions
  >(_protobuf_fieldNumber: 50004, fieldName: "joinery.options.v1.scope")

  /// `joinery.options.v1.passed_on`.
  static let passedOn = MessageExtension<
    OptionalExtensionField<ProtobufBool>, Google_Protobuf_MessageOptions
  >(_protobuf_fieldNumber: 50001, fieldName: "joinery.options.v1.passed_on")

  /// protobuf-c's `pb_c_file`, as the bytes of its message.
  static let protobufC = MessageExtension<
    OptionalExtensionField<ProtobufBytes>, Google_Protobuf_FileOptions
  >(_protobuf_fieldNumber: 1019, fieldName: "pb_c_file")
}

/// What is wrong with the .proto files, for the person who wrote them.
struct GeneratorError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
