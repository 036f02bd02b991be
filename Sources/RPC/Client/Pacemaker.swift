internal import NIOCore
internal import NIOPosix

/// Time and chance for whatever waits between two attempts. Tests bring their own.
protocol Pacemaker: Sendable {
  /// Nanoseconds on a monotonic clock.
  var now: UInt64 { get }
  /// In 0 ..< 1, another one each time.
  func chance() -> Double
  /// Calls `body` at `moment`; the function returned calls it off.
  func schedule(
    at moment: UInt64, _ body: @escaping @Sendable () -> Void
  ) -> @Sendable () -> Void
}

extension Pacemaker {
  /// Suspends for `pause`. False: the task was cancelled meanwhile.
  func rest(_ pause: Duration) async -> Bool {
    let promise = MultiThreadedEventLoopGroup.singleton.any().makePromise(of: Bool.self)
    let moment = now + UInt64(clamping: pause.saturatingNanoseconds)
    let callOff = schedule(at: moment) { promise.succeed(true) }
    return await withTaskCancellationHandler {
      // It only ever succeeds.
      (try? await promise.futureResult.get()) ?? false
    } onCancel: {
      callOff()
      promise.succeed(false)
    }
  }
}

/// The system's clock and chance.
struct SystemPacemaker: Pacemaker {
  var now: UInt64 { NIODeadline.now().uptimeNanoseconds }

  func chance() -> Double { .random(in: 0..<1) }

  func schedule(
    at moment: UInt64, _ body: @escaping @Sendable () -> Void
  ) -> @Sendable () -> Void {
    let loop = MultiThreadedEventLoopGroup.singleton.any()
    let timer = loop.scheduleTask(deadline: .uptimeNanoseconds(moment), body)
    return { timer.cancel() }
  }
}
