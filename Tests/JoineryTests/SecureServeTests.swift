import ChildProcess
import Foundation
import Testing

@Suite("joinery serve beyond this machine", .serialized)
struct SecureServeTests {
  private func withFolder(_ body: (URL) async throws -> Void) async throws {
    let folder = try Binary.temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    try await body(folder)
  }

  /// A certificate that signs itself, for 127.0.0.1, with its key; made by the openssl command.
  private func makeCertificate(_ name: String, in folder: URL) throws -> (String, String) {
    let certificate = folder.appending(path: name + ".pem").path
    let key = folder.appending(path: name + ".key").path
    let openssl = try ChildProcess(
      "openssl",
      [
        "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
        "2", "-subj", "/CN=" + name, "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key,
        "-out", certificate,
      ], errors: .nothing)
    try #require(openssl.wait() == 0)
    return (certificate, key)
  }

  @Test(
    "cleartext leaves the machine only when told so",
    arguments: [
      ["--listen", "0.0.0.0:0"], ["--listen", "127.0.0.1:0", "--listen", "[::]:0"],
    ])
  func cleartext(listen: [String]) async throws {
    try await withFolder { folder in
      let database = folder.appending(path: "shop.db")
      let serve = try await Binary.run(["serve", "--database", database.path] + listen)
      #expect(serve.status == 1)
      #expect(serve.errors.contains("cannot serve cleartext on "), "\(serve.errors)")
      #expect(serve.errors.split(separator: "\n").count == 1, "\(serve.errors)")
      #expect(!FileManager.default.fileExists(atPath: database.path))
    }
  }

  @Test("cleartext everywhere with --cleartext, and several addresses at once")
  func several() async throws {
    try await withFolder { folder in
      let socket = "unix:" + folder.appending(path: "s").path
      let server = try ServerProcess(
        database: folder.appending(path: "shop.db"),
        listen: ["0.0.0.0:0", "[::1]:0", socket], trustsCallers: false, "--cleartext")
      #expect(server.addresses[1].hasPrefix("[::1]:"))
      #expect(server.addresses[2] == socket)
      for address in server.addresses.dropFirst() {
        // Answered: with the question who asks.
        let list = try await Binary.run("company", "warehouses", "--server", address)
        #expect(list.status == 1)
        #expect(list.errors.contains("says nothing of who makes it"), "\(list.errors)")
      }
      #expect(server.stop() == 0)
      #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "s").path))
    }
  }

  @Test("TLS: the client believes whom it is told, and SIGHUP loads the certificate again")
  func tls() async throws {
    try await withFolder { folder in
      let (certificate, key) = try makeCertificate("shop", in: folder)
      let (other, _) = try makeCertificate("other", in: folder)
      let server = try ServerProcess(
        database: folder.appending(path: "shop.db"), "--tls-certificate", certificate, "--tls-key",
        key)
      func list(_ options: String...) async throws -> Binary.Result {
        try await Binary.run(
          ["company", "warehouses", "--server", server.address] + options)
      }
      let good = try await list("--tls-ca", certificate)
      #expect(good.status == 0, "\(good.errors)")
      for options in [["--tls-ca", other], ["--tls"]] {
        let distrusting = try await Binary.run(
          ["company", "warehouses", "--server", server.address] + options)
        #expect(distrusting.status == 2)
        #expect(distrusting.errors.contains("CERTIFICATE_VERIFY_FAILED"), "\(distrusting.errors)")
      }
      #expect(try await list().status == 2)
      let missing = try await list("--tls-ca", folder.appending(path: "none.pem").path)
      #expect(missing.errors.contains("cannot read "), "\(missing.errors)")
      server.hangUp()
      #expect(try server.nextError().contains(" notice started "))
      #expect(try server.nextError().hasSuffix("certificate \(certificate) loaded"))
      #expect(try await list("--tls-ca", certificate).status == 0)
      #expect(server.stop() == 0)
    }
  }

  @Test("mutual TLS: a client without certificate stays out")
  func mutual() async throws {
    try await withFolder { folder in
      let (certificate, key) = try makeCertificate("shop", in: folder)
      let (till, tillKey) = try makeCertificate("till", in: folder)
      let server = try ServerProcess(
        database: folder.appending(path: "shop.db"), "--tls-certificate", certificate, "--tls-key",
        key, "--tls-client-ca", till)
      let command = ["company", "warehouses", "--server", server.address, "--tls-ca", certificate]
      let known = try await Binary.run(
        command + ["--tls-certificate", till, "--tls-key", tillKey])
      #expect(known.status == 0, "\(known.errors)")
      let unknown = try await Binary.run(command)
      #expect(unknown.status == 2)
      #expect(unknown.errors.contains("CERTIFICATE_REQUIRED"), "\(unknown.errors)")
      #expect(server.stop() == 0)
    }
  }

  @Test("mutual TLS: a service is let in by its certificate alone, and may do what its roles say")
  func certificateAlone() async throws {
    try await withFolder { folder in
      let (certificate, key) = try makeCertificate("shop", in: folder)
      let (service, serviceKey) = try makeCertificate("web", in: folder)
      let (nobody, nobodyKey) = try makeCertificate("nobody", in: folder)
      let authorities = folder.appending(path: "authorities.pem")
      try [service, nobody].reduce(into: Data()) { $0 += try Data(contentsOf: URL(filePath: $1)) }
        .write(to: authorities)
      let database = folder.appending(path: "shop.db")
      let believing = try ServerProcess(database: database)
      let added = try await Binary.run(
        "machine", "create", "web", "--kind", "service", "--display-name", "Web shop", "--role",
        "INTEGRATION", "--certificate-subject", "CN=web", "--server", believing.address)
      #expect(added.status == 0, "\(added.errors)")
      #expect(believing.stop() == 0)
      let server = try ServerProcess(
        database: database, trustsCallers: false, "--tls-certificate", certificate, "--tls-key",
        key, "--tls-client-ca", authorities.path)
      #expect(server.greeting == "")
      func ask(_ words: String..., by identity: (String, String)) async throws -> Binary.Result {
        try await Binary.run(
          words + [
            "--server", server.address, "--tls-ca", certificate, "--tls-certificate", identity.0,
            "--tls-key", identity.1,
          ])
      }
      let me = try await ask("whoami", by: (service, serviceKey))
      #expect(me.output.contains("Web shop"), "\(me.output)\(me.errors)")
      #expect(try await ask("product", "list", by: (service, serviceKey)).status == 0)
      let beyond = try await ask("principal", "list", by: (service, serviceKey))
      #expect(beyond.errors.contains("identity.read"), "\(beyond.errors)")
      let unknown = try await ask("product", "list", by: (nobody, nobodyKey))
      #expect(unknown.errors.contains("CN=nobody"), "\(unknown.errors)")
      #expect(unknown.status == 1)
      #expect(server.stop() == 0)
    }
  }

  @Test(
    "options that do not go together",
    arguments: [
      ["--tls-certificate", "a"], ["--tls-key", "a"], ["--tls-client-ca", "a"],
      ["--cleartext", "--tls-certificate", "a", "--tls-key", "b"], ["--listen", "nowhere"],
      ["--keepalive", "0"], ["--max-connection-age=-1"], ["--max-connection-idle", "0"],
    ])
  func usage(options: [String]) async throws {
    #expect(try await Binary.run(["serve"] + options).status == 64)
  }
}
