internal import ArgumentParser
internal import RPC

/// Whether the server is spoken to over TLS, whom to believe, and who asks.
struct ClientSecurity: ParsableArguments {
  @Flag(name: .customLong("tls"), help: "Speak TLS, believing the system's authorities.")
  var isOn = false

  @Option(
    name: .customLong("tls-ca"),
    help: ArgumentHelp(
      "Speak TLS, believing these authorities (PEM) [env: JOINERY_TLS_CA].", valueName: "file"))
  var authorities: String?

  @Option(
    name: .customLong("tls-certificate"),
    help: ArgumentHelp(
      "Own certificate (PEM), where the server asks for one [env: JOINERY_TLS_CERTIFICATE].",
      valueName: "file"))
  var certificate: String?

  @Option(
    name: .customLong("tls-key"),
    help: ArgumentHelp("Its private key (PEM) [env: JOINERY_TLS_KEY].", valueName: "file"))
  var key: String?

  private var files: TLSFiles {
    TLSFiles(
      certificate: certificate ?? ConnectionOptions.environment("JOINERY_TLS_CERTIFICATE"),
      key: key ?? ConnectionOptions.environment("JOINERY_TLS_KEY"),
      authorities: authorities ?? ConnectionOptions.environment("JOINERY_TLS_CA"))
  }

  func validate() throws {
    guard (files.certificate == nil) == (files.key == nil) else {
      throw ValidationError("--tls-certificate and --tls-key go together")
    }
  }

  /// Nil for cleartext, which a Unix socket always has.
  func load(for endpoints: [Endpoint]) throws -> ClientTLS? {
    let isRemote = endpoints.contains { if case .tcp = $0 { true } else { false } }
    guard isRemote, isOn || files != TLSFiles() else { return nil }
    do { return try ClientTLS(files) } catch { throw Failure(error.description) }
  }
}
