import NIOConcurrencyHelpers
import NIOEmbedded
import Testing

@testable import HTTP2

@Suite("Vigil")
struct VigilTests {
  /// A clock that each reading of it moves on.
  private func clock(_ step: UInt64) -> (
    readings: NIOLockedValueBox<UInt64>, now: @Sendable () -> UInt64
  ) {
    let readings = NIOLockedValueBox<UInt64>(0)
    return (
      readings,
      {
        readings.withLockedValue { readings in
          readings += 1
          return readings * step
        }
      }
    )
  }

  @Test("looks on for as long as its length, then sleeps until there is work again")
  func ends() {
    let loop = EmbeddedEventLoop()
    let (readings, now) = clock(Vigil.length / 3)
    let vigil = Vigil(loop: loop, now: now)
    // Once for its end, which is three steps on, then once for each look.
    vigil.prolong()
    loop.run()
    #expect(readings.withLockedValue { $0 } == 4)
    loop.run()
    #expect(readings.withLockedValue { $0 } == 4)
    vigil.prolong()
    loop.run()
    #expect(readings.withLockedValue { $0 } == 8)
  }

  @Test("work during it prolongs it, and makes no second one")
  func prolongs() {
    let loop = EmbeddedEventLoop()
    let (readings, now) = clock(Vigil.length / 3)
    let vigil = Vigil(loop: loop, now: now)
    vigil.prolong()
    vigil.prolong()
    vigil.prolong()
    loop.run()
    #expect(readings.withLockedValue { $0 } == 6)
  }

  @Test("what is left of it does not outlive its server")
  func goes() {
    let loop = EmbeddedEventLoop()
    let (readings, now) = clock(1)
    var vigil: Vigil? = Vigil(loop: loop, now: now)
    vigil?.prolong()
    vigil = nil
    loop.run()
    #expect(readings.withLockedValue { $0 } == 1)
  }
}
