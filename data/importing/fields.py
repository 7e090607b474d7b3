"""
What a register is made of: fields with their headings, readers and notes.

``heading`` is the Chinese heading of the template; ``label`` and ``note`` are English
message ids that pages translate.
"""

from dataclasses import dataclass

from data.importing.values import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """
    One column of a register.

    Parameters
    ----------
    key
        Name of the value in a row; mostly the column of the table it ends in.
    synonyms
        Other headings under which people keep it, separated by spaces.
    required
        Whether a row without it is refused.
    example
        What the template's example row shows.
    """

    key: str
    heading: str
    label: str
    read: Reader
    synonyms: str = ""
    required: bool = False
    note: str = ""
    example: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A register: its fields, and which of them tell one row from another."""

    key: str
    title: str
    label: str
    fields: tuple[Field, ...]
    identity: tuple[str, ...]
    hints: tuple[str, ...]
    needs_one_of: tuple[tuple[str, ...], ...] = ()

    def field(self, key: str) -> Field:
        """The field of that name."""
        return next(field for field in self.fields if field.key == key)
