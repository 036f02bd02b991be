internal import Identity
internal import RPC

/// The caller as it names itself in the call's metadata. It is believed as it stands: the server
/// answers only on addresses whose network is trusted until identities are checked.
enum CallerMetadata {
  /// Name of the person, till or service; "anonymous" when absent.
  static let nameField = "joinery-actor"
  /// Roles, comma-separated ("GENERAL_MANAGER,FINANCE").
  static let rolesField = "joinery-roles"

  static func caller(_ context: CallContext) throws -> Caller {
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
