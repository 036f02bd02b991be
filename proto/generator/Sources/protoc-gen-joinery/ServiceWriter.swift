import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// Writes services: the protocol that a server implements, the descriptors of the methods, and the
/// client.
enum ServiceWriter {
  static func source(of file: FileDescriptor, _ options: Options) -> SourceText {
    let messages = options.isProduct ? [] : ["import Messages"]
    var source = SourceText(generatedFrom: file.name, imports: messages + ["public import RPC"])
    let namespace = Names.namespace(file.package)
    for (index, service) in file.services.enumerated() {
      if index > 0 { source.line() }
      source.block("extension \(namespace)") { source in
        writeProtocol(service, to: &source)
        source.line()
        writeDescriptors(service, to: &source)
        source.line()
        writeClient(service, to: &source)
      }
      source.line()
      writeRegistration(service, namespace, to: &source)
    }
    return source
  }

  /// The custom option `joinery.options.v1.permission`; empty when absent.
  static func permission(of method: MethodDescriptor) -> String {
    method.options.getExtensionValue(ext: Options.permission) ?? ""
  }

  /// The custom option `joinery.options.v1.scope`; nil when absent.
  static func scope(of method: MethodDescriptor) -> String? {
    switch method.options.getExtensionValue(ext: Options.scope) {
    case 1: "rows"
    case 2: "company"
    case 3: "all"
    default: nil
    }
  }

  private static func writeProtocol(_ service: ServiceDescriptor, to source: inout SourceText) {
    source.comment(of: service)
    source.block("public protocol \(service.name): Sendable") { source in
      for (index, method) in service.methods.enumerated() {
        if index > 0 { source.line() }
        source.comment(of: method)
        let result = method.serverStreaming ? "" : " -> \(Names.type(method.outputType))"
        source.signature(
          "func \(Names.method(method.name))", serverInputs(method) + ["context: CallContext"],
          " async throws\(result)")
      }
    }
  }

  private static func serverInputs(_ method: MethodDescriptor) -> [String] {
    let input = Names.type(method.inputType)
    let request =
      method.clientStreaming ? "_ requests: RequestStream<\(input)>" : "_ request: \(input)"
    guard method.serverStreaming else { return [request] }
    return [request, "writer: ResponseWriter<\(Names.type(method.outputType))>"]
  }

  private static func writeDescriptors(_ service: ServiceDescriptor, to source: inout SourceText) {
    source.line("/// What the .proto file says about the methods of `\(service.fullName)`.")
    source.block("public enum \(service.name)Methods") { source in
      for method in service.methods {
        let permission = permission(of: method)
        source.line("/// `\(method.name)`")
        source.line("public static let \(Names.method(method.name)) = MethodDescriptor(")
        source.line("  service: \"\(service.fullName)\", name: \"\(method.name)\",")
        source.line("  shape: .\(shape(method)), idempotency: .\(idempotency(method)),")
        let isSensitive = method.options.getExtensionValue(ext: Options.sensitive) ?? false
        let scope = scope(of: method).map { ", scope: .\($0)" } ?? ""
        let isBeforeApproval =
          method.options.getExtensionValue(ext: Options.beforeApproval) ?? false
        source.line(
          "  permission: \"\(permission)\"\(isSensitive ? ", isSensitive: true" : "")\(scope)"
            + (isBeforeApproval ? "," : ")"))
        if isBeforeApproval { source.line("  isBeforeApproval: true)") }
      }
      source.line()
      source.line("/// All methods in the order of their declaration.")
      source.line("public static let all: [MethodDescriptor] = [")
      source.indented { source in
        for method in service.methods { source.line(Names.method(method.name) + ",") }
      }
      source.line("]")
    }
  }

  private static func shape(_ method: MethodDescriptor) -> String {
    switch (method.clientStreaming, method.serverStreaming) {
    case (false, false): "unary"
    case (true, false): "clientStreaming"
    case (false, true): "serverStreaming"
    case (true, true): "bidirectional"
    }
  }

  private static func idempotency(_ method: MethodDescriptor) -> String {
    switch method.options.idempotencyLevel {
    case .idempotencyUnknown: "unknown"
    case .noSideEffects: "noSideEffects"
    case .idempotent: "idempotent"
    }
  }

  private static func writeClient(_ service: ServiceDescriptor, to source: inout SourceText) {
    source.line("/// Calls `\(service.fullName)` over a channel.")
    source.block("public struct \(service.name)Client: Sendable") { source in
      source.line("private let channel: any ClientChannel")
      source.line()
      source.line("public init(channel: any ClientChannel) { self.channel = channel }")
      for method in service.methods {
        source.line()
        source.comment(of: method)
        writeClientCall(method, "\(service.name)Methods.\(Names.method(method.name))", to: &source)
      }
    }
  }

  private static func writeClientCall(
    _ method: MethodDescriptor, _ descriptor: String, to source: inout SourceText
  ) {
    let input = Names.type(method.inputType)
    let output = Names.type(method.outputType)
    var parameters = ["options: CallOptions = CallOptions()"]
    if method.clientStreaming {
      parameters.append("send: @escaping @Sendable (RequestWriter<\(input)>) async throws -> Void")
    } else {
      parameters.insert("_ request: \(input)", at: 0)
    }
    let result = method.serverStreaming ? "ResponseStream<\(output)>" : output
    source.signature(
      "public func \(Names.method(method.name))", parameters,
      " async throws(RPCError) -> \(result) {")
    source.indented { source in
      let arguments =
        method.clientStreaming ? "options: options, send: send" : "request, options: options"
      let call = "try await channel.\(shape(method))(\(descriptor), \(arguments))"
      if method.serverStreaming { return source.line(call) }
      source.line("let reply: Reply<\(output)> =")
      source.line("  " + call)
      source.line("return reply.message")
    }
    source.line("}")
  }

  private static func writeRegistration(
    _ service: ServiceDescriptor, _ namespace: String, to source: inout SourceText
  ) {
    source.block("extension \(namespace).\(service.name)") { source in
      source.line("/// Makes the router serve the methods of `\(service.fullName)` by this value.")
      source.block("public func register(in router: inout Router)") { source in
        for method in service.methods {
          let name = Names.method(method.name)
          let descriptor = "\(namespace).\(service.name)Methods.\(name)"
          let call =
            method.serverStreaming
            ? "self.\(name)($0, writer: $1, context: $2)" : "self.\(name)($0, context: $1)"
          source.block("router.\(shape(method))(\(descriptor))") { source in
            source.line("try await \(call)")
          }
        }
      }
    }
  }
}
