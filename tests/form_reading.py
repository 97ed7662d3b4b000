"""Reading a form as a screen reader does: fields, their labels, and what describes them."""

from html.parser import HTMLParser


class Form(HTMLParser):
    """The fields of a page as a browser's accessibility tree has them."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.fields: list[dict[str, str]] = []
        self.forms: list[dict[str, str]] = []
        self.labels: set[str] = set()
        self.ids: list[str] = []
        self.described: list[str] = []
        self.texts: dict[str, str] = {}
        self._inside = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if tag in ("input", "textarea", "select", "button"):
            self.fields.append({"tag": tag, **named})
        if tag == "form":
            self.forms.append(named)
        if tag == "label":
            self.labels.add(named["for"])
        if "id" in named:
            self.ids.append(named["id"])
        self.described += named.get("aria-describedby", "").split()
        self._inside = named.get("id", "") if tag == "textarea" else ""

    def handle_data(self, data: str) -> None:
        if self._inside:
            # A browser drops the line break that opens a text area.
            self.texts[self._inside] = data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def chosen(self, name: str) -> list[str]:
        return [one["value"] for one in self.fields if one.get("name") == name and "checked" in one]

    def one(self, name: str) -> dict[str, str]:
        (found,) = [field for field in self.fields if field.get("name") == name]
        return found

    def names(self) -> set[str]:
        return {field["name"] for field in self.fields if field.get("name")}


def hidden_in(html: str, action: str) -> dict[str, str]:
    """What the first form of a page that is sent to an address ending so sends of itself."""

    class Hidden(HTMLParser):
        found: dict[str, str] | None = None
        within = False

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            named = {name: value or "" for name, value in attrs}
            if tag == "form":
                self.within = self.found is None and named.get("action", "").endswith(action)
                self.found = {} if self.within else self.found
            if self.within and tag == "input" and named.get("type") == "hidden":
                assert self.found is not None
                self.found[named["name"]] = named["value"]

    reader = Hidden()
    reader.feed(html)
    assert reader.found is not None, f"no form is sent to {action}"
    return reader.found
