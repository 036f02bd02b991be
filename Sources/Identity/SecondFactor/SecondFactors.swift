package import Storage

/// Questions about second factors.
package enum SecondFactors {
  /// Recovery codes of a person that were not used.
  package static func recoveryCodesLeft(
    of person: Principal, in snapshot: Snapshot
  ) throws -> Int {
    try SecondFactorTable.recoveryCodes(of: person.id, in: snapshot).count
  }

  /// Whether these keys open every secret that is stored.
  package static func open(with keys: SealKeys, in snapshot: Snapshot) throws -> Bool {
    try SecondFactorTable.sealKeys(in: snapshot).allSatisfy { keys.opens($0) }
  }
}
