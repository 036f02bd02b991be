package import Values

/// One `?` of a statement that is about to run. A cell holds one of the four types that both
/// engines share; there is no floating point (DESIGN §5).
package struct Parameter {
  let statement: Statement
  let index: Int32

  package func setNull() { statement.bindNull(at: index) }
  package func set(_ number: Int64) { statement.bind(number, at: index) }
  package func set(_ text: String) { statement.bind(text, at: index) }
  package func set(_ bytes: [UInt8]) { statement.bind(bytes, at: index) }
}

/// A value that can stand for a `?` of a statement. Enums stored as text or number conform by
/// declaration alone: `enum State: String, Bindable { … }`.
package protocol Bindable {
  func bind(to parameter: Parameter)
}

extension Bindable where Self: RawRepresentable, RawValue: Bindable {
  package func bind(to parameter: Parameter) { rawValue.bind(to: parameter) }
}

extension Int64: Bindable {
  package func bind(to parameter: Parameter) { parameter.set(self) }
}

extension Int32: Bindable {
  package func bind(to parameter: Parameter) { parameter.set(Int64(self)) }
}

extension Int: Bindable {
  package func bind(to parameter: Parameter) { parameter.set(Int64(self)) }
}

/// 0 or 1.
extension Bool: Bindable {
  package func bind(to parameter: Parameter) { parameter.set(self ? 1 : 0) }
}

extension String: Bindable {
  package func bind(to parameter: Parameter) { parameter.set(self) }
}

extension Array: Bindable where Element == UInt8 {
  package func bind(to parameter: Parameter) { parameter.set(self) }
}

/// Many values in one `?`, for `json_each`: looked up by one statement instead of one each.
package struct ValueList: Bindable {
  private var json: [UInt8] = [UInt8(ascii: "[")]

  package init(_ texts: some Sequence<String>) {
    for text in texts {
      separate()
      append(text)
    }
    json.append(UInt8(ascii: "]"))
  }

  package init<Row>(_ ids: some Sequence<ID<Row>>) {
    for id in ids {
      separate()
      json.append(contentsOf: String(id.value).utf8)
    }
    json.append(UInt8(ascii: "]"))
  }

  package func bind(to parameter: Parameter) {
    parameter.set(String(decoding: json, as: UTF8.self))
  }

  private mutating func separate() { if json.count > 1 { json.append(UInt8(ascii: ",")) } }

  /// As RFC 8259, 7 has it.
  private mutating func append(_ text: String) {
    let quote = UInt8(ascii: "\"")
    json.append(quote)
    for byte in text.utf8 {
      switch byte {
      case quote, UInt8(ascii: "\\"): json += [UInt8(ascii: "\\"), byte]
      case 0..<0x20: json.append(contentsOf: "\\u00\(Hex.text([byte]))".utf8)
      default: json.append(byte)
      }
    }
    json.append(quote)
  }
}

/// nil is NULL.
extension Optional: Bindable where Wrapped: Bindable {
  package func bind(to parameter: Parameter) {
    if let self { self.bind(to: parameter) } else { parameter.setNull() }
  }
}

/// Microseconds since 1970 in UTC.
extension Instant: Bindable {
  package func bind(to parameter: Parameter) { parameter.set(microseconds) }
}

/// Days since 1970-01-01.
extension Day: Bindable {
  package func bind(to parameter: Parameter) { parameter.set(Int64(daysSinceEpoch)) }
}

extension ID: Bindable {
  package func bind(to parameter: Parameter) { parameter.set(value) }
}

/// Millionths.
extension Quantity: Bindable {
  package func bind(to parameter: Parameter) { parameter.set(micros) }
}

/// Millionths.
extension Rate: Bindable {
  package func bind(to parameter: Parameter) { parameter.set(micros) }
}

/// The ISO 4217 code.
extension Currency: Bindable {
  package func bind(to parameter: Parameter) { parameter.set(code) }
}

extension DocumentKind: Bindable {}
