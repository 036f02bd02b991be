package import NIOCore

/// What the connections of one event loop have in common, so that ten thousand of them that do
/// nothing hold nothing of it ten thousand times. Confined to the loop.
package final class LoopShare {
  package let loop: any EventLoop
  /// A change holds for connections that come, and for those that are open where it is nothing that
  /// they have announced or filled.
  package var limits: ConnectionLimits
  package let timer: DeadlineTimer
  /// Nil where sleeping costs nobody anything.
  package let vigil: Vigil?
  private(set) lazy var memory = SessionMemory()

  package init(loop: any EventLoop, limits: ConnectionLimits, vigil: Vigil? = nil) {
    self.loop = loop
    self.limits = limits
    timer = DeadlineTimer(loop: loop)
    self.vigil = vigil
  }
}
