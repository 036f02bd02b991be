/// The subject of an X.509 certificate, read from its DER encoding (RFC 5280 section 4.1). Only as
/// much of DER as that takes.
struct DistinguishedName: CustomStringConvertible {
  /// One attribute: what kind, and its text.
  private struct Attribute {
    let type: ArraySlice<UInt8>
    /// Nil for a string type other than UTF-8 or ASCII.
    let text: String?
    let bytes: ArraySlice<UInt8>
  }

  /// In the order of the certificate: the most general first.
  private var attributes: [[Attribute]] = []

  /// Nil for bytes that are no certificate.
  init?(certificate: [UInt8]) {
    var outer = DER(certificate[...])
    guard var whole = outer.enter(DER.sequence), var body = whole.enter(DER.sequence) else {
      return nil
    }
    // The version is optional; then serial number, signature algorithm, issuer, validity.
    if body.nextTag == 0xA0 { _ = body.next() }
    for _ in 0..<4 { guard body.next() != nil else { return nil } }
    guard var names = body.enter(DER.sequence) else { return nil }
    while var members = names.enter(DER.set) {
      var group: [Attribute] = []
      while var pair = members.enter(DER.sequence) {
        guard let type = pair.next(), type.tag == 0x06, let value = pair.next() else { return nil }
        let isText = [0x0C, 0x13, 0x16].contains(value.tag)
        group.append(
          Attribute(
            type: type.bytes,
            text: isText ? String(validating: value.bytes, as: UTF8.self) : nil,
            bytes: value.bytes))
      }
      attributes.append(group)
    }
  }

  var commonName: String? {
    attributes.flatMap { $0 }.last { Array($0.type) == [0x55, 0x04, 0x03] }?.text
  }

  /// RFC 4514: the most specific first.
  var description: String {
    attributes.reversed().map { group in
      group.map { "\(Self.name($0.type))=\(Self.value($0))" }.joined(separator: "+")
    }.joined(separator: ",")
  }

  private static func name(_ type: ArraySlice<UInt8>) -> String {
    switch Array(type) {
    case [0x55, 0x04, 0x03]: "CN"
    case [0x55, 0x04, 0x06]: "C"
    case [0x55, 0x04, 0x07]: "L"
    case [0x55, 0x04, 0x08]: "ST"
    case [0x55, 0x04, 0x0A]: "O"
    case [0x55, 0x04, 0x0B]: "OU"
    default: "OID." + hex(type)
    }
  }

  /// Escaped, so that no text can pass for more than one attribute.
  private static func value(_ attribute: Attribute) -> String {
    guard let text = attribute.text else { return "#" + hex(attribute.bytes) }
    var escaped = ""
    for (index, character) in text.unicodeScalars.enumerated() {
      let isEdge = index == 0 || index == text.unicodeScalars.count - 1
      if ",+\"\\<>;=".unicodeScalars.contains(character) || character == "#" && index == 0
        || character == " " && isEdge
      {
        escaped += "\\"
      }
      if character.value < 0x20 || character.value == 0x7F {
        escaped += "\\" + hex([UInt8(character.value)])
      } else {
        escaped.unicodeScalars.append(character)
      }
    }
    return escaped
  }

  private static func hex(_ bytes: ArraySlice<UInt8>) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined()
  }
}

/// Reads tag, length and contents, one after the other.
private struct DER {
  static let sequence: UInt8 = 0x30
  static let set: UInt8 = 0x31

  private var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  var nextTag: UInt8? { rest.first }

  /// The next value; nil at the end and for a broken length.
  mutating func next() -> (tag: UInt8, bytes: ArraySlice<UInt8>)? {
    var bytes = rest
    guard let tag = bytes.popFirst(), let first = bytes.popFirst() else { return nil }
    var length = Int(first)
    if first >= 0x80 {
      // The long form; four bytes of length are more than any certificate has.
      guard (1...4).contains(first & 0x7F), bytes.count >= first & 0x7F else { return nil }
      length = 0
      for _ in 0..<(first & 0x7F) { length = length << 8 | Int(bytes.removeFirst()) }
    }
    guard length <= bytes.count else { return nil }
    rest = bytes.dropFirst(length)
    return (tag, bytes.prefix(length))
  }

  /// The contents of the next value, if it has that tag.
  mutating func enter(_ tag: UInt8) -> DER? {
    guard nextTag == tag, let value = next() else { return nil }
    return DER(value.bytes)
  }
}
