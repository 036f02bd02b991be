internal import Messages
internal import RPC

/// grpc.reflection.v1: what stock tools (grpcurl, buf curl, Postman) ask to call a server that they
/// know nothing of. Answers from the descriptors that the API was generated from.
struct ReflectionService: GRPCReflectionV1.ServerReflection {
  private let pool = DescriptorPool.joinery
  private let services: [String]

  /// Serves both versions of the protocol for all that `router` knows by then, and itself.
  static func register(in router: inout Router) {
    let names = Set(router.methods.map(\.service)).union([
      GRPCReflectionV1.ServerReflectionMethods.serverReflectionInfo.service,
      GRPCReflectionV1alpha.ServerReflectionMethods.serverReflectionInfo.service,
    ])
    let service = ReflectionService(services: names.sorted())
    service.register(in: &router)
    OlderReflectionService(current: service).register(in: &router)
  }

  private init(services: [String]) { self.services = services }

  func serverReflectionInfo(
    _ requests: RequestStream<GRPCReflectionV1.ServerReflectionRequest>,
    writer: ResponseWriter<GRPCReflectionV1.ServerReflectionResponse>, context: CallContext
  ) async throws {
    for try await request in requests { try await writer.write(response(to: request)) }
  }

  func response(
    to request: GRPCReflectionV1.ServerReflectionRequest
  ) -> GRPCReflectionV1.ServerReflectionResponse {
    .init(
      validHost: request.host, originalRequest: request,
      messageResponse: answer(request.messageRequest))
  }

  private func answer(
    _ question: GRPCReflectionV1.ServerReflectionRequest.MessageRequest?
  ) -> GRPCReflectionV1.ServerReflectionResponse.MessageResponse {
    switch question {
    case .fileByFilename(let name): return files(pool.file(named: name), name)
    case .fileContainingSymbol(let symbol): return files(pool.file(declaring: symbol), symbol)
    case .fileContainingExtension(let wanted):
      let file = pool.files.first { file in
        file.extensions.contains {
          $0.extendee == wanted.containingType && $0.number == Int(wanted.extensionNumber)
        }
      }
      return files(file, "\(wanted.containingType):\(wanted.extensionNumber)")
    case .allExtensionNumbersOfType(let type):
      let numbers = pool.files.flatMap(\.extensions).filter { $0.extendee == type }.map(\.number)
      guard !numbers.isEmpty || pool.message(type) != nil else { return notFound(type) }
      return .allExtensionNumbersResponse(
        .init(baseTypeName: type, extensionNumber: numbers.sorted().map(Int32.init)))
    case .listServices:
      return .listServicesResponse(.init(service: services.map { .init(name: $0) }))
    case nil:
      return .errorResponse(
        .init(
          errorCode: Int32(RPCError.Code.invalidArgument.rawValue),
          errorMessage: "the request asks for nothing"))
    }
  }

  /// A file with everything that it imports, so that one answer is enough.
  private func files(
    _ file: FileDescription?, _ name: String
  ) -> GRPCReflectionV1.ServerReflectionResponse.MessageResponse {
    guard let file else { return notFound(name) }
    var wanted = [file]
    var seen: Set = [file.name]
    var next = 0
    while next < wanted.count {
      for name in wanted[next].dependencies where seen.insert(name).inserted {
        if let imported = pool.file(named: name) { wanted.append(imported) }
      }
      next += 1
    }
    return .fileDescriptorResponse(.init(fileDescriptorProto: wanted.map(\.bytes)))
  }

  private func notFound(
    _ name: String
  ) -> GRPCReflectionV1.ServerReflectionResponse.MessageResponse {
    .errorResponse(
      .init(errorCode: Int32(RPCError.Code.notFound.rawValue), errorMessage: "unknown: \(name)"))
  }
}

/// grpc.reflection.v1alpha, which older tools still ask: the same messages under another name.
private struct OlderReflectionService: GRPCReflectionV1alpha.ServerReflection {
  let current: ReflectionService

  func serverReflectionInfo(
    _ requests: RequestStream<GRPCReflectionV1alpha.ServerReflectionRequest>,
    writer: ResponseWriter<GRPCReflectionV1alpha.ServerReflectionResponse>, context: CallContext
  ) async throws {
    for try await request in requests {
      let response = current.response(to: try .init(wire: request.encoded()))
      try await writer.write(.init(wire: response.encoded()))
    }
  }
}
