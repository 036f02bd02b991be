/// Writes protobuf's wire format field by field.
struct WireWriter {
  /// A value that is not length-delimited.
  enum Scalar {
    case varint(UInt64)
    case fixed64(UInt64)
    case fixed32(UInt32)

    /// Whether it is the default that proto3 leaves out; for floats, minus zero is not.
    var isZero: Bool {
      switch self {
      case .varint(let value), .fixed64(let value): value == 0
      case .fixed32(let value): value == 0
      }
    }

    fileprivate var wireType: UInt64 {
      switch self {
      case .varint: 0
      case .fixed64: 1
      case .fixed32: 5
      }
    }
  }

  private(set) var bytes: [UInt8] = []

  mutating func scalar(_ field: Int, _ value: Scalar) {
    varint(UInt64(field) << 3 | value.wireType)
    scalar(value)
  }

  mutating func scalar(_ value: Scalar) {
    switch value {
    case .varint(let value): varint(value)
    case .fixed64(let value):
      for shift in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * UInt64(shift)))) }
    case .fixed32(let value):
      for shift in 0..<4 { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * UInt32(shift)))) }
    }
  }

  mutating func bytes(_ field: Int, _ value: [UInt8]) {
    varint(UInt64(field) << 3 | 2)
    varint(UInt64(value.count))
    bytes += value
  }

  /// Appends fields that are encoded already.
  mutating func raw(_ fields: ArraySlice<UInt8>) { bytes += fields }

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}
