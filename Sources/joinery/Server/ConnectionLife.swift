internal import ArgumentParser
internal import RPC

/// How long connections are kept.
struct ConnectionLife: ParsableArguments {
  @Option(
    name: .customLong("keepalive"),
    help: ArgumentHelp(
      "Silence after which a client is asked whether it is still there.", valueName: "seconds"))
  var keepalive = 300

  @Option(
    name: .customLong("max-connection-age"),
    help: ArgumentHelp(
      "Let clients connect anew after this long, give or take a tenth, so that a load balancer "
        + "sees them again. (default: never)", valueName: "seconds"))
  var age: Int?

  @Option(
    name: .customLong("max-connection-idle"),
    help: ArgumentHelp(
      "End connections without a call for this long. (default: never)", valueName: "seconds"))
  var idle: Int?

  func validate() throws {
    for (option, value) in [
      ("--keepalive", keepalive), ("--max-connection-age", age), ("--max-connection-idle", idle),
    ] {
      guard let value, !(1...1_000_000).contains(value) else { continue }
      throw ValidationError("\(option) is 1 to 1000000 seconds")
    }
  }

  var limits: RPCLimits {
    var limits = RPCLimits()
    limits.keepaliveTime = .seconds(keepalive)
    limits.maxConnectionAge = age.map { .seconds($0) }
    limits.maxConnectionIdle = idle.map { .seconds($0) }
    return limits
  }
}
