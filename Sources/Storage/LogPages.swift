/// What the committed part of a write-ahead log holds, seen before the engine recovers it.
struct LogPages {
  /// Size of the database after the last commit; nil when the log has no commit.
  private(set) var pageCount: Int?
  private(set) var pages: Set<UInt32> = []

  private static let attempts = 5

  /// Throws `corrupt` where the log goes on behind a frame that is damaged. The engine would take
  /// that frame for the end, as the one that was being written when a machine stopped, and drop
  /// all that was committed after it. In the last commit of a log the two are the same.
  init(_ file: DatabaseFile, _ protection: PageProtection) throws(StorageError) {
    guard let log = LogFile(of: file.path) else { return }
    // A server that has the file open goes on writing meanwhile, and may start its log over.
    for _ in 1...Self.attempts {
      guard let frames = LogFrames(log, protection) else { return }
      let end = read(frames)
      if let key = frames.header(of: end.frames)?.key, !protection.opens(key) {
        throw file.missing(key, protection)
      }
      guard let damage = Self.damage(frames, at: end) else { return }
      let isStill =
        LogFrames(log, protection)?.salt == frames.salt
        && frames.forEach(from: end, to: end.frames + 1, take: { _, _, _, _ in }) == end
      guard isStill else { continue }
      throw StorageError(.corrupt, "The log of the database \(file.path) is damaged: \(damage)")
    }
  }

  private mutating func read(_ frames: LogFrames) -> LogPlace {
    (pageCount, pages) = (nil, [])
    var uncommitted: Set<UInt32> = []
    return frames.forEach(from: frames.start, to: .max) { page, size, _, _ in
      uncommitted.insert(page)
      guard size > 0 else { return }
      pageCount = Int(size)
      pages.formUnion(uncommitted)
      uncommitted = []
    }
  }

  /// Whether a later commit was followed by more: each was durable before the next began.
  private static func damage(_ frames: LogFrames, at end: LogPlace) -> String? {
    var frame = end.frames
    let page = frames.header(of: frame)?.page
    // Of a damaged frame the header may be what is damaged.
    if page == nil { frame += 1 }
    while let header = frames.header(of: frame) {
      frame += 1
      guard header.sizeAtCommit > 0, let place = frames.place(at: frame) else { continue }
      let next = frames.forEach(from: place, to: frame + 1) { _, _, _, _ in }
      guard next == place else {
        let which = page.map { ", page \($0)," } ?? ""
        return "frame \(end.frames + 1)\(which) is not what was written"
      }
    }
    return nil
  }
}
