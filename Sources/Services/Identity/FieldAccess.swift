internal import Identity
internal import Messages
internal import RPC
private import Synchronization

/// Takes out of every answer what its caller may not know: fields and facts that need a permission
/// which the caller lacks. On the wire, behind everything that makes answers, so that no list,
/// stream, dry run or stored reply can forget it; the trailer `joinery-withheld` says what is
/// missing. Refusals explain themselves to whom they refuse, and are left as they are.
final class FieldAccess: Sendable {
  static let trailer = "joinery-withheld"

  /// The facts of events and explanations that not everybody may know.
  static let facts = [
    "cost": "cost.read", "value": "cost.read", "scrap_value": "cost.read",
    "material": "cost.read", "labour": "cost.read", "variance": "cost.read",
    "credit_limit": "credit.read", "group_limit": "credit.read", "open_orders": "credit.read",
    "shipped_not_invoiced": "credit.read", "uncleared_payments": "credit.read",
    "open_invoices": "credit.read", "exposure": "credit.read", "credit_available": "credit.read",
    "temporary_credit": "credit.read", "beyond_horizon": "credit.read",
  ]

  private static let permissions = DescriptorPool.joinery.readPermissions

  private struct Reader: Hashable {
    let method: String
    let lacking: Set<String>
  }

  /// By method and reader: as many as there are methods and combinations of the permissions above.
  private let known = Mutex<[Reader: Withholding?]>([:])

  /// After authentication. Callers who are believed, and so may say that they are anybody, are told
  /// everything.
  var interceptor: Interceptor {
    Interceptor("field access", before: { [self] in filter($0) })
  }

  /// The permissions to see fields which the caller lacks.
  static func lacking(_ context: CallContext) -> Set<String> {
    guard let admission = context[Authentication.Key.self] else { return [] }
    return permissions.subtracting(admission.permissions)
  }

  private func filter(_ context: CallContext) {
    let lacking = Self.lacking(context)
    guard !lacking.isEmpty, let withholding = withholding(context.method, lacking) else { return }
    let told = Mutex<Set<String>>([])
    // The context holds the filter.
    context.responseFilter = { [weak context] response in
      let (kept, missing) = try withholding.apply(to: response)
      let new = told.withLock { told in
        defer { told.formUnion(missing) }
        return missing.subtracting(told)
      }
      for permission in new.sorted() { context?.addTrailer(Self.trailer, permission) }
      return kept
    }
  }

  private func withholding(_ method: MethodDescriptor, _ lacking: Set<String>) -> Withholding? {
    let reader = Reader(method: method.path, lacking: lacking)
    if let known = known.withLock({ $0[reader] }) { return known }
    let output = DescriptorPool.joinery.method(method.path)?.output ?? ""
    let made = Withholding(from: output, lacking: lacking, facts: Self.facts)
    known.withLock { $0[reader] = .some(made) }
    return made
  }
}
