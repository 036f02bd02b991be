import NIOSSL
import Testing

@testable import RPC

@Suite("Peer identity")
struct DistinguishedNameTests {
  private func certificate(_ file: String, _ subject: String, _ names: [String]) throws
    -> NIOSSLCertificate
  {
    let files = TestAuthority.shared.issue(file, subject: subject, names: names)
    let path = try #require(files.certificate)
    return try #require(try NIOSSLCertificate.fromPEMFile(path).first)
  }

  @Test("subject, common name and alternative names")
  func whole() throws {
    let identity = PeerIdentity(
      try certificate(
        "whole", "/C=CN/O=Joinery/OU=Store 7/CN=till-3",
        ["DNS:till-3.example", "URI:spiffe://joinery/till/3", "email:a@b.example", "DNS:till"]))
    #expect(
      identity
        == PeerIdentity(
          subject: "CN=till-3,OU=Store 7,O=Joinery,C=CN", commonName: "till-3",
          dnsNames: ["till-3.example", "till"], uris: ["spiffe://joinery/till/3"]))
  }

  @Test("no text of one attribute can pass for another one")
  func escaped() throws {
    let identity = PeerIdentity(
      try certificate("escaped", "/O=Möbel, CN=admin \\+ \"x\"/CN=#till;3 ", ["DNS:x"]))
    #expect(identity?.commonName == "#till;3 ")
    #expect(identity?.subject == ##"CN=\#till\;3\ ,O=Möbel\, CN\=admin \+ \"x\""##)
  }

  @Test("an unknown attribute keeps its number, a subject may be empty")
  func unusual() throws {
    let unknown = PeerIdentity(
      try certificate("unknown", "/2.5.4.5=42/emailAddress=a@b", ["DNS:x"]))
    #expect(unknown?.subject == "OID.2A864886F70D010901=a@b,OID.550405=42")
    #expect(unknown?.commonName == nil)
    #expect(PeerIdentity(try certificate("empty", "/", ["DNS:x"]))?.subject == "")
  }

  @Test("cut short anywhere it is no certificate, or has the same name, and nothing crashes")
  func cut() throws {
    let bytes = try certificate("cut", "/O=Joinery/CN=till", ["DNS:x"]).toDERBytes()
    let name = try #require(DistinguishedName(certificate: bytes)).description
    for count in bytes.indices {
      let cut = DistinguishedName(certificate: Array(bytes.prefix(count)))
      #expect(cut == nil || cut?.description == name)
    }
    for index in bytes.indices {
      var changed = bytes
      changed[index] ^= 0xFF
      _ = DistinguishedName(certificate: changed)?.description
    }
  }
}
