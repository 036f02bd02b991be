internal import ArgumentParser
internal import RPC

/// How what callers and server say to each other is kept from others.
struct ServerSecurity: ParsableArguments {
  @Option(
    name: .customLong("tls-certificate"),
    help: ArgumentHelp(
      "Certificate and intermediate ones (PEM): TCP addresses speak TLS. Loaded again when it "
        + "changes and on SIGHUP.",
      valueName: "file"))
  var certificate: String?

  @Option(
    name: .customLong("tls-key"),
    help: ArgumentHelp("Its private key (PEM).", valueName: "file"))
  var key: String?

  @Option(
    name: .customLong("tls-client-ca"),
    help: ArgumentHelp(
      "Only callers with a certificate of these authorities (PEM).", valueName: "file"))
  var clientAuthorities: String?

  @Flag(name: .long, help: "Speak cleartext also beyond this machine.")
  var cleartext = false

  func validate() throws {
    guard (certificate == nil) == (key == nil) else {
      throw ValidationError("--tls-certificate and --tls-key go together")
    }
    if clientAuthorities != nil, certificate == nil {
      throw ValidationError("--tls-client-ca needs --tls-certificate and --tls-key")
    }
    if cleartext, certificate != nil {
      throw ValidationError("--cleartext and --tls-certificate exclude each other")
    }
  }

  /// TLS as the options want it, for listening at `endpoints`; nil for cleartext, where that may
  /// be.
  func load(
    for endpoints: [Endpoint], log: @escaping @Sendable (String) -> Void
  ) throws -> ServerTLS? {
    if certificate == nil {
      if !cleartext, let open = endpoints.first(where: { !$0.isLocal }) {
        throw Failure(
          "cannot serve cleartext on \(open): give --tls-certificate and --tls-key, "
            + "or --cleartext where the network is trusted")
      }
      return nil
    }
    do {
      return try ServerTLS(
        TLSFiles(certificate: certificate, key: key, authorities: clientAuthorities), log: log)
    } catch { throw Failure("cannot serve: \(error.description)") }
  }
}
