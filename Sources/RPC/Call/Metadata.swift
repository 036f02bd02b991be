/// The header or trailer fields of a call: ordered, names may repeat, values are text or binary.
///
/// Names are lower case. A name that ends in `-bin` holds binary values and travels as base64;
/// every other name holds text of printable ASCII. A field that breaks these rules, or whose name
/// is one of HTTP's or gRPC's own, is not sent (`Metadata.isValid(name:value:)` tells before).
public struct Metadata: Hashable, Sendable {
  /// One field.
  public struct Field: Hashable, Sendable {
    public enum Value: Hashable, Sendable {
      case text(String)
      case binary([UInt8])
    }

    public let name: String
    public let value: Value

    public init(name: String, value: Value) {
      self.name = name
      self.value = value
    }
  }

  /// All fields in the order they came or were added.
  public private(set) var fields: [Field] = []

  public init() {}

  public var isEmpty: Bool { fields.isEmpty }

  /// The first text value of `name`, or nil.
  public subscript(name: String) -> String? {
    for field in fields where field.name == name {
      if case .text(let text) = field.value { return text }
    }
    return nil
  }

  /// Every text value of `name`, in order.
  public subscript(all name: String) -> [String] {
    fields.compactMap { field in
      guard field.name == name, case .text(let text) = field.value else { return nil }
      return text
    }
  }

  /// Every binary value of `name` (which ends in `-bin`), in order.
  public subscript(binary name: String) -> [[UInt8]] {
    fields.compactMap { field in
      guard field.name == name, case .binary(let bytes) = field.value else { return nil }
      return bytes
    }
  }

  /// Appends a text field; the name is lower-cased.
  public mutating func add(_ name: String, _ text: String) {
    fields.append(Field(name: Metadata.canonical(name), value: .text(text)))
  }

  /// Appends a binary field; the name is lower-cased and must end in `-bin`.
  public mutating func add(_ name: String, _ bytes: [UInt8]) {
    fields.append(Field(name: Metadata.canonical(name), value: .binary(bytes)))
  }

  /// Appends all fields of `other`.
  public mutating func add(_ other: Metadata) {
    if fields.isEmpty { fields = other.fields } else { fields.append(contentsOf: other.fields) }
  }

  /// Removes every field of that name.
  public mutating func remove(_ name: String) {
    fields.removeAll { $0.name == name }
  }

  /// Appends a field whose name is known to be lower case already (it came off the wire).
  mutating func append(_ field: Field) { fields.append(field) }

  private static func canonical(_ name: String) -> String {
    name.utf8.contains { $0 >= 0x41 && $0 <= 0x5A } ? name.lowercased() : name
  }
}

extension Metadata: ExpressibleByDictionaryLiteral {
  public init(dictionaryLiteral elements: (String, String)...) {
    for (name, text) in elements { add(name, text) }
  }
}

extension Metadata: CustomStringConvertible {
  /// Names only: values may be credentials and do not belong in a log.
  public var description: String { "[" + fields.map(\.name).joined(separator: ", ") + "]" }
}
