private import Foundation
internal import Messages
internal import RPC
private import Values

/// What a command shows to be let in: the key or token in JOINERY_TOKEN or in the file that
/// JOINERY_TOKEN_FILE names, else the session of the last `joinery login` at the same server.
/// Secrets never stand on the command line, where every user of the machine can read them.
enum Credentials {
  /// Adds them to every call of Joinery's own that wants any.
  static func interceptor(_ options: ConnectionOptions) -> ClientInterceptor {
    ClientInterceptor(
      "credentials",
      before: { (method, call) async throws(RPCError) in
        guard method.service.hasPrefix("joinery."), method.permission != "open",
          call.metadata["authorization"] == nil
        else { return }
        do {
          guard let token = try await token(options) else { return }
          call.metadata.add("authorization", "Bearer \(token)")
        } catch let error as RPCError {
          throw error
        } catch {
          throw RPCError(.unauthenticated, "\(error)")
        }
      })
  }

  private static func token(_ options: ConnectionOptions) async throws -> String? {
    if let token = ConnectionOptions.environment("JOINERY_TOKEN") { return token }
    if let path = ConnectionOptions.environment("JOINERY_TOKEN_FILE") {
      guard let text = try? String(contentsOf: URL(filePath: path), encoding: .utf8) else {
        throw Failure("cannot read \(path), which JOINERY_TOKEN_FILE names")
      }
      return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }
    guard let saved = SavedSessions.find(server: options.server) else { return nil }
    if isFresh(saved) { return saved.accessToken }
    return try await SavedSessions.exclusively {
      // Another command may have refreshed it meanwhile.
      guard let saved = SavedSessions.find(server: options.server) else { return nil }
      if isFresh(saved) { return saved.accessToken }
      return try await refresh(saved, options)
    }
  }

  /// With half a minute left for the call itself.
  private static func isFresh(_ session: SavedSession) -> Bool {
    session.accessExpires - 30 > Clock.now().microseconds / 1_000_000
  }

  private static func refresh(
    _ saved: SavedSession, _ options: ConnectionOptions
  ) async throws -> String {
    var saved = saved
    // Kept before it is sent: whoever runs into the loss of the reply tries again with it.
    let key = saved.refreshKey ?? IdempotencyKey.fresh()
    if saved.refreshKey == nil {
      saved.refreshKey = key
      try SavedSessions.put(saved, server: options.server)
    }
    let channel = try RemoteCall.channel(options, interceptors: [])
    do {
      let reply = try await IdentityV1.IdentityServiceClient(channel: channel).refresh(
        .init(refreshToken: saved.refreshToken),
        options: options.callOptions(["idempotency-key": key]))
      await channel.close()
      let fresh = SavedSession(person: saved.person, reply.tokens ?? .init())
      try SavedSessions.put(fresh, server: options.server)
      return fresh.accessToken
    } catch {
      await channel.close()
      if (error as? RPCError)?.code == .unauthenticated {
        try SavedSessions.put(nil, server: options.server)
      }
      throw error
    }
  }
}
