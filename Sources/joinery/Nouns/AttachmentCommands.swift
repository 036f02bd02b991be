internal import ArgumentParser
private import Foundation
internal import Messages
internal import RPC

private typealias Methods = ConfiguratorV1.ConfiguratorServiceMethods

/// `joinery attachment …`
struct AttachmentCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "attachment", abstract: "Drawings and photographs, stored by what they hold.",
    subcommands: [Add.self, Get.self])

  struct Add: RemoteCommand {
    typealias Response = ConfiguratorV1.AddAttachmentResponse
    static let configuration = CommandConfiguration(
      abstract: "Store a file, of a mebibyte at most; prints its digest.")
    static let method = Methods.addAttachment
    @Argument(help: "File.") var file: String
    @Option(name: .long, help: "What it is: image/png. By the ending of the file when absent.")
    var mediaType: String?
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() throws -> ConfiguratorV1.AddAttachmentRequest {
      guard let data = FileManager.default.contents(atPath: file) else {
        throw Failure("cannot read \(file)")
      }
      return .init(content: [UInt8](data), mediaType: mediaType ?? Self.mediaType(of: file))
    }

    private static func mediaType(of file: String) -> String {
      switch file.lowercased().split(separator: ".").last {
      case "pdf": "application/pdf"
      case "png": "image/png"
      case "jpg", "jpeg": "image/jpeg"
      case "svg": "image/svg+xml"
      case "txt", "md": "text/plain"
      case "dxf": "image/vnd.dxf"
      default: "application/octet-stream"
      }
    }
  }

  struct Get: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Write what is stored to a file.")
    @Argument(help: "Digest.") var digest: String
    @Argument(help: "File; must not exist yet.") var file: String
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
      try await RemoteCall.with(connection) { channel in
        let reply: Reply<ConfiguratorV1.GetAttachmentResponse> = try await channel.unary(
          Methods.getAttachment, ConfiguratorV1.GetAttachmentRequest(digest: digest),
          options: connection.callOptions(connection.metadata))
        let content = reply.message.content
        do {
          try Data(content).write(to: URL(filePath: file), options: .withoutOverwriting)
        } catch { throw Failure("cannot write \(file): \(error.localizedDescription)") }
        Terminal.standardOutput("\(content.count) bytes of \(reply.message.mediaType)")
      }
    }
  }
}
