"""A furniture company to try things on: invented, but with what such a company has.

`load(client)` sets up everything: the company, its catalogue, customers, suppliers, workshop and
opening stock. Nothing here is anybody's real product or price.
"""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, NamedTuple

from joinery import Client, RowsRefused, day, money, percent, quantity, unit_price
from joinery.catalog.v1 import catalog_service_pb2 as catalog
from joinery.customers.v1 import customer_service_pb2 as customers
from joinery.inventory.v1 import inventory_service_pb2 as inventory
from joinery.production.v1 import production_service_pb2 as production
from joinery.purchasing.v1 import purchasing_service_pb2 as purchasing

NAME = "榫卯家居 Sunmao Home"
MAIN, STORE = "SH-MAIN", "HZ-STORE"

WAREHOUSES = {
    MAIN: "上海中央仓 Shanghai central warehouse",
    STORE: "杭州门店仓 Hangzhou store",
}


class Goods(NamedTuple):
    """Something to sell: its retail price, its cost, and how many there are on the first day."""

    sku: str
    name: str
    english: str
    price: str
    cost: str
    in_main: int = 0
    in_store: int = 0


STOCKED = [
    Goods(
        "SOFA-LINEN-3", "云栖三人布艺沙发", "Yunqi linen sofa, three seats", "4599", "2310", 12, 2
    ),
    Goods("SOFA-LINEN-2", "云栖双人布艺沙发", "Yunqi linen sofa, two seats", "3299", "1640", 10, 2),
    Goods(
        "SOFA-LEATHER-3",
        "墨山三人牛皮沙发",
        "Moshan leather sofa, three seats",
        "9999",
        "5480",
        6,
        1,
    ),
    Goods("SOFA-BED", "折叠沙发床", "Folding sofa bed", "2899", "1420", 8, 2),
    Goods("ARMCHAIR-WING", "高背休闲椅", "Wing armchair", "1899", "905", 14, 3),
    Goods("CHAIR-OAK", "橡木餐椅", "Oak dining chair", "699", "318", 80, 16),
    Goods("CHAIR-WINDSOR", "白蜡木温莎椅", "Ash Windsor chair", "859", "402", 40, 8),
    Goods("CHAIR-SOFT", "软包餐椅", "Upholstered dining chair", "799", "366", 48, 8),
    Goods("CHAIR-OFFICE", "人体工学办公椅", "Ergonomic office chair", "1299", "610", 30, 6),
    Goods("STOOL-BAR", "橡木吧台凳", "Oak bar stool", "499", "221", 36, 8),
    Goods("TABLE-COFFEE", "圆形茶几", "Round coffee table", "1099", "498", 20, 4),
    Goods("TABLE-SIDE", "沙发边几", "Sofa side table", "459", "196", 24, 6),
    Goods("TABLE-ASH-140", "白蜡木餐桌 1.4 米", "Ash dining table, 1.4 m", "2799", "1330", 12, 2),
    Goods("DESK-OAK-120", "橡木书桌 1.2 米", "Oak desk, 1.2 m", "1699", "790", 16, 3),
    Goods("WARDROBE-2D", "两门衣柜", "Wardrobe, two doors", "2999", "1455", 10, 1),
    Goods("WARDROBE-SLIDE", "三门推拉衣柜", "Wardrobe, three sliding doors", "4699", "2290", 8, 1),
    Goods("BED-OAK-150", "橡木双人床 1.5 米", "Oak bed, 1.5 m", "2399", "1160", 12, 2),
    Goods("BED-OAK-180", "橡木双人床 1.8 米", "Oak bed, 1.8 m", "2999", "1430", 14, 2),
    Goods("MATTRESS-180", "乳胶床垫 1.8 米", "Latex mattress, 1.8 m", "3499", "1620", 14, 3),
    Goods("NIGHTSTAND", "两抽床头柜", "Nightstand, two drawers", "599", "262", 30, 6),
    Goods("CHEST-6", "六斗柜", "Chest of six drawers", "2199", "1040", 12, 2),
    Goods("BOOKCASE-5", "五层书架", "Bookcase, five shelves", "1199", "545", 18, 3),
    Goods("TV-BENCH-180", "电视柜 1.8 米", "TV bench, 1.8 m", "1999", "930", 14, 2),
    Goods("LAMP-FLOOR", "落地灯", "Floor lamp", "499", "205", 30, 8),
    Goods("LAMP-TABLE", "台灯", "Table lamp", "259", "104", 40, 10),
    Goods("LAMP-PENDANT", "竹编吊灯", "Woven bamboo pendant lamp", "899", "385", 20, 4),
    Goods("RUG-WOOL-200", "羊毛地毯 2 米", "Wool rug, 2 m", "1599", "720", 12, 3),
    Goods("MIRROR-FULL", "落地穿衣镜", "Full-length mirror", "399", "165", 24, 5),
]

MADE_TO_ORDER = [
    Goods("TABLE-OAK-MTO", "定制橡木餐桌", "Oak dining table, made to measure", "6800", "0"),
    Goods("FRONT-OAK-MTO", "定制橱柜门板", "Kitchen front in oak, made to measure", "960", "0"),
]


class Material(NamedTuple):
    """Something that the workshop uses; `supplier` is empty for what it makes itself."""

    sku: str
    name: str
    english: str
    unit: str
    cost: str
    supplier: str
    in_main: str


MATERIALS = [
    # One table top of 2.0 × 0.95 m needs 2.1 m² with waste: there is too little on the first day,
    # on purpose.
    Material(
        "BOARD-OAK-26", "橡木直拼板 26 毫米", "Oak board, 26 mm", "m2", "386", "S-TIMBER", "0.8"
    ),
    Material("BOARD-OAK-40", "橡木方料 40 毫米", "Oak square, 40 mm", "m2", "545", "S-TIMBER", "6"),
    Material(
        "BOARD-PLY-18", "桦木多层板 18 毫米", "Birch plywood, 18 mm", "m2", "98.5", "S-TIMBER", "40"
    ),
    Material(
        "FABRIC-LINEN", "亚麻沙发布", "Linen upholstery fabric", "m", "68", "S-TEXTILE", "120"
    ),
    Material("HW-TABLE", "餐桌五金包", "Table hardware set", "pcs", "45.6", "S-HARDWARE", "25"),
    Material("HW-HINGE", "阻尼铰链", "Soft-closing hinge", "pcs", "12.35", "S-HARDWARE", "200"),
    Material("EDGE-OAK", "橡木封边条", "Oak edge band", "m", "6.25", "S-HARDWARE", "300"),
    Material("OIL-HARDWAX", "硬质木蜡油", "Hardwax oil", "kg", "182.4", "S-TIMBER", "8"),
    Material("TOP-OAK-200", "橡木桌面 2.0 米", "Oak table top, 2.0 m", "pcs", "0", "", "0"),
    Material("LEGS-OAK", "橡木桌腿组", "Set of oak table legs", "pcs", "0", "", "0"),
]

SERVICES = [
    Goods("SERVICE-DELIVERY", "送货上门", "Home delivery", "200", "0"),
    Goods("SERVICE-INSTALL", "上门安装", "Installation at home", "150", "0"),
]

SUPPLIERS = {
    "S-TIMBER": ("北岭木业 Beiling Timber", 5),
    "S-TEXTILE": ("江南织造 Jiangnan Textiles", 7),
    "S-HARDWARE": ("精工五金 Jinggong Hardware", 3),
    "S-FURNITURE": ("百木家具 Baimu Furniture", 14),
}

WORK_CENTRES = {
    "CUT": ("开料与加工 Cutting and machining", "120"),
    "FINISH": ("砂光与涂装 Sanding and finishing", "90"),
    "ASSEMBLY": ("组装与检验 Assembly and inspection", "80"),
}


class Bill(NamedTuple):
    """How a product is made."""

    sku: str
    components: list[tuple[str, str, str]]
    """Component, quantity, scrap in percent."""
    operations: list[tuple[str, str, int, int]]
    """Step, work centre, minutes to set up, minutes for a unit."""


BILLS = [
    Bill(
        "TOP-OAK-200",
        [("BOARD-OAK-26", "1.89", "10"), ("EDGE-OAK", "5.7", "5")],
        [("开料拼板 Cut and glue up", "CUT", 20, 45), ("砂光 Sand", "FINISH", 5, 30)],
    ),
    Bill(
        "LEGS-OAK",
        [("BOARD-OAK-40", "0.51", "15")],
        [("铣腿 Shape legs", "CUT", 15, 40)],
    ),
    Bill(
        "TABLE-OAK-MTO",
        [
            ("TOP-OAK-200", "1", "0"),
            ("LEGS-OAK", "1", "0"),
            ("HW-TABLE", "1", "0"),
            ("OIL-HARDWAX", "0.35", "0"),
        ],
        [("组装 Assemble", "ASSEMBLY", 10, 60), ("涂木蜡油 Oil", "FINISH", 10, 50)],
    ),
    Bill(
        "FRONT-OAK-MTO",
        [("BOARD-PLY-18", "0.46", "8"), ("EDGE-OAK", "2.85", "5"), ("HW-HINGE", "2", "0")],
        [("开料封边 Cut and edge", "CUT", 15, 12), ("装铰链 Fit hinges", "ASSEMBLY", 5, 8)],
    ),
]


class Buyer(NamedTuple):
    code: str
    name: str
    customer_class: str
    phone: str
    address: str
    limit: str
    net_days: int
    deposit: str


CUSTOMERS = [
    Buyer(
        "C-LIN", "林晓燕", "STANDARD", "13800000001", "杭州市西湖区文三路 18 号", "30000", 15, "30"
    ),
    Buyer("C-WANG", "王建国", "STANDARD", "13800000002", "上海市徐汇区漕溪路 66 号", "0", 0, "30"),
    Buyer("C-CHEN", "陈思远", "STANDARD", "13800000003", "苏州市姑苏区平江路 7 号", "0", 0, "30"),
    Buyer(
        "C-ZHAO", "赵一鸣", "STANDARD", "13800000004", "宁波市鄞州区百丈路 120 号", "8000", 7, "50"
    ),
    Buyer(
        "C-LIU", "刘子涵", "STANDARD", "13800000005", "上海市浦东新区锦绣路 300 号", "0", 0, "20"
    ),
    Buyer(
        "C-TEAHOUSE",
        "湖畔茶馆 Lakeside Teahouse",
        "STANDARD",
        "057100000006",
        "杭州市上城区南山路 9 号",
        "60000",
        30,
        "0",
    ),
    Buyer(
        "C-HOTEL",
        "听松民宿 Tingsong Guesthouse",
        "VIP",
        "057100000007",
        "湖州市德清县莫干山 21 号",
        "200000",
        45,
        "20",
    ),
    Buyer(
        "C-DESIGN",
        "半亩设计 Banmu Interiors",
        "VIP",
        "02100000008",
        "上海市静安区愚园路 88 号",
        "300000",
        60,
        "0",
    ),
    Buyer(
        "C-OFFICE",
        "启明科技 Qiming Technology",
        "VIP",
        "02100000009",
        "上海市闵行区申虹路 5 号",
        "150000",
        30,
        "0",
    ),
    Buyer(
        "C-CAFE",
        "街角咖啡 Corner Café",
        "STANDARD",
        "05120000010",
        "苏州市工业园区星湖街 2 号",
        "20000",
        14,
        "10",
    ),
]

# VIP customers pay an eighth less for most goods from the first piece, and a little less still from
# ten chairs on.
VIP_SHARE_PERCENT = 88
VIP_TEN_CHAIRS = {"CHAIR-OAK": "589", "CHAIR-SOFT": "675", "CHAIR-OFFICE": "1090"}

FIRST_DAY = date(2025, 1, 1)


def bilingual(sku: str) -> str:
    """ "橡木餐椅 Oak dining chair"."""
    return _NAMES[sku]


_NAMES = {g.sku: f"{g.name} {g.english}" for g in (*STOCKED, *MADE_TO_ORDER, *MATERIALS, *SERVICES)}


def load(client: Client, key_prefix: str = "sample") -> dict[str, int]:
    """Sets the company up on an empty server and returns how many of each thing there are.

    The keys of the commands are fixed, so that loading it a second time changes nothing.
    """
    client.command(
        client.catalog.ConfigureCompany,
        catalog.ConfigureCompanyRequest(
            company=catalog.Company(name=NAME, base_currency_code="CNY", time_zone="Asia/Shanghai")
        ),
        f"{key_prefix}/company",
    )
    for name, method, request in _batches(client):
        response = client.command(method, request, f"{key_prefix}/{name}")
        RowsRefused.check(response.verdicts)
    for receipt in _opening_stock():
        client.command(
            client.inventory.ReceiveStock,
            receipt,
            f"{key_prefix}/stock/{receipt.warehouse_code}/{receipt.sku}",
        )
    return {
        "products": len(_NAMES),
        "warehouses": len(WAREHOUSES),
        "work centres": len(WORK_CENTRES),
        "customers": len(CUSTOMERS),
        "suppliers": len(SUPPLIERS),
        "prices": len(list(_prices())),
        "bills of material": len(BILLS),
        "opening receipts": len(list(_opening_stock())),
    }


def _batches(client: Client) -> Iterator[tuple[str, Callable, Any]]:
    yield (
        "warehouses",
        client.catalog.UpsertWarehouses,
        catalog.UpsertWarehousesRequest(
            warehouses=[catalog.Warehouse(code=c, name=n) for c, n in WAREHOUSES.items()]
        ),
    )
    yield (
        "products",
        client.catalog.UpsertProducts,
        catalog.UpsertProductsRequest(products=_products()),
    )
    lists = [
        catalog.PriceList(code="RETAIL", name="零售价 Retail"),
        catalog.PriceList(code="VIP", name="贵宾价 VIP", customer_class="VIP"),
    ]
    yield (
        "price-lists",
        client.catalog.UpsertPriceLists,
        catalog.UpsertPriceListsRequest(price_lists=lists),
    )
    yield (
        "prices",
        client.catalog.UpsertPrices,
        catalog.UpsertPricesRequest(prices=_prices()),
    )
    yield (
        "customers",
        client.customers.UpsertCustomers,
        customers.UpsertCustomersRequest(customers=map(_customer, CUSTOMERS)),
    )
    yield (
        "suppliers",
        client.purchasing.UpsertSuppliers,
        purchasing.UpsertSuppliersRequest(
            suppliers=[
                purchasing.Supplier(code=code, name=name, lead_days=days)
                for code, (name, days) in SUPPLIERS.items()
            ]
        ),
    )
    yield (
        "supplier-prices",
        client.purchasing.UpsertSupplierPrices,
        purchasing.UpsertSupplierPricesRequest(prices=_supplier_prices()),
    )
    yield (
        "work-centres",
        client.production.UpsertWorkCentres,
        production.UpsertWorkCentresRequest(
            work_centres=[
                production.WorkCentre(code=code, name=name, hourly_rate=money(rate))
                for code, (name, rate) in WORK_CENTRES.items()
            ]
        ),
    )
    yield (
        "bills-of-material",
        client.production.UpsertBillsOfMaterial,
        production.UpsertBillsOfMaterialRequest(bills=map(_bill, BILLS)),
    )


def _products() -> Iterator[catalog.Product]:
    def product(row: Goods | Material, kind: int, unit: str, tax_class: str = "STANDARD"):
        return catalog.Product(
            sku=row.sku,
            name=row.name,
            name_english=row.english,
            kind=kind,
            unit_code=unit,
            tax_class=tax_class,
        )

    yield from (product(g, catalog.PRODUCT_KIND_STOCKED, "pcs") for g in STOCKED)
    yield from (product(g, catalog.PRODUCT_KIND_MADE_TO_ORDER, "pcs") for g in MADE_TO_ORDER)
    yield from (product(m, catalog.PRODUCT_KIND_RAW_MATERIAL, m.unit) for m in MATERIALS)
    delivery, installation = SERVICES
    yield product(delivery, catalog.PRODUCT_KIND_SERVICE, "pcs", "SERVICE")
    yield product(installation, catalog.PRODUCT_KIND_SERVICE, "h", "SERVICE")


def _prices() -> Iterator[catalog.Price]:
    def price(list_code: str, sku: str, amount: Any, minimum: int = 0) -> catalog.Price:
        return catalog.Price(
            price_list_code=list_code,
            sku=sku,
            unit_price=unit_price(amount),
            minimum_quantity=quantity(minimum),
            valid_from=day(FIRST_DAY),
        )

    for goods in (*STOCKED, *MADE_TO_ORDER, *SERVICES):
        yield price("RETAIL", goods.sku, goods.price)
    for goods in STOCKED:
        yield price("VIP", goods.sku, int(goods.price) * VIP_SHARE_PERCENT // 100)
    for sku, amount in VIP_TEN_CHAIRS.items():
        yield price("VIP", sku, amount, minimum=10)


def _customer(buyer: Buyer) -> customers.Customer:
    return customers.Customer(
        code=buyer.code,
        name=buyer.name,
        customer_class=buyer.customer_class,
        phone=buyer.phone,
        address=buyer.address,
        credit_limit=money(buyer.limit),
        terms=customers.PaymentTerms(
            net_days=buyer.net_days, deposit_micros=percent(buyer.deposit)
        ),
    )


def _supplier_prices() -> Iterator[purchasing.SupplierPrice]:
    bought = [(g.sku, "S-FURNITURE", g.cost) for g in STOCKED]
    bought += [(m.sku, m.supplier, m.cost) for m in MATERIALS if m.supplier]
    for sku, supplier, cost in bought:
        yield purchasing.SupplierPrice(
            supplier_code=supplier,
            sku=sku,
            unit_price=unit_price(cost),
            lead_days=SUPPLIERS[supplier][1],
            preferred=True,
        )


def _bill(bill: Bill) -> production.BillOfMaterial:
    return production.BillOfMaterial(
        sku=bill.sku,
        components=[
            production.BillComponent(sku=s, quantity=quantity(q), scrap_micros=percent(scrap))
            for s, q, scrap in bill.components
        ],
        operations=[
            production.BillOperation(
                sequence=sequence,
                name=name,
                work_centre_code=centre,
                setup_minutes_micros=setup * 1_000_000,
                unit_minutes_micros=unit * 1_000_000,
            )
            for sequence, (name, centre, setup, unit) in enumerate(bill.operations, start=1)
        ],
    )


def _opening_stock() -> Iterator[inventory.ReceiveStockRequest]:
    def receipt(sku: str, warehouse: str, amount: str | int, cost: str):
        return inventory.ReceiveStockRequest(
            sku=sku,
            warehouse_code=warehouse,
            quantity=quantity(amount),
            unit_cost=unit_price(cost),
            reason="期初库存 opening stock",
        )

    for goods in STOCKED:
        yield receipt(goods.sku, MAIN, goods.in_main, goods.cost)
        yield receipt(goods.sku, STORE, goods.in_store, goods.cost)
    for material in MATERIALS:
        if material.in_main != "0":
            yield receipt(material.sku, MAIN, material.in_main, material.cost)
