internal import HTTP2

/// A status as trailers: `grpc-status`, `grpc-message`, `grpc-status-details-bin` and metadata,
/// together below what clients accept (gRPC C++ and Python refuse more than 8 KiB).
enum StatusFields {
  /// Of all trailers, by HTTP's count.
  static let limitBytes = 7 * 1024
  /// Of the percent-encoded message.
  static let messageLimitBytes = 2 * 1024

  /// The fields of a status that is not OK, `grpc-status` first.
  static func fields(_ error: RPCError, trailers: Metadata) -> HeaderFields {
    var fields = HeaderFields()
    fields.add("grpc-status", String(error.code.rawValue).utf8, indexed: true)
    let (message, encoded) = cut(error.message)
    if !encoded.isEmpty { fields.add("grpc-message", encoded) }
    if let pushback = error.retryPushback {
      fields.add("grpc-retry-pushback-ms", pushback.text.utf8, indexed: true)
    }
    if !error.details.isEmpty || !error.rawDetails.isEmpty {
      // Code and message in the details must be those of the headers: clients compare.
      let details = Base64.encode(StatusDetails.encode(error, message: message))
      // Details are the first to go when it is too much; half is left to the metadata in any case.
      if fields.listBytes + details.count + 64 <= limitBytes - metadataReserve {
        fields.add("grpc-status-details-bin", details)
      }
    }
    error.metadata.write(to: &fields, limit: limitBytes)
    trailers.write(to: &fields, limit: limitBytes)
    return fields
  }

  private static let metadataReserve = 1024

  /// As much of the message as fits, cut between characters.
  private static func cut(_ message: String) -> (String, [UInt8]) {
    let encoded = PercentEncoding.encode(message)
    guard encoded.count > messageLimitBytes else { return (message, encoded) }
    var kept = ""
    var size = 0
    for character in message {
      let cost = PercentEncoding.encode(String(character)).count
      guard size + cost <= messageLimitBytes - 16 else { break }
      size += cost
      kept.append(character)
    }
    kept += "…"
    return (kept, PercentEncoding.encode(kept))
  }
}

/// `google.rpc.Status { int32 code = 1; string message = 2; repeated google.protobuf.Any details =
/// 3; }`, by hand: RPC sits below the generated messages.
enum StatusDetails {
  static let typePrefix = "type.googleapis.com/"

  /// `message` may be a shortened one. Details that are still packed go out as they came in.
  static func encode(_ error: RPCError, message: String) -> [UInt8] {
    var status = ProtobufWriter()
    status.varint(1, UInt64(error.code.rawValue))
    status.text(2, message)
    let packed = error.details.map {
      RPCError.RawDetail(typeURL: typePrefix + type(of: $0).fullName, bytes: $0.encoded())
    }
    for detail in packed + error.rawDetails {
      var any = ProtobufWriter()
      any.text(1, detail.typeURL)
      any.bytes(2, detail.bytes)
      status.bytes(3, any.bytes, always: true)
    }
    return status.bytes
  }

  /// The details of an encoded status; empty when it is broken, for the status itself is in the
  /// other trailers.
  static func decode(_ bytes: [UInt8]) -> [RPCError.RawDetail] {
    var details: [RPCError.RawDetail] = []
    var status = ProtobufReader(bytes)
    while let next = try? status.next() {
      guard next.field == 3, case .bytes(let packed) = next.value else { continue }
      var typeURL = ""
      var value: [UInt8] = []
      var any = ProtobufReader(packed)
      while let inner = try? any.next() {
        guard case .bytes(let bytes) = inner.value else { continue }
        if inner.field == 1 { typeURL = String(decoding: bytes, as: UTF8.self) }
        if inner.field == 2 { value = bytes }
      }
      details.append(RPCError.RawDetail(typeURL: typeURL, bytes: value))
    }
    return details
  }
}
