internal import NIOSSL

/// TLS on a client: whom it believes, and who it is itself.
public struct ClientTLS: Sendable {
  let context: NIOSSLContext
  let serverName: String?

  /// Loads the files; throws one line that says what is wrong with them. `serverName` is the name
  /// that the server's certificate must have, if not the one that is connected to.
  public init(_ files: TLSFiles = TLSFiles(), serverName: String? = nil) throws(ServerError) {
    self.init(context: try files.clientContext(), serverName: serverName)
  }

  init(context: NIOSSLContext, serverName: String? = nil) {
    self.context = context
    self.serverName = serverName
  }
}
