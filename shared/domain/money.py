"""Money: integer minor units and a currency. Prices are data, nothing here multiplies by a rate."""

import re

from pydantic import Field

from shared.domain.value import Value

# ISO 4217 minor-unit digits where they are not two.
_DIGITS = {"JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "KWD": 3, "BHD": 3, "TND": 3}
_DECIMAL = re.compile(r"(\d{1,12})(?:\.(\d{1,8}))?", re.ASCII)
_SIGNS = {"USD": "$", "INR": "₹", "GBP": "£", "EUR": "€", "JPY": "¥"}


class Money(Value):
    """An amount in minor units (cents, paise) of an ISO 4217 currency."""

    minor: int = Field(ge=0, le=10**12, strict=False)
    currency: str = Field(pattern=r"^[A-Z]{3}$")

    def __str__(self) -> str:
        """As people write it: "$210.00", "₹4,500.00", "CHF 60.00"."""
        digits = _DIGITS.get(self.currency, 2)
        whole, rest = divmod(self.minor, 10**digits)
        number = f"{whole:,}" + (f".{rest:0{digits}d}" if digits else "")
        sign = _SIGNS.get(self.currency)
        return f"{sign}{number}" if sign else f"{self.currency} {number}"

    @property
    def decimal(self) -> str:
        """As providers write it: "210.00", and "4500" where there is no smaller coin."""
        digits = _DIGITS.get(self.currency, 2)
        whole, rest = divmod(self.minor, 10**digits)
        return f"{whole}.{rest:0{digits}d}" if digits else str(whole)


def money_of(written: str, currency: str) -> Money:
    """The amount that a provider writes as a decimal number ("60.00"), to the last digit.

    Raises ValueError if it is no such number, or finer than the currency's smallest coin.
    """
    found = _DECIMAL.fullmatch(written)
    digits = _DIGITS.get(currency, 2)
    whole, rest = found.groups(default="") if found else ("", "")
    if not whole or rest[digits:].strip("0"):
        raise ValueError("This is no amount of that currency.")
    return Money(minor=int(whole + rest[:digits].ljust(digits, "0")), currency=currency)
