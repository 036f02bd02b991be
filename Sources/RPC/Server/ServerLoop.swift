internal import HTTP2
internal import NIOCore

/// What the connections of one server on one event loop have in common.
final class ServerLoop: @unchecked Sendable {
  // @unchecked: `share` is touched on the loop only; the rest may cross threads.
  let share: LoopShare
  let executor: LoopExecutor
  let counters = LoopCounters()

  init(loop: any EventLoop, limits: ConnectionLimits) {
    share = LoopShare(loop: loop, limits: limits)
    executor = LoopExecutor(loop: loop)
  }
}
