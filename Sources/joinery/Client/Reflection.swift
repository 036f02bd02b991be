internal import Messages
internal import RPC

/// Learns what a server offers by asking it (grpc.reflection.v1, or v1alpha where it knows only
/// that).
struct Reflection {
  private let channel: any ClientChannel
  private let options: CallOptions

  init(_ channel: any ClientChannel, _ options: CallOptions) {
    self.channel = channel
    self.options = options
  }

  /// What the server says: its services' descriptors with all that they import. Nil when it does
  /// not say, or not to us. For a name that has a service's in it only that one is asked for.
  func pool(for name: String? = nil) async throws -> DescriptorPool? {
    for method in [
      GRPCReflectionV1.ServerReflectionMethods.serverReflectionInfo,
      // The same messages under another name.
      GRPCReflectionV1alpha.ServerReflectionMethods.serverReflectionInfo,
    ] {
      do { return try await ask(method, name) } catch let error as RPCError {
        switch error.code {
        case .unimplemented, .permissionDenied, .unauthenticated: continue
        default: throw error
        }
      }
    }
    return nil
  }

  /// The most files that are read, and their bytes: a server may mean harm.
  private static let fileLimit = 5_000
  private static let byteLimit = 64 * 1024 * 1024

  private typealias Request = GRPCReflectionV1.ServerReflectionRequest
  private typealias Response = GRPCReflectionV1.ServerReflectionResponse

  private func ask(_ method: MethodDescriptor, _ name: String?) async throws -> DescriptorPool {
    let (questions, next) = AsyncStream.makeStream(of: Request.MessageRequest.self)
    let responses: ResponseStream<Response> = try await channel.bidirectional(
      method, options: options
    ) { (writer: RequestWriter<Request>) in
      for await question in questions { try await writer.write(Request(messageRequest: question)) }
    }
    defer { next.finish() }
    var answers = responses.makeAsyncIterator()
    var files: [String: FileDescription] = [:]
    var bytes = 0
    /// Asks for files and takes them; a file that the server does not have is left out.
    func read(_ question: Request.MessageRequest) async throws {
      next.yield(question)
      guard case .fileDescriptorResponse(let found)? = try await answers.next()?.messageResponse
      else { return }
      for file in found.fileDescriptorProto {
        bytes += file.count
        guard files.count < Self.fileLimit, bytes <= Self.byteLimit else {
          throw Failure("the server describes more than \(Self.fileLimit) files")
        }
        do {
          let description = try FileDescription(fileDescriptor: file)
          files[description.name] = description
        } catch { throw Failure("the server describes itself in a way that is no protobuf") }
      }
    }
    next.yield(.listServices(""))
    guard case .listServicesResponse(let list)? = try await answers.next()?.messageResponse else {
      throw Failure("the server does not list its services")
    }
    let services = Self.wanted(list.service.map(\.name), by: name)
    for service in services where !files.values.contains(where: { $0.declares(service) }) {
      try await read(.fileContainingSymbol(service))
    }
    while let missing = Self.missing(files) {
      try await read(.fileByFilename(missing))
      // Of the standard ones we have our own; without any other the rest may still do.
      if files[missing] == nil {
        files[missing] =
          DescriptorPool.joinery.file(named: missing) ?? FileDescription(none: missing)
      }
    }
    return DescriptorPool(Array(files.values))
  }

  private static func wanted(_ services: [String], by name: String?) -> [String] {
    guard let name else { return services }
    let dotted = "." + String(name.drop { $0 == "/" }.map { $0 == "/" ? "." : $0 })
    let named = services.filter { service in
      // "grpc.health.v1.Health/Watch" and "Health/Watch"; the pool tells which of several is meant.
      dotted.hasPrefix(".\(service).")
        || service.split(separator: ".").last.map { dotted.hasPrefix(".\($0).") } == true
    }
    return named.isEmpty ? services : named
  }

  private static func missing(_ files: [String: FileDescription]) -> String? {
    files.values.lazy.flatMap(\.dependencies).first { files[$0] == nil }
  }
}

extension FileDescription {
  fileprivate func declares(_ service: String) -> Bool {
    services.contains { $0.fullName == service }
  }
}
