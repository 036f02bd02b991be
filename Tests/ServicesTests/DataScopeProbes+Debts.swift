import Messages
import TestKit

private typealias Complaining = AftersalesV1.ComplaintServiceMethods
private typealias Reminding = FinanceV1.DunningServiceMethods

/// How methods are asked that are about what customers owe and how long complaints wait.
extension Probe {
  private static let day = GoogleType.Date(year: 2026, month: 3, day: 9)

  static let debts: [Probe] = [
    Probe(Complaining.pauseComplaint) {
      AftersalesV1.PauseComplaintRequest(number: $0.complaint, reason: .parts)
    },
    Probe(Complaining.resumeComplaint) {
      AftersalesV1.ResumeComplaintRequest(number: $0.complaint)
    },
    Probe(Complaining.getComplaintReport, .lists) { _ in
      AftersalesV1.GetComplaintReportRequest()
    },
    Probe(Complaining.getComplaintPauseReport, .lists) { _ in
      AftersalesV1.GetComplaintPauseReportRequest()
    },
    Probe(Reminding.stopDunning) {
      FinanceV1.StopDunningRequest(customerCode: $0.customer, reason: .other, until: day)
    },
    Probe(Reminding.stopDunning) {
      FinanceV1.StopDunningRequest(invoiceNumber: $0.debt, reason: .other, until: day)
    },
    Probe(Reminding.liftDunningStop) { FinanceV1.LiftDunningStopRequest(id: $0.stop) },
    Probe(Reminding.notePaymentPromise) {
      FinanceV1.NotePaymentPromiseRequest(invoiceNumber: $0.debt, promisedOn: day)
    },
    Probe(Reminding.waiveDunningClaim) {
      FinanceV1.WaiveDunningClaimRequest(letterNumber: $0.letter, reason: "goodwill")
    },
    Probe(FinanceV1.FinanceServiceMethods.receivePayment) {
      FinanceV1.ReceivePaymentRequest(
        customerCode: $0.customer, amount: yuan("1.00"), method: .cash)
    },
    Probe(FinanceV1.FinanceServiceMethods.receivePayment) {
      FinanceV1.ReceivePaymentRequest(
        amount: yuan("1.00"), method: .cash, orderNumber: $0.order)
    },
    Probe(FinanceV1.FinanceServiceMethods.proposePayout) {
      FinanceV1.ProposePayoutRequest(
        customerCode: $0.customer, amount: yuan("1.00"), reason: "x")
    },
    Probe(FinanceV1.FinanceServiceMethods.listPayouts, .lists) { _ in
      FinanceV1.ListPayoutsRequest()
    },
    Probe(FinanceV1.FinanceServiceMethods.payPayout) {
      FinanceV1.PayPayoutRequest(number: $0.payout, method: .card)
    },
    Probe(FinanceV1.FinanceServiceMethods.declinePayout) {
      FinanceV1.DeclinePayoutRequest(number: $0.payout, reason: "x")
    },
    Probe(FinanceV1.FinanceServiceMethods.clearPayment) {
      FinanceV1.ClearPaymentRequest(number: $0.payment)
    },
    Probe(FinanceV1.FinanceServiceMethods.dishonourPayment) {
      FinanceV1.DishonourPaymentRequest(number: $0.payment, reason: "x")
    },
    Probe(FinanceV1.FinanceServiceMethods.consolidateInvoices) {
      FinanceV1.ConsolidateInvoicesRequest(customerCode: $0.customer)
    },
    Probe(FinanceV1.FinanceServiceMethods.consolidateInvoices, .lists) { _ in
      FinanceV1.ConsolidateInvoicesRequest()
    },
    Probe(FinanceV1.FinanceServiceMethods.listUninvoicedDeliveries) {
      FinanceV1.ListUninvoicedDeliveriesRequest(customerCode: $0.customer)
    },
    Probe(FinanceV1.FinanceServiceMethods.listUninvoicedDeliveries, .lists) { _ in
      FinanceV1.ListUninvoicedDeliveriesRequest()
    },
    Probe(FinanceV1.FinanceServiceMethods.listConsolidatedInvoices) {
      FinanceV1.ListConsolidatedInvoicesRequest(customerCode: $0.customer)
    },
    Probe(FinanceV1.FinanceServiceMethods.listConsolidatedInvoices, .lists) { _ in
      FinanceV1.ListConsolidatedInvoicesRequest()
    },
    Probe(Reminding.getCustomerDunning) {
      FinanceV1.GetCustomerDunningRequest(customerCode: $0.customer)
    },
    Probe(Reminding.listDunning, .lists) { _ in FinanceV1.ListDunningRequest() },
    Probe(Reminding.getDunningLetter) { FinanceV1.GetDunningLetterRequest(number: $0.letter) },
    Probe(Reminding.listDunningLetters, .lists) { _ in FinanceV1.ListDunningLettersRequest() },
    Probe(Reminding.listDunningLetters) {
      FinanceV1.ListDunningLettersRequest(customerCode: $0.customer)
    },
  ]
}
