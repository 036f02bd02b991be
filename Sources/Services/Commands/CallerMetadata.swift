internal import Identity
internal import RPC

/// Who makes a call: whom its credentials let in, or, where the server believes callers, who it
/// says.
enum CallerMetadata {
  /// Name of the person, till or service; "anonymous" when absent.
  static let nameField = "joinery-actor"
  /// Roles, comma-separated ("GENERAL_MANAGER,FINANCE").
  static let rolesField = "joinery-roles"

  static func caller(_ context: CallContext) throws -> Caller {
    if let admission = context[Authentication.Key.self] { return admission.caller }
    let name = context.metadata[nameField] ?? "anonymous"
    guard (1...100).contains(name.count) else {
      throw RejectionStatus.status(of: [RequestRejection.callerNameLength])
    }
    let roles = (context.metadata[rolesField] ?? "").split(separator: ",").map {
      String($0.drop { $0 == " " })
    }
    return Caller(name: name, roles: Set(roles))
  }
}
