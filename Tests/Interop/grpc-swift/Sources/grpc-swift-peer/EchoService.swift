import GRPCCore
import GRPCProtobuf

/// bench.v1.EchoService, registered as generated code would.
struct EchoService: RegistrableRPCService {
  typealias Violation = Joinery_Type_V1_Violation
  typealias Fact = Joinery_Type_V1_Fact

  private static let service = ServiceDescriptor(fullyQualifiedService: "bench.v1.EchoService")

  func registerMethods<Transport: ServerTransport>(with router: inout RPCRouter<Transport>) {
    router.registerHandler(
      forMethod: MethodDescriptor(service: Self.service, method: "Echo"),
      deserializer: ProtobufDeserializer<Violation>(), serializer: ProtobufSerializer<Violation>()
    ) { request, _ in
      let single = try await ServerRequest(stream: request)
      return StreamingServerResponse(single: ServerResponse(message: single.message))
    }
    router.registerHandler(
      forMethod: MethodDescriptor(service: Self.service, method: "Repeat"),
      deserializer: ProtobufDeserializer<Fact>(), serializer: ProtobufSerializer<Fact>()
    ) { request, _ in
      let message = try await ServerRequest(stream: request).message
      guard let count = Int(message.value) else {
        throw RPCError(code: .invalidArgument, message: "value: not a number")
      }
      return StreamingServerResponse { writer in
        for _ in 0..<count { try await writer.write(message) }
        return [:]
      }
    }
  }
}
