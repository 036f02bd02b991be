package import Values

/// One cell of the store: the four types that both engines share. No floating point (DESIGN §5).
package enum StoredValue: Hashable, Sendable {
  case null
  case integer(Int64)
  case text(String)
  case blob([UInt8])
}

/// A value that can stand for a `?` of a statement. Enums stored as text or number conform by
/// declaration alone: `enum State: String, Bindable { … }`.
package protocol Bindable {
  var storedValue: StoredValue { get }
}

extension Bindable where Self: RawRepresentable, RawValue: Bindable {
  package var storedValue: StoredValue { rawValue.storedValue }
}

extension StoredValue: Bindable {
  package var storedValue: StoredValue { self }
}

extension Int64: Bindable {
  package var storedValue: StoredValue { .integer(self) }
}

extension Int32: Bindable {
  package var storedValue: StoredValue { .integer(Int64(self)) }
}

extension Int: Bindable {
  package var storedValue: StoredValue { .integer(Int64(self)) }
}

/// 0 or 1.
extension Bool: Bindable {
  package var storedValue: StoredValue { .integer(self ? 1 : 0) }
}

extension String: Bindable {
  package var storedValue: StoredValue { .text(self) }
}

extension Array: Bindable where Element == UInt8 {
  package var storedValue: StoredValue { .blob(self) }
}

/// nil is NULL.
extension Optional: Bindable where Wrapped: Bindable {
  package var storedValue: StoredValue { self?.storedValue ?? .null }
}

/// Microseconds since 1970 in UTC.
extension Instant: Bindable {
  package var storedValue: StoredValue { .integer(microseconds) }
}

/// Days since 1970-01-01.
extension Day: Bindable {
  package var storedValue: StoredValue { .integer(Int64(daysSinceEpoch)) }
}

extension ID: Bindable {
  package var storedValue: StoredValue { .integer(value) }
}

/// Millionths.
extension Quantity: Bindable {
  package var storedValue: StoredValue { .integer(micros) }
}

/// Millionths.
extension Rate: Bindable {
  package var storedValue: StoredValue { .integer(micros) }
}

/// The ISO 4217 code.
extension Currency: Bindable {
  package var storedValue: StoredValue { .text(code) }
}

extension DocumentKind: Bindable {}
