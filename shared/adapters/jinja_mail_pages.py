"""The pages about a person's letters: no more reminders, and another address."""

from shared.adapters.jinja_pages import whole_page
from shared.domain.people import mask_address


class JinjaMailPages:
    """Writes these pages. Keep one for the life of the process; it may be shared."""

    def stop(self) -> str:
        """Asks whether reminders are to stop: a link alone stops nothing."""
        return whole_page("reminders_stop")

    def stopped(self) -> str:
        """That no reminders come any more."""
        return whole_page("reminders_stopped")

    def address_wanted(self, reference: str = "", address: str = "", problem: str = "") -> str:
        """The form that asks for the reference of a payment and the new address."""
        problems = {"address": [problem]} if problem else {}
        return whole_page(
            "address_wanted",
            reference=reference,
            address=address,
            problem=problem,
            problems=problems,
        )

    def address_asked(self) -> str:
        """That a letter is on its way, if all is as it was said."""
        return whole_page("address_asked")

    def address_confirm(self, address: str, *, leaves: bool = False) -> str:
        """Asks whether the address is theirs, or (`leaves`) letters may go there from now on.

        A link alone changes nothing. The address that letters go to is masked where they leave.
        """
        shown = mask_address(address) if leaves else address
        return whole_page("address_confirm", address=shown, leaves=leaves)

    def address_half_confirmed(self) -> str:
        """That the other address is still to answer."""
        return whole_page("address_half_confirmed")

    def address_confirmed(self, address: str) -> str:
        """That letters come there from now on."""
        return whole_page("address_confirmed", address=address)

    def too_often(self) -> str:
        """More was asked from there than is taken within an hour."""
        return whole_page("my_link_too_often")
