private import RPC

/// Replaces the texts about people in encoded messages: the fields that say so
/// (`joinery.options.v1.personal`), at any depth, each told together with the one it is about: the
/// text of the field that names it (`joinery.options.v1.data_subject`), in the same message or the
/// nearest around it.
public struct PersonalTexts: Sendable {
  private enum Mark: Sendable {
    /// With the name of the field.
    case personal(String)
    case subject
  }

  private let fields: MarkedFields<Mark>

  /// For messages of `type`; nil where nothing in them is about people.
  public init?(in type: String, pool: DescriptorPool = .joinery) {
    let types = MarkedFields(of: type, pool: pool) { $0.isPersonal ? true : nil }
    guard types != nil else { return nil }
    let found = MarkedFields(of: type, pool: pool) { field -> Mark? in
      field.isPersonal ? .personal(field.name) : field.isDataSubject ? .subject : nil
    }
    guard let found else { return nil }
    fields = found
  }

  /// The message with what `replace` makes of each text that is not empty; `subject` is empty where
  /// the message names none. Throws `WireError.malformed` for what is no encoding of the message.
  public func replaced(
    in message: [UInt8], by replace: (_ text: String, _ subject: String) throws -> String
  ) throws -> [UInt8] {
    try replaced(in: message[...], fields.root, around: "") { text, subject, _ in
      try replace(text, subject)
    } ?? message
  }

  /// One of the texts.
  public struct Found: Hashable, Sendable {
    /// Name of the field.
    public let name: String
    public let text: String
    /// Empty where the message names none.
    public let subject: String

    public init(name: String, text: String, subject: String) {
      self.name = name
      self.text = text
      self.subject = subject
    }
  }

  /// The texts of the message that are not empty. Throws as `replaced`.
  public func texts(in message: [UInt8]) throws -> [Found] {
    var found: [Found] = []
    _ = try replaced(in: message[...], fields.root, around: "") { text, subject, name in
      found.append(Found(name: name, text: text, subject: subject))
      return text
    }
    return found
  }

  /// Nil where there is nothing to replace, as in nearly every message inside another.
  private func replaced(
    in message: ArraySlice<UInt8>, _ plan: MarkedFields<Mark>.Plan, around outer: String,
    _ replace: (_ text: String, _ subject: String, _ name: String) throws -> String
  ) throws -> [UInt8]? {
    let subject = try subject(of: message, plan) ?? outer
    var kept = WireWriter()
    var reader = WireReader(message)
    /// Before it, all is in `kept`.
    var copied = reader.position
    var start = reader.position
    while let (number, place) = try reader.nextPlace() {
      defer { start = reader.position }
      let new: [UInt8]
      switch plan[number] {
      case nil, .marked(.subject): continue
      case .marked(.personal(let name)):
        guard case .bytes(let text) = place, !text.isEmpty else { continue }
        new = Array(try replace(String(decoding: message[text], as: UTF8.self), subject, name).utf8)
      case .enter(let next):
        guard case .bytes(let inner) = place else { throw WireError.malformed }
        let plan = fields.plans[next]
        guard let replaced = try replaced(in: message[inner], plan, around: subject, replace)
        else { continue }
        new = replaced
      }
      kept.raw(message[copied..<start])
      kept.bytes(number, new)
      copied = reader.position
    }
    guard copied > message.startIndex else { return nil }
    kept.raw(message[copied...])
    return kept.bytes
  }

  private func subject(
    of message: ArraySlice<UInt8>, _ plan: MarkedFields<Mark>.Plan
  ) throws(WireError) -> String? {
    let number = plan.actions.first {
      if case .marked(.subject) = $0.action { true } else { false }
    }
    guard let number = number?.number else { return nil }
    var reader = WireReader(message)
    var subject = 0..<0
    while let (field, place) = try reader.nextPlace() {
      if field == number, case .bytes(let text) = place { subject = text }
    }
    return subject.isEmpty ? nil : String(decoding: message[subject], as: UTF8.self)
  }
}
