internal import Glibc
internal import NIOCore
internal import NIOSSL

/// PEM files with a certificate and its key, and with the authorities that are believed.
public struct TLSFiles: Hashable, Sendable {
  /// The certificate, followed by the intermediate ones up to the root; nil for none (a client
  /// without identity).
  public var certificate: String?
  /// The certificate's private key, without passphrase.
  public var key: String?
  /// Certificates of the authorities that may vouch for the other side. Nil: a client believes the
  /// system's, a server asks its clients for no certificate.
  public var authorities: String?

  public init(certificate: String? = nil, key: String? = nil, authorities: String? = nil) {
    self.certificate = certificate
    self.key = key
    self.authorities = authorities
  }
}

extension TLSFiles {
  /// HTTP/2 over TLS: RFC 9113 section 9.2 bans what has no ephemeral key exchange or no
  /// authenticated encryption. TLS 1.3 has nothing else.
  private static let ciphers = "ECDH+AESGCM:ECDH+CHACHA20"

  func serverContext() throws(ServerError) -> NIOSSLContext {
    guard let certificate, let key else {
      throw ServerError("a TLS server needs a certificate and its key", cause: nil)
    }
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: try Self.certificates(certificate).map { .certificate($0) },
      privateKey: .privateKey(try Self.privateKey(key)))
    if let authorities {
      configuration.certificateVerification = .noHostnameVerification
      configuration.trustRoots = .certificates(try Self.certificates(authorities))
    }
    return try context(configuration)
  }

  func clientContext() throws(ServerError) -> NIOSSLContext {
    var configuration = TLSConfiguration.makeClientConfiguration()
    if let authorities {
      configuration.trustRoots = .certificates(try Self.certificates(authorities))
    }
    if let certificate, let key {
      configuration.certificateChain = try Self.certificates(certificate).map { .certificate($0) }
      configuration.privateKey = .privateKey(try Self.privateKey(key))
    }
    return try context(configuration)
  }

  private func context(_ configuration: TLSConfiguration) throws(ServerError) -> NIOSSLContext {
    var configuration = configuration
    configuration.minimumTLSVersion = .tlsv12
    configuration.cipherSuites = Self.ciphers
    configuration.applicationProtocols = ["h2"]
    // For a peer that does not take leave; everything has been said by then.
    configuration.shutdownTimeout = .milliseconds(500)
    do { return try NIOSSLContext(configuration: configuration) } catch {
      throw ServerError(
        "the certificate \(certificate ?? "") and the key \(key ?? "") do not belong together",
        cause: error)
    }
  }

  private static func certificates(_ path: String) throws(ServerError) -> [NIOSSLCertificate] {
    try checkReadable(path)
    guard let list = try? NIOSSLCertificate.fromPEMFile(path), !list.isEmpty else {
      throw ServerError("\(path) holds no certificate in PEM form", cause: nil)
    }
    return list
  }

  private static func privateKey(_ path: String) throws(ServerError) -> NIOSSLPrivateKey {
    try checkReadable(path)
    do { return try NIOSSLPrivateKey(file: path, format: .pem) } catch {
      throw ServerError(
        "\(path) holds no private key in PEM form without passphrase", cause: error)
    }
  }

  private static func checkReadable(_ path: String) throws(ServerError) {
    guard access(path, R_OK) != 0 else { return }
    throw ServerError("cannot read \(path): \(String(cString: strerror(errno)))", cause: nil)
  }

  /// What tells whether the files are still the same.
  var stamps: [FileStamp] { [certificate, key, authorities].compactMap { $0 }.map(FileStamp.init) }
}

/// One state of a file: another file under the name, or other contents, give another stamp.
struct FileStamp: Hashable, Sendable {
  let device: UInt64
  let inode: UInt64
  let size: Int64
  let seconds: Int
  let nanoseconds: Int

  /// All zero for a file that is not there.
  init(_ path: String) {
    var state = stat()
    let isThere = stat(path, &state) == 0
    device = isThere ? UInt64(state.st_dev) : 0
    inode = isThere ? UInt64(state.st_ino) : 0
    size = isThere ? Int64(state.st_size) : 0
    seconds = isThere ? state.st_mtim.tv_sec : 0
    nanoseconds = isThere ? state.st_mtim.tv_nsec : 0
  }
}
