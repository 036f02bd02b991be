/// Finds the route of a `:path` by its bytes, without making a String of them.
struct Routes: Sendable {
  private struct Slot: Sendable {
    let path: [UInt8]
    let route: Int
  }

  let routes: [Router.Route]
  /// Open addressing, a power of two, at most half full: never changed, never attacked, so a plain
  /// hash will do.
  private var slots: [Slot?]

  init(_ router: Router) {
    routes = router.routes
    var size = 8
    while size < 2 * routes.count { size *= 2 }
    slots = Array(repeating: nil, count: size)
    for (index, route) in routes.enumerated() {
      let path = Array(route.method.path.utf8)
      var position = path.withUnsafeBytes { Routes.hash($0) } & (size - 1)
      while slots[position] != nil { position = (position + 1) & (size - 1) }
      slots[position] = Slot(path: path, route: index)
    }
  }

  /// The route's index; nil for an unknown path. Case matters, nothing is decoded or trimmed.
  func find(_ path: UnsafeRawBufferPointer) -> Int? {
    var position = Routes.hash(path) & (slots.count - 1)
    while let slot = slots[position] {
      if slot.path.count == path.count, slot.path.elementsEqual(path) { return slot.route }
      position = (position + 1) & (slots.count - 1)
    }
    return nil
  }

  /// FNV-1a.
  private static func hash(_ bytes: UnsafeRawBufferPointer) -> Int {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    return Int(truncatingIfNeeded: hash ^ (hash >> 32))
  }
}
