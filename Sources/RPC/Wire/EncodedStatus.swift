extension RPCError {
  /// The error as an encoded `google.rpc.Status`: how a refusal is kept to be given again.
  public func encodedStatus() -> [UInt8] { StatusDetails.encode(self, message: message) }

  /// The error that `encodedStatus` made these bytes of; its details are in `rawDetails`, and go
  /// out again as they are.
  public init(encodedStatus bytes: [UInt8]) {
    var code = Code.unknown
    var message = ""
    var status = ProtobufReader(bytes)
    while let (field, value) = try? status.next() {
      switch (field, value) {
      case (1, .varint(let number)):
        code = Code(rawValue: Int(truncatingIfNeeded: number)) ?? .unknown
      case (2, .bytes(let text)): message = String(decoding: text, as: UTF8.self)
      default: break
      }
    }
    self.init(code, message, rawDetails: StatusDetails.decode(bytes))
  }
}
