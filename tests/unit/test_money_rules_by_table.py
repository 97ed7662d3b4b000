"""The rules of money one by one, by table: amounts, facts that add up, shares, upgrades."""

import pytest
from pydantic import ValidationError

from shared.domain.money import Money, money_of
from shared.domain.refunds import shares, split
from tests.catalogues import classes_catalogue
from tests.told import fact, told, usd

CATALOGUE = classes_catalogue()
CLASSES = tuple(session.id for session in CATALOGUE.sessions)


# --- amounts -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("minor", "currency", "read", "written"),
    [
        (21000, "USD", "$210.00", "210.00"),
        (5, "USD", "$0.05", "0.05"),
        (123456789, "USD", "$1,234,567.89", "1234567.89"),
        (450000, "INR", "₹4,500.00", "4500.00"),
        (6000, "CHF", "CHF 60.00", "60.00"),
        (1999, "GBP", "£19.99", "19.99"),
        (1999, "EUR", "€19.99", "19.99"),
        (4500, "JPY", "¥4,500", "4500"),
        (4500, "KRW", "KRW 4,500", "4500"),
        (4500, "VND", "VND 4,500", "4500"),
        (4500, "CLP", "CLP 4,500", "4500"),
        (1234567, "KWD", "KWD 1,234.567", "1234.567"),
        (1050, "BHD", "BHD 1.050", "1.050"),
        (999, "TND", "TND 0.999", "0.999"),
        (0, "USD", "$0.00", "0.00"),
    ],
)
def test_an_amount_is_written_for_people_and_for_providers_and_read_back(
    minor: int, currency: str, read: str, written: str
) -> None:
    amount = Money(minor=minor, currency=currency)

    assert str(amount) == read
    assert amount.decimal == written
    assert money_of(written, currency) == amount


@pytest.mark.parametrize(
    ("written", "currency", "minor"),
    [("60", "USD", 6000), ("60.5", "USD", 6050), ("60.500", "USD", 6050), ("7.00", "JPY", 7)],
)
def test_a_shorter_or_longer_way_to_write_it_is_the_same_amount(
    written: str, currency: str, minor: int
) -> None:
    assert money_of(written, currency) == Money(minor=minor, currency=currency)


@pytest.mark.parametrize(
    ("written", "currency"),
    [
        *(("", "USD"), ("60.005", "USD"), ("7.50", "JPY"), ("-60.00", "USD"), ("6e1", "USD")),
        *(("60,00", "USD"), (".50", "USD"), (" 60.00", "USD"), ("NaN", "USD"), ("1.0005", "KWD")),
    ],
)
def test_what_is_no_amount_of_the_currency_is_refused(written: str, currency: str) -> None:
    with pytest.raises(ValueError, match="no amount"):
        money_of(written, currency)


@pytest.mark.parametrize(
    ("minor", "currency"), [(-1, "USD"), (10**12 + 1, "USD"), (1, "usd"), (1, "US"), (1, "USDX")]
)
def test_an_amount_is_never_negative_nor_without_end_nor_of_no_currency(
    minor: int, currency: str
) -> None:
    with pytest.raises(ValidationError):
        Money(minor=minor, currency=currency)
    assert Money(minor=10**12, currency="USD").minor == 10**12


# --- shares ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("minor", "classes", "worth"),
    [(29700, 5, [5940] * 5), (10000, 3, [3334, 3333, 3333]), (2, 3, [1, 1, 0]), (0, 2, [0, 0])],
)
def test_an_amount_is_split_to_the_coin_and_none_is_lost(
    minor: int, classes: int, worth: list[int]
) -> None:
    names = tuple(f"class-{number}" for number in range(classes))

    assert list(split(minor, names).values()) == worth
    assert list(split(minor, names)) == list(names)
    assert split(minor, ()) == {}
    bought = told(fact("paid", amount=usd(minor))).model_copy(update={"sessions": names})
    assert shares(bought) == split(minor, names)
