private import Foundation

/// Takes signals over from their default effect, from its creation to its end.
final class Signals {
  /// Their numbers as they come.
  let stream: AsyncStream<Int32>
  private let sources: [any DispatchSourceSignal]

  /// Made before anything is opened, so that no signal is lost.
  init(_ numbers: [Int32]) {
    let (stream, continuation) = AsyncStream.makeStream(of: Int32.self)
    self.stream = stream
    sources = numbers.map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { continuation.yield(number) }
      source.resume()
      return source
    }
  }
}
