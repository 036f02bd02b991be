@testable import RPC

extension RPCLimits {
  /// Nobody is cut off because the machine is busy. Tests of a time limit set their own.
  static let patient = {
    var limits = RPCLimits()
    limits.connectTimeout = .seconds(600)
    limits.prefaceTimeout = .seconds(600)
    limits.settingsTimeout = .seconds(600)
    limits.headerBlockTimeout = .seconds(600)
    limits.requestTimeout = .seconds(600)
    limits.writeStallTimeout = .seconds(600)
    limits.responseStallTimeout = .seconds(600)
    return limits
  }()
}
