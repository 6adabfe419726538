"""Which column of an export carries what, for the two exports of the generator (the layout `generic`)."""

import csv
from pathlib import Path

# What the result of a peer is called, and the column of the export.
CLAIMS = {
    "order_id": "line_id",
    "claim_id": "claim_id",
    "patient_id": "patient_id",
    "service_date": "service_date",
    "sex": "sex",
    "product_code": "hcpcs",
    "units": "units",
    "provider_id": "npi",
    "facility_id": "facility_id",
    "payer": "payer",
    "place_of_service": "place_of_service",
    "billed": "billed",
    "allowed": "allowed",
    "paid": "paid",
    "auth_number": "auth_number",
    "auth_decision": "auth_decision",
    "line_status": "line_status",
    "words": "indication_text",
}
ORDERS = {
    "order_id": "order_id",
    "patient_id": "mrn",
    "service_date": "order_date",
    "sex": "sex",
    "product_code": "product_code",
    "units": "units",
    "provider_id": "ordering_npi",
    "facility_id": "facility_id",
    "payer": "payer",
    "place_of_service": "place_of_service",
    "billed": "billed",
    "paid": "paid",
    "auth_number": "auth_number",
    "auth_decision": "auth_status",
    "line_status": "order_status",
    "words": "indication_text",
}


def product_codes(tables):
    """The billing codes that may be in scope."""
    with (tables / "products.csv").open(encoding="utf-8", newline="") as file:
        return [row["code"] for row in csv.DictReader(file)]


class Export:
    """One export: where it lies, its header, and what its columns carry."""

    def __init__(self, kind, path):
        self.path = str(path)
        with Path(path).open(encoding="utf-8", newline="") as file:
            self.header = next(csv.reader(file))
        self.carried = CLAIMS if kind == "claims" else ORDERS
        self.diagnoses = [f"dx{place}" for place in range(1, 13)] if kind == "claims" else ["diagnoses"]
        self.separator = None if kind == "claims" else ";"
        self.modifiers = [f"modifier{place}" for place in range(1, 5)] if kind == "claims" else ["modifier"]
        self.product = self.carried["product_code"]


# Columns of the result, in this order, where the export carries them.
RESULT = [
    *["order_id", "claim_id", "patient_id", "service_date", "sex", "product_code", "modifier", "product", "units", "grams"],
    *["diagnoses", "indication", "determination", "flag", "hits", "decides", "also_matched", "provider_id", "facility_id"],
    *["payer", "place_of_service", "billed", "allowed", "paid", "auth_number", "auth_decision", "line_status"],
]


def result_columns(export):
    made = {"modifier", "product", "grams", "diagnoses", "indication", "determination", "flag", "hits", "decides", "also_matched"}
    return [name for name in RESULT if name in made or name in export.carried]
