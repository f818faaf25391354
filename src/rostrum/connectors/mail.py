"""Mail: to the console by default, to an SMTP server when one is named. Repeating a mail is safe, losing one is not."""

import smtplib
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import IO, Protocol

_TIMEOUT_SECONDS = 30


class Mailer(Protocol):
    """Sends plain text to one person."""

    def send(self, to: str, subject: str, text: str) -> None:
        """Hand the mail over; returns when the next server has taken it. Raises `MailNotSent`."""


class MailNotSent(Exception):
    """The mail server did not take the mail; trying again later may help. Names the server, never the content."""


def message(sender: str, to: str, subject: str, text: str) -> EmailMessage:
    """Build the mail. Raises ValueError for an address or subject with a line break (header injection)."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Date"] = format_datetime(datetime.now(UTC))
    mail["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2] or "localhost")
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(text)
    return mail


@dataclass(frozen=True, slots=True)
class ConsoleMailer:
    """Prints the mail where the process runs: for trying things out."""

    sender: str
    out: IO[str] | None = None

    def send(self, to: str, subject: str, text: str) -> None:
        """Print the mail."""
        mail = message(self.sender, to, subject, text)
        stream = self.out or sys.stdout
        stream.write(f"--- mail to {mail['To']}: {mail['Subject']}\n{text.rstrip()}\n---\n")
        stream.flush()


@dataclass(frozen=True, slots=True)
class SmtpMailer:
    """Hands the mail to an SMTP server, with STARTTLS where the server offers it."""

    host: str
    port: int
    sender: str

    def send(self, to: str, subject: str, text: str) -> None:
        """Send the mail. Raises `MailNotSent` when the server cannot be reached or does not take it."""
        mail = message(self.sender, to, subject, text)
        try:
            with smtplib.SMTP(self.host, self.port, timeout=_TIMEOUT_SECONDS) as server:
                server.ehlo()
                if server.has_extn("starttls"):
                    server.starttls()
                server.send_message(mail)
        except (OSError, smtplib.SMTPException) as problem:
            raise MailNotSent(f"{self.host}:{self.port}: {type(problem).__name__}") from problem


def mailer(server: str, sender: str) -> Mailer:
    """The mailer for ``ROSTRUM_SMTP`` (``host:port``; empty: the console). Raises ValueError naming the variable."""
    if not server:
        return ConsoleMailer(sender)
    host, _, port = server.rpartition(":")
    if not host or not port.isdecimal():
        raise ValueError("ROSTRUM_SMTP is host:port, for example mail.example.gov:25")
    return SmtpMailer(host, int(port), sender)
