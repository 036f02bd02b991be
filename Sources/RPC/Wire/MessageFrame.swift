/// gRPC's length-prefixed message: one flag byte, four bytes of length (big endian), the bytes.
enum MessageFrame {
  /// Size of flag and length.
  static let prefixBytes = 5
}
