"""What the columns of a list hold: by their headings, in the languages lists are kept in, else by what stands in them.

Pure.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from rostrum.areas.channels.lists.cells import looks_like_address
from rostrum.areas.channels.naming import platform_called, platforms_called
from rostrum.importers.tables import Row

# Titles and blank lines may stand above the headings.
_ROWS_TO_HEADINGS = 15
_SAMPLED_ROWS = 200


class Role(StrEnum):
    """What a column holds."""

    PLATFORM = "platform"
    URL = "url"
    HANDLE = "handle"
    NAME = "name"
    UNIT = "unit"
    STATE = "state"
    # Addresses on one platform, which the heading names.
    ON = "on"
    OTHER = "other"


_WORDS: dict[Role, str] = {
    Role.PLATFORM: """
        platform platforms network networks site service medium media social_media social_media_platform
        social_network social_media_site social_media_type channel_type account_type site_type type_of_account type
        social_media_channel app media_type kind where plataforma red red_social medio medios tipo redes
        plateforme reseau reseau_social type_de_compte plattform netzwerk soziales_netzwerk art dienst kanaltyp
    """,
    Role.URL: """
        url urls link links web web_address address webaddress web_link weblink hyperlink page_url profile_url
        page_link profile_link account_url account_link website site_url url_address link_to_page link_to_account
        social_media_link social_media_url web_page webpage uri location direct_link full_url http
        enlace enlaces vinculo direccion direccion_web pagina_web sitio_web lien liens adresse adresse_web page_web
        site_web webadresse internetadresse verweis seite
    """,
    Role.HANDLE: """
        handle handles username user_name user account account_name screen_name user_id account_handle twitter_handle
        social_media_handle social_handle login_name account_id id_handle handle_username username_handle
        accounts account_names social_media_accounts social_media_account channels pages profiles
        usuario nombre_de_usuario cuenta cuentas perfil compte comptes identifiant nom_d_utilisateur
        benutzername benutzer konto kontoname nutzername
    """,
    Role.NAME: """
        name title page_name display_name channel channel_name page page_title account_title profile_name
        name_of_page name_of_account name_of_channel social_media_name official_name channel_title profile
        nombre nombre_de_la_pagina titulo pagina canal nom titre nom_de_la_page page_officielle
        bezeichnung titel seitenname kanal kanalname
    """,
    Role.UNIT: """
        department departments dept dept_name department_name unit division agency office bureau owner program
        maintained_by managed_by responsible_department owning_department department_agency agency_department
        department_division entity organization organisation section board commission business_unit department_office
        departamento departamentos dependencia direccion_general oficina unidad area departement service direction
        unite bureau_responsable abteilung amt fachbereich dezernat referat stelle
    """,
    Role.STATE: """
        status state active account_status current_status is_active in_use activity estado activo activa
        statut etat actif aktiv zustand
    """,
}
_ROLE_OF = {word: role for role, words in _WORDS.items() for word in words.split()}
# The more telling role first, where one column could be either.
_HEADING_SHARE = 0.5
_LONGEST_HEADING = 5


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns that hold each role, with the platform of those of one only, and the row they were read from."""

    roles: dict[int, Role] = field(default_factory=dict)
    on: dict[int, str] = field(default_factory=dict)
    heading: int = -1

    def of(self, role: Role) -> list[int]:
        """The columns with this role, from left to right."""
        return sorted(column for column, one in self.roles.items() if one is role)


def folded(text: str) -> str:
    """A heading as it is compared: small letters without accents, words joined by one underscore."""
    plain = "".join(one for one in unicodedata.normalize("NFKD", text).casefold() if not unicodedata.combining(one))
    return "_".join(re.findall(r"[^\W_]+", plain))


def read_columns(rows: Sequence[Row], *, knows_unit: Callable[[str], bool]) -> Columns:
    """What the columns of these rows hold: by their headings where there are any, else by their contents."""
    for position, row in enumerate(rows[:_ROWS_TO_HEADINGS]):
        if any(looks_like_address(cell) or (cell.strip() and knows_unit(cell)) for cell in row.cells):
            # Headings stand above what they are headings of.
            break
        if (found := _by_headings(position, row)) is not None:
            return found
    return _by_contents(rows[:_SAMPLED_ROWS], knows_unit)


def _by_headings(position: int, row: Row) -> Columns | None:
    words = tuple(folded(cell) for cell in row.cells)
    told = [word for word in words if word]
    if len(told) < 2 and not (len(told) == 1 and _ROLE_OF.get(told[0]) in (Role.URL, Role.HANDLE)):
        return None
    roles, on = {}, {}
    for column, word in enumerate(words):
        if not word:
            continue
        role = _ROLE_OF.get(word) or _role_by_parts(word)
        platform = platform_called(row.cells[column]) if role in (None, Role.URL, Role.HANDLE, Role.NAME) else None
        if platform and (role is not Role.NAME):
            roles[column], on[column] = Role.ON, platform
        else:
            roles[column] = role or Role.OTHER
    known = sum(1 for role in roles.values() if role is not Role.OTHER)
    if known < max(min(2, len(told)), len(told) * _HEADING_SHARE - 1e-9):
        return None
    # A row that names a platform and nothing a heading would say is data; so is one that names it twice.
    if known == len(on) and (len(on) < 2 or len(set(on.values())) != len(on)):
        return None
    return Columns(roles, on, position)


def _role_by_parts(word: str) -> Role | None:
    """The role of a heading of several words, by the telling ones: "official_facebook_page_url"."""
    parts = word.split("_")
    if len(parts) > _LONGEST_HEADING:
        return None
    for role in (Role.URL, Role.HANDLE, Role.UNIT, Role.PLATFORM, Role.STATE, Role.NAME):
        if any(_ROLE_OF.get(part) is role for part in parts):
            return role
    return None


def _by_contents(rows: Sequence[Row], knows_unit: Callable[[str], bool]) -> Columns:
    width = max((len(row.cells) for row in rows), default=0)
    columns = [
        [row.cells[at].strip() for row in rows if at < len(row.cells) and row.cells[at].strip()] for at in range(width)
    ]
    roles: dict[int, Role] = {}
    for at, cells in enumerate(columns):
        if not cells:
            continue
        shares = {
            Role.URL: _share(cells, _is_web_address),
            Role.HANDLE: _share(cells, lambda cell: cell.startswith("@")),
            Role.PLATFORM: _share(cells, _names_platform),
            Role.UNIT: _share(cells, knows_unit),
        }
        best = max(shares, key=lambda role: shares[role])
        if shares[best] >= 0.5:
            roles[at] = best
    texts = {at: cells for at, cells in enumerate(columns) if at not in roles and cells}
    if texts and Role.NAME not in roles.values():
        # A name tells channels apart; what repeats itself is a department or a remark.
        roles[max(texts, key=lambda at: (len(set(texts[at])), -at))] = Role.NAME
    rest = [at for at in texts if at not in roles]
    if rest and Role.UNIT not in roles.values():
        roles[min(rest, key=lambda at: len(set(texts[at])))] = Role.UNIT
    return Columns({at: roles.get(at, Role.OTHER) for at in range(width)})


def _share(cells: Sequence[str], holds: Callable[[str], bool]) -> float:
    return sum(1 for cell in cells if holds(cell)) / len(cells)


def _names_platform(cell: str) -> bool:
    return len(cell) < 40 and bool(platforms_called(cell)) and not looks_like_address(cell)


def _is_web_address(cell: str) -> bool:
    return looks_like_address(cell) and ("." in cell or "/" in cell)
