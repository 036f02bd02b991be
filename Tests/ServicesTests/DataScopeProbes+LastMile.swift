import Messages
import TestKit

private typealias Orders = OrdersV1.OrderServiceMethods
private typealias Meeting = OrdersV1.AppointmentServiceMethods
private typealias Dock = OrdersV1.LoadingServiceMethods
private typealias Claims = OrdersV1.CarrierClaimServiceMethods
private typealias Rates = OrdersV1.CarrierRateServiceMethods
private typealias Portal = OrdersV1.PortalServiceMethods
private typealias Picking = OrdersV1.PickingServiceMethods
private typealias Border = OrdersV1.CustomsServiceMethods
private typealias Cash = OrdersV1.CashOnDeliveryServiceMethods
private typealias Carriers = OrdersV1.CarrierServiceMethods

/// How methods are asked that bring goods to customers.
extension Probe {
  static let shipments: [Probe] = [
    Probe(Orders.prepareShipment) { OrdersV1.PrepareShipmentRequest(orderNumber: $0.order) },
    Probe(Orders.pickShipment) { OrdersV1.PickShipmentRequest(number: $0.shipment) },
    Probe(Orders.packShipment) { OrdersV1.PackShipmentRequest(number: $0.shipment, cartons: 1) },
    Probe(Orders.dispatchShipment) {
      OrdersV1.DispatchShipmentRequest(number: $0.shipment, carrier: "DB")
    },
    Probe(Orders.deliverShipment) { OrdersV1.DeliverShipmentRequest(number: $0.shipment) },
    Probe(Orders.cancelShipment) { OrdersV1.CancelShipmentRequest(number: $0.shipment) },
    Probe(Orders.completeService) { OrdersV1.CompleteServiceRequest(orderNumber: $0.order) },
    Probe(Orders.listShipments) { OrdersV1.ListShipmentsRequest(orderNumber: $0.order) },
    Probe(Orders.listShipmentCartons) {
      OrdersV1.ListShipmentCartonsRequest(shipmentNumber: $0.shipment)
    },
  ]

  static let dock: [Probe] = [
    Probe(Dock.loadCarton) {
      OrdersV1.LoadCartonRequest(shipmentNumber: $0.shipment, label: "\($0.shipment)/1/1/1")
    },
    Probe(Dock.unloadCarton) {
      OrdersV1.UnloadCartonRequest(shipmentNumber: $0.shipment, label: "\($0.shipment)/1/1/1")
    },
    Probe(Dock.getLoading) { OrdersV1.GetLoadingRequest(shipmentNumber: $0.shipment) },
    Probe(Dock.getLabels) { OrdersV1.GetLabelsRequest(shipmentNumber: $0.shipment) },
    Probe(Dock.numberCartons) { OrdersV1.NumberCartonsRequest(shipmentNumber: $0.shipment) },
    Probe(Dock.findCarton) { OrdersV1.FindCartonRequest(text: $0.carton) },
    Probe(Rates.rateShop) { OrdersV1.RateShopRequest(shipmentNumber: $0.shipment) },
    Probe(Rates.chooseCarrier) {
      OrdersV1.ChooseCarrierRequest(shipmentNumber: $0.shipment, carrier: "德邦", mode: .road)
    },
    Probe(Border.setTradeTerms) { OrdersV1.SetTradeTermsRequest(orderNumber: $0.order) },
    Probe(Border.getCustomsDocument) {
      OrdersV1.GetCustomsDocumentRequest(shipmentNumber: $0.shipment)
    },
    Probe(Picking.prepareWave) { OrdersV1.PrepareWaveRequest(warehouseCode: $0.warehouse) },
    Probe(Picking.getPickList) { OrdersV1.GetPickListRequest(warehouseCode: $0.warehouse) },
    Probe(Picking.setPickPlaces) { OrdersV1.SetPickPlacesRequest(warehouseCode: $0.warehouse) },
    Probe(Picking.listShortPicks) { OrdersV1.ListShortPicksRequest(orderNumber: $0.order) },
    Probe(Picking.releaseShortPick) {
      OrdersV1.ReleaseShortPickRequest(shipmentNumber: $0.shipment, lineNumber: 1)
    },
    Probe(Portal.createPortalLink) { OrdersV1.CreatePortalLinkRequest(orderNumber: $0.order) },
    Probe(Portal.revokePortalLinks) { OrdersV1.RevokePortalLinksRequest(orderNumber: $0.order) },
    Probe(Portal.listPortalLinks) { OrdersV1.ListPortalLinksRequest(orderNumber: $0.order) },
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
