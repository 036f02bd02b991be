import Messages
import TestKit

private typealias Opportunities = OrdersV1.OpportunityServiceMethods
private typealias Assignments = OrdersV1.AssignmentServiceMethods
private typealias Stages = OrdersV1.OrderStageServiceMethods
private typealias Sync = CustomersV1.SyncServiceMethods

/// How methods are asked that are about opportunities, the stages and warehouses of orders, and
/// about what other systems call customers.
extension Probe {
  static let sales: [Probe] = [
    Probe(Opportunities.createOpportunity) {
      OrdersV1.CreateOpportunityRequest(
        customerCode: $0.customer, opportunity: .init(title: "talk"))
    },
    Probe(Opportunities.changeOpportunity) {
      OrdersV1.ChangeOpportunityRequest(number: $0.opportunity, opportunity: .init(note: "n"))
    },
    Probe(Opportunities.moveOpportunity) {
      OrdersV1.MoveOpportunityRequest(number: $0.opportunity, stageCode: "NEEDS")
    },
    Probe(Opportunities.loseOpportunity) {
      OrdersV1.LoseOpportunityRequest(number: $0.opportunity, reasonCode: "TOO_LATE")
    },
    Probe(Opportunities.linkQuote) {
      OrdersV1.LinkQuoteRequest(quoteNumber: $0.quote, opportunityNumber: $0.opportunity)
    },
    Probe(Opportunities.linkQuote) { OrdersV1.LinkQuoteRequest(quoteNumber: $0.quote) },
    Probe(Opportunities.getOpportunity) {
      OrdersV1.GetOpportunityRequest(number: $0.opportunity)
    },
    Probe(Opportunities.listOpportunities, .lists) { _ in OrdersV1.ListOpportunitiesRequest() },
    Probe(Opportunities.listOpportunities, .lists) { _ in
      OrdersV1.ListOpportunitiesRequest(state: .open)
    },
    Probe(Opportunities.listOpportunities) {
      OrdersV1.ListOpportunitiesRequest(customerCode: $0.customer)
    },
    Probe(Opportunities.listOpportunities, .lists) { _ in
      OrdersV1.ListOpportunitiesRequest(owner: "li.wei")
    },
    Probe(Opportunities.listOpportunities, .lists) { _ in
      OrdersV1.ListOpportunitiesRequest(storeCode: "S1")
    },
    Probe(Opportunities.getConversion, .lists) { _ in OrdersV1.GetConversionRequest() },
    Probe(Assignments.assignWarehouse) { OrdersV1.AssignWarehouseRequest(order: order($0)) },
    Probe(Assignments.getAssignment) { OrdersV1.GetAssignmentRequest(orderNumber: $0.order) },
    Probe(Stages.getOrderStages) { OrdersV1.GetOrderStagesRequest(orderNumber: $0.order) },
    Probe(Stages.listStageClocks, .lists) { _ in OrdersV1.ListStageClocksRequest() },
    Probe(Stages.listStageClocks, .lists) { _ in
      OrdersV1.ListStageClocksRequest(stage: .confirmed)
    },
    Probe(Stages.getStageReport, .lists) { _ in OrdersV1.GetStageReportRequest() },
    Probe(Sync.listExternalIds, .lists) { _ in CustomersV1.ListExternalIdsRequest() },
    Probe(Sync.listExternalIds) {
      CustomersV1.ListExternalIdsRequest(customerCode: $0.customer)
    },
    Probe(Sync.listExternalIds) { CustomersV1.ListExternalIdsRequest(prefix: $0.externalID) },
    Probe(Sync.removeExternalId) {
      CustomersV1.RemoveExternalIdRequest(externalId: $0.externalID)
    },
  ]
}
