internal import NIOSSL

/// Who the other side is by its certificate, which a certificate authority of our choice has
/// signed.
public struct PeerIdentity: Hashable, Sendable {
  /// The subject, most specific part first, in the text form of RFC 4514: `CN=till-3,O=Joinery`.
  public let subject: String
  /// The subject's common name; nil when there is none.
  public let commonName: String?
  /// Subject alternative names: host names.
  public let dnsNames: [String]
  /// Subject alternative names: URIs, such as a SPIFFE id.
  public let uris: [String]

  public init(
    subject: String, commonName: String?, dnsNames: [String] = [], uris: [String] = []
  ) {
    self.subject = subject
    self.commonName = commonName
    self.dnsNames = dnsNames
    self.uris = uris
  }
}

extension PeerIdentity {
  /// Nil when the certificate cannot be read, which a verified one always can.
  init?(_ certificate: NIOSSLCertificate) {
    guard let bytes = try? certificate.toDERBytes(),
      let name = DistinguishedName(certificate: bytes)
    else { return nil }
    var dnsNames: [String] = []
    var uris: [String] = []
    for alternative in certificate._subjectAlternativeNames() {
      switch alternative.nameType {
      case .dnsName: dnsNames.append(String(decoding: alternative.contents, as: UTF8.self))
      case .uri: uris.append(String(decoding: alternative.contents, as: UTF8.self))
      default: continue
      }
    }
    self.init(
      subject: name.description, commonName: name.commonName, dnsNames: dnsNames, uris: uris)
  }
}
