private import Foundation
internal import Identity
internal import RPC

/// Where a call comes from and why, as the audit keeps it beside who makes it.
struct CallOrigin: Hashable, Sendable {
  /// Network address of the caller.
  var peer: String
  /// By what the caller was let in ("session NAME", "key NAME", "certificate"); empty where callers
  /// are believed.
  var credential = ""
  /// Subject of the client certificate; empty without one.
  var certificate = ""
  /// The metadata joinery-reason; empty without one.
  var reason = ""
  /// 32 hexadecimal digits of the metadata traceparent; empty without one.
  var trace = ""

  /// Why the caller does what it does, in its own words, percent-encoded where it is not ASCII: at
  /// most 200 characters are kept.
  static let reasonField = "joinery-reason"

  init(peer: String) { self.peer = peer }

  init(_ context: CallContext, tellsReason: Bool = true) {
    peer = context.peer
    certificate = context.identity?.subject ?? ""
    if tellsReason, let given = context.metadata[Self.reasonField] {
      reason = Echo.text(given.removingPercentEncoding ?? given, longest: 200)
    }
    trace = context.trace?.traceID ?? ""
    switch context[Authentication.Key.self]?.credential {
    case nil: break
    case .session(let name, _): credential = "session \(name)"
    case .key(let name): credential = "key \(name)"
    case .certificate: credential = "certificate"
    case .rule(let code): credential = "rule \(code)"
    }
  }
}
