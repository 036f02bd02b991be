internal import CStorage
internal import Synchronization

/// How the pages of a database are protected, in its file and in its log: with keys each is
/// encrypted and authenticated, without any it carries a checksum. Either way a page that is not
/// what was written there is `corrupt`, and nobody sees it. See `joinery_pages` for the format.
///
/// One for each open database; its keys can be replaced while it is.
package final class PageProtection: Sendable {
  /// One of the keys.
  package struct Key: Hashable, Sendable {
    package static let idByteCount = Int(joinery_key_id_bytes)
    package static let byteCount = Int(joinery_key_bytes)

    /// Names it in each page.
    package let id: [UInt8]
    fileprivate let bytes: [UInt8]

    /// Of `idByteCount` and `byteCount` bytes.
    package init(id: [UInt8], bytes: [UInt8]) {
      precondition(id.count == Self.idByteCount && bytes.count == Self.byteCount)
      self.id = id
      self.bytes = bytes
    }

    /// As people see it.
    package var name: String { Self.name(id) }

    package static func name(_ id: some Sequence<UInt8>) -> String {
      id.map { byte in
        let digits = String(byte, radix: 16)
        return digits.count < 2 ? "0" + digits : digits
      }.joined()
    }
  }

  static let pageBytes = Int(joinery_page_bytes)

  enum State { case whole, damaged, locked, bare, failed }

  /// Who hears that pages are read again.
  private final class Listener: Sendable {
    let told: @Sendable () -> Void

    init(_ told: @escaping @Sendable () -> Void) {
      self.told = told
    }
  }

  private let listener = Mutex<Listener?>(nil)

  /// Belongs to this object, and may be used by any thread.
  nonisolated(unsafe) let handle: OpaquePointer

  /// The newest key first; all of them open.
  package init(_ keys: [Key] = []) {
    guard let handle = joinery_pages_create() else { preconditionFailure("no memory") }
    self.handle = handle
    use(keys)
  }

  deinit { joinery_pages_release(handle) }

  /// `told` hears that a page which is not whole is about to be read again, on the thread that
  /// reads. Before a database is opened with it.
  func tellRereads(_ told: @escaping @Sendable () -> Void) {
    let new = Listener(told)
    listener.withLock { $0 = new }
    joinery_pages_tell_rereads(
      handle,
      { context, _ in
        guard let context else { return }
        Unmanaged<Listener>.fromOpaque(context).takeUnretainedValue().told()
      }, Unmanaged.passUnretained(new).toOpaque())
  }

  /// From now on pages are sealed with the first of these keys, and all of them open. A key that
  /// pages may still need has to stay among them.
  package func use(_ keys: [Key]) {
    let bytes = keys.flatMap { $0.id + $0.bytes }
    guard joinery_pages_use(handle, bytes, keys.count) else { preconditionFailure("no memory") }
  }

  /// The key that seals; nil: checksums.
  package var sealingKey: [UInt8]? {
    var id = [UInt8](repeating: 0, count: Key.idByteCount)
    return joinery_pages_seals(handle, &id) ? id : nil
  }

  /// Whether it is one of the keys.
  func opens(_ key: [UInt8]) -> Bool { joinery_pages_have(handle, key) }

  /// Turns a page as the engine knows it into one for the disk.
  func seal(_ number: UInt32, _ page: UnsafeMutableRawBufferPointer) -> State {
    guard let bytes = page.bindMemory(to: UInt8.self).baseAddress else { return .failed }
    return Self.state(joinery_page_seal(handle, number, bytes))
  }

  /// Turns a page of the disk into one as the engine knows it. What is not whole is undefined then.
  func open(_ number: UInt32, _ page: UnsafeMutableRawBufferPointer) -> State {
    guard let bytes = page.bindMemory(to: UInt8.self).baseAddress else { return .failed }
    return Self.state(joinery_page_open(handle, number, bytes))
  }

  /// The key of a page of the disk that is sealed.
  static func key(of page: UnsafeRawBufferPointer) -> [UInt8]? {
    guard let bytes = page.bindMemory(to: UInt8.self).baseAddress else { return nil }
    var id = [UInt8](repeating: 0, count: Key.idByteCount)
    return joinery_page_is_sealed(bytes, &id) ? id : nil
  }

  /// Whether a page of the disk is sealed or has a checksum, by what stands in its reserve.
  static func isProtected(_ page: [UInt8]) -> Bool {
    guard page.count == pageBytes else { return false }
    return joinery_page_is_protected(page)
  }

  static func key(of page: [UInt8]) -> [UInt8]? { page.withUnsafeBytes { key(of: $0) } }

  private static func state(_ state: joinery_page_state) -> State {
    switch state {
    case joinery_page_whole: .whole
    case joinery_page_damaged: .damaged
    case joinery_page_locked: .locked
    case joinery_page_bare: .bare
    default: .failed
    }
  }
}
