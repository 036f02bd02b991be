private import Glibc

/// This process's memory, as the kernel counts it.
enum ProcessMemory {
  /// Bytes in main memory; nil where the kernel does not tell (proc(5), statm).
  static func resident() -> Int? {
    guard let file = fopen("/proc/self/statm", "r") else { return nil }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 128)
    guard fgets(&line, CInt(line.count), file) != nil else { return nil }
    let bytes = line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    let fields = String(decoding: bytes, as: UTF8.self).split(separator: " ")
    guard fields.count > 1, let pages = Int(fields[1]) else { return nil }
    return pages * Int(sysconf(CInt(_SC_PAGESIZE)))
  }
}
