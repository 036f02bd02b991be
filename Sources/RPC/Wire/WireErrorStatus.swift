extension RPCError {
  /// The status of a message that did not decode: statuscodes.md wants INTERNAL for a parse
  /// failure; text that is no text is the caller's mistake, so its field is named.
  init(wire error: WireError) {
    switch error {
    case .malformed: self.init(.internal, "the message is not valid protobuf", cause: error)
    case .tooLarge:
      self.init(.resourceExhausted, "the message needs too much memory to decode", cause: error)
    case .invalidText(let field):
      self.init(field: field, "must be valid UTF-8", reason: "NOT_UTF8", cause: error)
    case .nulInText(let field):
      self.init(
        field: field, "must not contain the character U+0000", reason: "CONTROL_CHARACTER",
        cause: error)
    }
  }

  private init(field: String, _ description: String, reason: String, cause: WireError) {
    self.init(
      .invalidArgument, "\(field): \(description)",
      details: [BadRequestDetail(field: field, description: description, reason: reason)],
      cause: cause)
  }
}
