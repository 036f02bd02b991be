internal import Finance
internal import Identity
internal import Inventory
internal import MasterData
internal import Notifications
internal import Orders
internal import Production
internal import Purchasing
package import Storage

/// Every migration of the product, lowest area first: a table may refer only to tables of areas
/// below its own.
package enum Schema {
  package static let migrations: [Migration] =
    MasterDataMigrations.all + FinanceMigrations.all + InventoryMigrations.all
    + PurchasingMigrations.all + ProductionMigrations.all + OrdersMigrations.all
    + AfterSalesMigrations.all
    + CommandsMigrations.all + TillsMigrations.all + IdentityMigrations.all
    + NotificationsMigrations.all + AutomationMigrations.all
}
