/// Throws random bytes, which libFuzzer makes ever more interesting, at one of the places where
/// bytes of strangers are read. `make fuzz` builds and runs it; nothing else does.
///
///     joinery-fuzz frames Tests/Fuzz/Corpus/frames -max_total_time=600
///
/// A target traps where what it saw cannot be; libFuzzer then writes the input to a file. What was
/// found becomes a test of the room that it was found in, and a file of the corpus.
enum Fuzz {
  typealias Target = @Sendable (UnsafeRawBufferPointer) -> CInt

  static let targets: [(name: String, run: Target)] = [
    ("frames", FramesTarget.run), ("deframer", DeframerTarget.run),
    ("metadata", MetadataTarget.run), ("timeout", TimeoutTarget.run), ("codec", CodecTarget.run),
    ("json", JSONTarget.run),
  ]

  // Written once, before libFuzzer, which has one thread, calls the target.
  nonisolated(unsafe) static var chosen: Target?
}

/// libFuzzer, which has the main function, calls it first: takes the target's name out of the
/// arguments.
@_cdecl("LLVMFuzzerInitialize")
public func fuzzerInitialize(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>
) -> CInt {
  let list = arguments.pointee
  let name = count.pointee > 1 ? list[1].map { String(cString: $0) } ?? "" : ""
  Fuzz.chosen = Fuzz.targets.first { $0.name == name }?.run
  guard Fuzz.chosen != nil else {
    preconditionFailure("the first argument is one of \(Fuzz.targets.map(\.name))")
  }
  for index in 1..<Int(count.pointee) { list[index] = list[index + 1] }
  count.pointee -= 1
  return 0
}

/// libFuzzer calls it with each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzerTestOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  Fuzz.chosen?(UnsafeRawBufferPointer(start: start, count: count)) ?? 0
}
