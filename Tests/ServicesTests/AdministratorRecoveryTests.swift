import Identity
import Messages
import RPC
import Services
import Storage
import TestKit
import Testing
import Values

@Suite("Recovery of an administrator")
struct AdministratorRecoveryTests {
  @Test("a new password, without the second factor where told, on record under a name of its own")
  func recover() async throws {
    let gate = try await Gatehouse()
    _ = try await gate.addSecondFactor()
    #expect(try await AdministratorRecovery.candidates(in: gate.shop.database) == ["chief"])
    var seed: UInt8 = 0
    for removes in [false, true] {
      seed += 100
      let byte = seed
      let clock = gate.shop.clock
      var settings = IdentitySettings(callers: .proved) { count in
        (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37) &+ byte }
      }
      settings.strength.rounds = 1 << 4
      let password = try await AdministratorRecovery.run(
        gate.shop.database, name: "chief", removingSecondFactor: removes, identity: settings,
        now: { clock.now })
      let login = await refusal { try await gate.logIn("chief", password) }
      #expect(reason(login) == (removes ? nil : "MFA_REQUIRED"))
    }
    let recorded = try await gate.shop.database.read { snapshot in
      try snapshot.all(
        """
        SELECT method FROM command WHERE actor = 'joinery recover-administrator' ORDER BY sequence
        """
      ) { $0.text(0).split(separator: "/").last.map(String.init) ?? "" }
    }
    #expect(recorded == ["ResetPassword", "ResetPassword", "ResetSecondFactor"])
    try await gate.close()
  }
}
