private import Crypto
private import Foundation
internal import Identity
internal import Messages
private import RPC
internal import Storage
private import Synchronization

/// Keeps what the log says about people under their own keys. The log never forgets, and its hashes
/// cover what stands in it: so the texts that `joinery.options.v1.personal` marks stand in it
/// encrypted, and to forget a person is to destroy the key (crypto-shredding). Chain, proofs and
/// copies stay valid, and nobody can read the texts any more.
///
/// The same text of the same subject is encrypted to the same (AES-256-GCM with a nonce that HMAC
/// makes of the text), so that a repeated command is still known by its request.
struct SubjectSeal: Sendable {
  private let ring: SealKeyRing
  private let recent = SealedTexts()
  private let chance: @Sendable (_ count: Int) -> [UInt8]

  private static let mark = "sealed:"
  /// What stands in place of a text about somebody who is erased.
  static let erased = "erased"
  /// Half of a key encrypts, the other half makes the nonce.
  private static let keyBytes = 64
  private static let nonceBytes = 12

  /// `ring` encrypts the subjects' keys in the store.
  init(keys ring: SealKeyRing, chance: @escaping @Sendable (_ count: Int) -> [UInt8]) {
    self.ring = ring
    self.chance = chance
  }

  /// Whether all subjects' keys can be opened.
  static func opens(with keys: SealKeys, in snapshot: Snapshot) throws -> Bool {
    try SubjectKeyTable.seals(in: snapshot).allSatisfy(keys.opens)
  }

  // MARK: Messages

  /// The request of an entry as the log keeps it.
  func sealed(requestOf entry: CommandEntry, in tx: Transaction) throws -> [UInt8] {
    guard let texts = PersonalTexts.known(inRequestOf: entry.method) else { return entry.request }
    func sealed(_ request: [UInt8]) throws -> [UInt8] {
      do {
        return try self.sealed(request, texts, in: tx)
      } catch is WireError {
        // No message: there is nothing in it that we know of.
        return request
      }
    }
    if entry.kind == .command { return try sealed(entry.request) }
    var questions = try AuditV1.Questions(wire: entry.request)
    questions.requests = try questions.requests.map(sealed)
    return questions.encoded()
  }

  /// The encoded message as the log keeps it.
  func sealed(_ message: [UInt8], of type: String, in tx: Transaction) throws -> [UInt8] {
    guard let texts = PersonalTexts.known(in: type) else { return message }
    return try sealed(message, texts, in: tx)
  }

  private func sealed(
    _ message: [UInt8], _ texts: PersonalTexts, in tx: Transaction
  ) throws -> [UInt8] {
    var found: [String: [UInt8]?] = [:]
    return try texts.replaced(in: message) { text, subject in
      let key = try found[subject] ?? key(for: subject, in: tx)
      found[subject] = .some(key)
      return try sealed(text, about: subject, with: key)
    }
  }

  /// As below, for what a method answered, by its full name.
  func opened(
    _ message: [UInt8], answerOf method: String, in snapshot: Snapshot
  ) throws -> [UInt8] {
    guard let type = DescriptorPool.joinery.method("/" + method)?.output else { return message }
    return try opened(message, of: type, in: snapshot)
  }

  /// The message that the log keeps, as it was; of somebody who is erased `erased` is left of each
  /// text. Entries of an older server are not sealed.
  func opened(_ message: [UInt8], of type: String, in snapshot: Snapshot) throws -> [UInt8] {
    guard let texts = PersonalTexts.known(in: type) else { return message }
    return try texts.replaced(in: message) { text, subject in
      try opened(text, about: subject, in: snapshot)
    }
  }

  /// The texts about people that the log keeps of what an entry asked, as far as they can still be
  /// read.
  func texts(
    inRequestOf entry: CommandEntry, about subjects: Set<String>, in snapshot: Snapshot
  ) throws -> [PersonalTexts.Found] {
    guard let texts = PersonalTexts.known(inRequestOf: entry.method),
      let found = try? texts.texts(in: entry.request)
    else { return [] }
    return try found.compactMap { found in
      guard subjects.contains(found.subject) else { return nil }
      return try readable(found.text, about: found.subject, in: snapshot).map {
        .init(name: found.name, text: $0, subject: found.subject)
      }
    }
  }

  /// As `opened`; nil for what nobody can read any more.
  func readable(
    _ text: String, about subject: String, in snapshot: Snapshot
  ) throws -> String? {
    if text == Self.erased { return nil }
    let opened = try opened(text, about: subject, in: snapshot)
    return text.hasPrefix(Self.mark) && opened == Self.erased ? nil : opened
  }

  // MARK: Texts

  /// `subject` may be empty: the text can then never be read again.
  func sealed(_ text: String, about subject: String, in tx: Transaction) throws -> String {
    text.isEmpty ? text : try sealed(text, about: subject, with: key(for: subject, in: tx))
  }

  /// What is said to or about a customer; of nobody it stays as it is.
  func sealed(_ text: String, aboutCustomer code: String, in tx: Transaction) throws -> String {
    code.isEmpty ? text : try sealed(text, about: code, in: tx)
  }

  private func sealed(
    _ text: String, about subject: String, with key: [UInt8]?
  ) throws -> String {
    guard let key else { return Self.erased }
    return try recent.sealed(text, key) { try Self.sealed(text, about: subject, with: key) }
  }

  private static func sealed(
    _ text: String, about subject: String, with key: [UInt8]
  ) throws -> String {
    let bytes = Array(text.utf8)
    let code = HMAC<SHA256>.authenticationCode(
      for: bytes, using: SymmetricKey(data: key[32...]))
    let box = try AES.GCM.seal(
      bytes, using: SymmetricKey(data: key[..<32]),
      nonce: AES.GCM.Nonce(data: Array(code).prefix(nonceBytes)),
      authenticating: Array(subject.utf8))
    return mark + Data(Array(box.nonce) + box.ciphertext + box.tag).base64EncodedString()
  }

  /// What `sealed` made of a text, as it was; `erased` once its subject is.
  func opened(
    _ text: String, about subject: String, in snapshot: Snapshot
  ) throws -> String {
    guard text.hasPrefix(Self.mark),
      let bytes = Data(base64Encoded: String(text.dropFirst(Self.mark.count))),
      let box = try? AES.GCM.SealedBox(combined: bytes)
    else { return text }
    guard let sealed = try SubjectKeyTable.find(subject, in: snapshot), !sealed.bytes.isEmpty else {
      return Self.erased
    }
    let key = try ring.current.open(sealed, for: Self.purpose(subject))
    let opened = try AES.GCM.open(
      box, using: SymmetricKey(data: key[..<32]), authenticating: Array(subject.utf8))
    return String(decoding: opened, as: UTF8.self)
  }

  // MARK: Keys

  /// Destroys the key: what the log says about the subject, and will say, nobody can read.
  func erase(_ subject: String, in tx: Transaction) throws {
    try SubjectKeyTable.erase(subject, in: tx)
    recent.forget()
  }

  /// Makes one for a subject that is new; nil for one that is erased.
  private func key(for subject: String, in tx: Transaction) throws -> [UInt8]? {
    guard !subject.isEmpty else { return nil }
    if let sealed = try SubjectKeyTable.find(subject, in: tx) {
      return sealed.bytes.isEmpty ? nil : try ring.current.open(sealed, for: Self.purpose(subject))
    }
    let key = chance(Self.keyBytes)
    let sealed = try ring.current.seal(
      key, for: Self.purpose(subject), nonce: chance(SealKeys.nonceByteCount))
    try SubjectKeyTable.insert(subject, sealed, in: tx)
    return key
  }

  private static func purpose(_ subject: String) -> String { "subject \(subject)" }
}

/// Texts that were encrypted lately: each step of an order says again what its customer is called.
/// They are found by the key as well, so one that was never committed does no harm here.
private final class SealedTexts: Sendable {
  private struct Plain: Hashable {
    let text: String
    let key: [UInt8]
  }

  /// A few hundred bytes each.
  private static let limit = 1024
  private let texts = Mutex<[Plain: String]>([:])

  /// What `seal` makes of the text with the key.
  func sealed(_ text: String, _ key: [UInt8], _ seal: () throws -> String) rethrows -> String {
    let plain = Plain(text: text, key: key)
    if let known = texts.withLock({ $0[plain] }) { return known }
    let sealed = try seal()
    // Long ones are notes, which nobody repeats.
    guard text.utf8.count <= 64 else { return sealed }
    texts.withLock { texts in
      if texts.count >= Self.limit { texts = [:] }
      texts[plain] = sealed
    }
    return sealed
  }

  func forget() { texts.withLock { $0 = [:] } }
}

extension PersonalTexts {
  /// By message type, and by method for its requests.
  private static let all = Mutex<[String: PersonalTexts?]>([:])

  /// As `init(in:)`, found once for each type.
  fileprivate static func known(in type: String) -> PersonalTexts? { known(type) { type } }

  /// Of a method's full name ("joinery.orders.v1.OrderService/PlaceOrder").
  fileprivate static func known(inRequestOf method: String) -> PersonalTexts? {
    known(method) { DescriptorPool.joinery.method("/" + method)?.input }
  }

  private static func known(_ key: String, _ type: () -> String?) -> PersonalTexts? {
    if let known = all.withLock({ $0[key] }) { return known }
    let found = type().flatMap { PersonalTexts(in: $0) }
    all.withLock { $0[key] = .some(found) }
    return found
  }
}
