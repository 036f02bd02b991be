import Messages
import RPC
import Testing

/// The embedded descriptors say what the .proto files say.
@Suite("Descriptor pool")
struct DescriptorPoolTests {
  private let pool = DescriptorPool.joinery

  @Test("knows every generated method exactly as the generated code does")
  func methods() throws {
    for descriptor in OrdersV1.OrderServiceMethods.all + GRPCHealthV1.HealthMethods.all {
      let method = try #require(pool.method(descriptor.path))
      #expect(method.descriptor == descriptor)
      #expect(pool.message(method.input) != nil)
      #expect(!method.comment.isEmpty)
    }
    #expect(
      pool.method("joinery.orders.v1.OrderService.PlaceOrder")?.descriptor
        == OrdersV1.OrderServiceMethods.placeOrder)
    #expect(pool.method("PlaceOrder")?.output == "joinery.orders.v1.PlaceOrderResponse")
    #expect(pool.method("ServerReflectionInfo") == nil, "two services have it")
    #expect(pool.nearestMethod(to: "PlaceOder") == "joinery.orders.v1.OrderService.PlaceOrder")
  }

  @Test("carries comments, types and presence of fields")
  func fields() throws {
    let money = try #require(pool.message("joinery.type.v1.Money"))
    #expect(money.comment.hasPrefix("An amount of money."))
    #expect(money.fields.map(\.name) == ["currency_code", "minor_units"])
    #expect(money.fields[1].jsonName == "minorUnits")
    #expect(money.fields[1].typeText == "int64")
    #expect(money.fields[1].comment.contains("minor unit"))
    let cancel = try #require(pool.message("joinery.orders.v1.CancelOrderRequest"))
    let version = try #require(cancel.fields.first { $0.name == "expected_version" })
    #expect(version.hasPresence && version.oneof == nil && version.typeText == "optional int64")
    let request = try #require(pool.message("grpc.reflection.v1.ServerReflectionRequest"))
    #expect(request.oneofs == ["message_request"])
    #expect(request.fields.last?.oneof == "message_request")
  }

  @Test("every element of our own is documented")
  func documented() {
    for file in pool.files where file.package.hasPrefix("joinery.") {
      for message in file.messages where !message.isMapEntry {
        #expect(!message.comment.isEmpty, "\(message.fullName)")
        for field in message.fields {
          #expect(!field.comment.isEmpty, "\(message.fullName).\(field.name)")
        }
      }
    }
  }

  @Test("finds files by name and by any symbol, each after its imports")
  func files() throws {
    let file = try #require(pool.file(declaring: "joinery.orders.v1.OrderService.PlaceOrder"))
    #expect(file.name == "joinery/orders/v1/order_service.proto")
    #expect(
      pool.file(declaring: "joinery.type.v1.Explanation.Step.rule")?.name
        == "joinery/type/v1/type.proto")
    #expect(
      pool.file(declaring: "joinery.options.v1.permission")?.extensions.first?.number == 50001)
    #expect(pool.file(declaring: "joinery.none") == nil)
    for (index, file) in pool.files.enumerated() {
      for dependency in file.dependencies {
        #expect(pool.files[..<index].contains { $0.name == dependency })
      }
      #expect(pool.file(named: file.name)?.bytes == file.bytes)
    }
  }

  @Test("refuses a damaged set")
  func damaged() {
    #expect(throws: WireError.malformed) { try DescriptorPool(fileDescriptorSet: [0x0A, 0x7F]) }
  }
}
