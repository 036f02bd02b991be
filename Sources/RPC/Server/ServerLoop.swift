internal import HTTP2
internal import NIOCore

/// What the connections of one server on one event loop have in common.
final class ServerLoop: @unchecked Sendable {
  // @unchecked: `share` and `limits` are touched on the loop only; the rest may cross threads.
  let share: LoopShare
  let executor: LoopExecutor
  let counters: LoopCounters
  // As in `DeadlineTimer`.
  @exclusivity(unchecked) private(set) var limits: RPCLimits

  init(loop: any EventLoop, limits: RPCLimits, methods: Int) {
    self.limits = limits
    share = LoopShare(loop: loop, limits: limits.connection, vigil: Vigil(loop: loop))
    executor = LoopExecutor(loop: loop)
    counters = LoopCounters(methods: methods)
  }

  /// From any thread; returns when they hold.
  func use(_ limits: RPCLimits) async {
    try? await share.loop.submit { [self] in
      self.limits = limits
      share.limits = limits.connection
    }.get()
  }
}
