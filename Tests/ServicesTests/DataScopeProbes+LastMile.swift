import Messages
import TestKit

private typealias Meeting = OrdersV1.AppointmentServiceMethods
private typealias Dock = OrdersV1.LoadingServiceMethods
private typealias Claims = OrdersV1.CarrierClaimServiceMethods
private typealias Cash = OrdersV1.CashOnDeliveryServiceMethods
private typealias Carriers = OrdersV1.CarrierServiceMethods

/// How methods are asked that bring goods to customers.
extension Probe {
  static let dock: [Probe] = [
    Probe(Dock.loadCarton) {
      OrdersV1.LoadCartonRequest(shipmentNumber: $0.shipment, label: "\($0.shipment)/1/1/1")
    },
    Probe(Dock.unloadCarton) {
      OrdersV1.UnloadCartonRequest(shipmentNumber: $0.shipment, label: "\($0.shipment)/1/1/1")
    },
    Probe(Dock.getLoading) { OrdersV1.GetLoadingRequest(shipmentNumber: $0.shipment) },
    Probe(Dock.setShippingSets) { OrdersV1.SetShippingSetsRequest(orderNumber: $0.order) },
    Probe(Dock.listShippingSets) { OrdersV1.ListShippingSetsRequest(orderNumber: $0.order) },
  ]

  static let carriers: [Probe] = [
    Probe(Carriers.ingestCarrierEvents) {
      OrdersV1.IngestCarrierEventsRequest(
        carrier: "德邦",
        events: [
          .init(
            eventId: "1", shipmentNumber: $0.delivered, status: .accepted,
            occurredAt: .init(seconds: 1_772_413_200))
        ])
    },
    Probe(Carriers.listCarrierEvents) {
      OrdersV1.ListCarrierEventsRequest(shipmentNumber: $0.shipment)
    },
    Probe(Carriers.recordProofOfDelivery) {
      OrdersV1.RecordProofOfDeliveryRequest(
        shipmentNumber: $0.shipment,
        proof: .init(signedBy: "x", signedAt: .init(seconds: 1_772_413_200)))
    },
    Probe(Carriers.getProofOfDelivery) {
      OrdersV1.GetProofOfDeliveryRequest(shipmentNumber: $0.shipment)
    },
  ]

  static let claims: [Probe] = [
    Probe(Claims.reportLoss) {
      OrdersV1.ReportLossRequest(shipmentNumber: $0.shipment, resolution: .redeliver)
    },
    Probe(Claims.reportFound) {
      OrdersV1.ReportFoundRequest(shipmentNumber: $0.shipment, resolution: .comeBack)
    },
    Probe(Claims.advanceClaim) {
      OrdersV1.AdvanceClaimRequest(number: $0.claim, to: .filed)
    },
    Probe(Claims.listClaims, .lists) { _ in OrdersV1.ListClaimsRequest() },
  ]

  static let cashOnDelivery: [Probe] = [
    Probe(Cash.arrangeCashOnDelivery) {
      OrdersV1.ArrangeCashOnDeliveryRequest(shipmentNumber: $0.shipment, collector: .carrier)
    },
    Probe(Cash.recordCollection) {
      OrdersV1.RecordCollectionRequest(
        shipmentNumber: $0.shipment, collected: [.init(amount: yuan("1"), method: .cash)])
    },
    Probe(Cash.listCashOnDelivery, .lists) { _ in OrdersV1.ListCashOnDeliveryRequest() },
  ]

  static let appointments: [Probe] = [
    Probe(Meeting.listDeliverySlots, .lists) { _ in
      OrdersV1.ListDeliverySlotsRequest(from: .init(year: 2026, month: 1, day: 1))
    },
    Probe(Meeting.offerSlots) {
      OrdersV1.OfferSlotsRequest(orderNumber: $0.order, kind: .delivery)
    },
    Probe(Meeting.bookAppointment) {
      OrdersV1.BookAppointmentRequest(orderNumber: $0.order, slotCode: "EVERY-DAY")
    },
    Probe(Meeting.moveAppointment) {
      OrdersV1.MoveAppointmentRequest(number: $0.appointment, slotCode: "EVERY-DAY")
    },
    Probe(Meeting.releaseAppointment) {
      OrdersV1.ReleaseAppointmentRequest(number: $0.appointment, reason: "no")
    },
    Probe(Meeting.missAppointment) {
      OrdersV1.MissAppointmentRequest(
        number: $0.appointment, missedBy: .customer, reason: "no")
    },
    Probe(Meeting.completeInstallation) {
      OrdersV1.CompleteInstallationRequest(number: $0.appointment)
    },
    Probe(Meeting.getAppointment) {
      OrdersV1.GetAppointmentRequest(number: $0.appointment)
    },
    Probe(Meeting.listAppointments, .lists) { _ in OrdersV1.ListAppointmentsRequest() },
    Probe(Meeting.listAppointments) {
      OrdersV1.ListAppointmentsRequest(orderNumber: $0.order)
    },
    Probe(Meeting.listAppointments) { OrdersV1.ListAppointmentsRequest(slotCode: $0.slot) },
  ]
}
