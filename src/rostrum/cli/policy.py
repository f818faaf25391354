"""`rostrum policy`: what packs there are, whether one is sound, what a clause asks, what a text would be told.

Only `coverage` needs the database; the rest works anywhere.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rostrum.kernel.decisions import InvalidInput

HELP = "packs: list, lint, explain, diff, coverage, check"

# What a channel may be called beside the platforms' own names; only `personal` changes which clauses apply.
_CHANNEL_KINDS = (
    "official",
    "personal",
    "private",
    "internal",
    "external",
    "page",
    "group",
    "message",
    "blog",
    "microblog",
    "forum",
    "wiki",
    "feed",
    "social-network",
    "photo-sharing",
    "video-sharing",
)
# Short names of the matrix and everyday words, for the actors the packs name.
_ROLE_WORDS = {
    "emp": "employee",
    "pos": "authorized_poster",
    "con": "contractor_agent",
    "dh": "department_head",
    "coo": "social_media_coordinator",
    "pao": "public_affairs_office",
    "pio": "public_information_officer",
    "rec": "records_custodian",
    "mod": "moderator",
    "it": "it_director",
    "ele": "elected_official",
    "ah": "agency_head",
    "pub": "public",
    "poster": "authorized_poster",
    "author": "authorized_poster",
    "spokesperson": "authorized_poster",
    "contractor": "contractor_agent",
    "agent": "contractor_agent",
    "coordinator": "social_media_coordinator",
    "public_affairs": "public_affairs_office",
    "custodian": "records_custodian",
    "elected": "elected_official",
    "mayor": "elected_official",
    "council_member": "elected_official",
    "councilmember": "elected_official",
    "alderperson": "elected_official",
    "representative": "elected_official_representative",
    "resident": "public",
}
_ROLES = (
    "employee", "authorized_poster", "contractor_agent", "supervisor", "department", "department_head", "agency",
    "agency_head", "appointing_authority", "social_media_coordinator", "public_affairs_office",
    "public_information_officer", "records_custodian", "moderator", "hr", "it_director", "state_it",
    "elected_official", "elected_official_representative", "governmental_body_member", "policy_owner",
    "equal_rights_division", "platform_provider", "other_party", "public", "auditor",
)  # fmt: skip


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the subcommands and their arguments."""
    commands = parser.add_subparsers(dest="action", metavar="ACTION", required=True)

    def add(name: str, help_text: str, run_action: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=help_text, description=help_text)
        sub.add_argument("--json", action="store_true", help="print JSON")
        sub.set_defaults(run_action=run_action)
        return sub

    add("list", "the packs shipped, with their versions", _list)
    lint = add("lint", "check a pack; exit 1 when it is refused", _lint)
    lint.add_argument(
        "path",
        metavar="PATH",
        nargs="?",
        default="",
        help="the pack's folder, or the id of a shipped pack (default: all)",
    )
    explain = add("explain", "what a clause says and what carries it", _explain)
    explain.add_argument("clause", metavar="CLAUSE", help="a clause id such as WAU-use-05d")
    diff = add("diff", "what tells two packs apart", _diff)
    diff.add_argument("before", metavar="A", help="a folder or the id of a shipped pack")
    diff.add_argument("after", metavar="B", help="a folder or the id of a shipped pack")
    add("coverage", "every clause: live, recorded duty, or not yet", _coverage)
    check = add("check", "what the policy says about a text", _check)
    check.add_argument("--pack", required=True, help="the id of a shipped pack, or a folder")
    check.add_argument("--stage", required=True, help="where in its life, such as draft.check")
    check.add_argument("--as", dest="role", default="authorized_poster", metavar="ROLE", help="who writes it")
    check.add_argument("--channel-kind", default="official", metavar="KIND", help="a platform, or official, personal …")
    check.add_argument("--unit", default="", help="the author's department")
    check.add_argument("--alone", action="store_true", help="without the pack's overlays (law, accessibility, limits)")
    check.add_argument(
        "--choice", action="append", default=[], metavar="SETTING=VALUE", help="a choice of the body; VALUE may be JSON"
    )
    check.add_argument("--facts", default="", metavar="JSON", help="further facts, such as media, as a JSON object")
    text = check.add_mutually_exclusive_group(required=True)
    text.add_argument("--text", metavar="T", help="the text; - reads standard input")
    text.add_argument("--file", metavar="FILE", help="read the text from a file")


def run(arguments: argparse.Namespace) -> int:
    """Run the chosen action; return the exit code."""
    code: int = arguments.run_action(arguments)
    return code


def _print_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=1, default=str))


def _list(arguments: argparse.Namespace) -> int:
    from rostrum.policy.packs import load_shipped

    packs = load_shipped().values()
    if arguments.json:
        _print_json(
            [
                {
                    "id": pack.id,
                    "title": pack.title,
                    "issuer": pack.issuer,
                    "layer": pack.layer.value,
                    "version": pack.version,
                    "issued": pack.issued,
                    "parents": list(pack.parents),
                    "companions": list(pack.companions),
                    "clauses": len(pack.clauses),
                }
                for pack in packs
            ]
        )
        return 0
    for pack in packs:
        print(f"{pack.id:20} {len(pack.clauses):4} clauses  {pack.layer.value:9} {pack.title}")
    return 0


def _lint(arguments: argparse.Namespace) -> int:
    from rostrum.policy.lint import Level, is_refused, lint_folder, lint_pack
    from rostrum.policy.packs import load_shipped

    folder = Path(arguments.path)
    if not arguments.path:
        remarks = [remark for pack in load_shipped().values() for remark in lint_pack(pack)]
    elif folder.is_dir():
        remarks = lint_folder(folder)
    elif arguments.path in load_shipped():
        remarks = lint_pack(load_shipped()[arguments.path])
    else:
        raise InvalidInput(arguments.path, f"is neither a folder nor a shipped pack ({', '.join(load_shipped())})")
    refused = is_refused(remarks)
    if arguments.json:
        _print_json({"refused": refused, "remarks": [remark.to_json() for remark in remarks]})
        return int(refused)
    for remark in remarks:
        print(f"{remark.level.value:8} {remark.place}: {remark.message}")
    count = {level: sum(remark.level is level for remark in remarks) for level in Level}
    print(
        f"{'refused' if refused else 'sound'}: {count[Level.FAULT]} faults, {count[Level.WARNING]} warnings, "
        f"{count[Level.NOTE]} notes"
    )
    return int(refused)


def _explain(arguments: argparse.Namespace) -> int:
    from rostrum.policy.explain import explain

    explanation = explain(arguments.clause)
    if arguments.json:
        _print_json(explanation.to_json())
    else:
        print(explanation.text())
    return 0


def _pack(name: str) -> Any:
    from rostrum.policy.packs import load_pack, shipped_pack

    return load_pack(Path(name)) if Path(name).is_dir() else shipped_pack(name)


def _diff(arguments: argparse.Namespace) -> int:
    from rostrum.policy.explain import diff

    differences = diff(_pack(arguments.before), _pack(arguments.after))
    if arguments.json:
        _print_json([asdict(difference) for difference in differences])
        return 0
    for difference in differences:
        if difference.change == "added":
            print(f"+ {difference.part} {difference.id}: {difference.after}")
        elif difference.change == "removed":
            print(f"- {difference.part} {difference.id}: {difference.before}")
        else:
            print(f"~ {difference.part} {difference.id}: {difference.before} → {difference.after}")
    if not differences:
        print("no difference")
    return 0


def _coverage(arguments: argparse.Namespace) -> int:
    _start_for_coverage()
    from rostrum.areas.assurance import queries

    rows = queries.coverage()
    if arguments.json:
        _print_json(rows)
        return 0
    packs = list(dict.fromkeys(row["pack"] for row in rows))
    for pack in packs:
        own = [row for row in rows if row["pack"] == pack]
        print(f"{pack}: {_counts(own)}")
        for row in own:
            print(f"  {row['status']:8} {row['clause']:16} {', '.join(row['controls'])}")
    print(f"all: {_counts(rows)}")
    return 0


def _start_for_coverage() -> None:
    """Open the data folder; where nothing is set up yet, ask the controls of an empty installation in memory.

    What a fresh product can do is a fair question before there is a body to do it for.
    """
    from rostrum.cli.main import start_django, start_in_data_folder

    start_django()
    from django.apps import apps
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    # Other commands that were tried there may have left an empty file.
    if connection.vendor != "sqlite" or (
        Path(settings.DATABASES["default"]["NAME"]).exists() and connection.introspection.table_names()
    ):
        start_in_data_folder()
        return
    connection.close()
    print(
        f"nothing is set up in {os.environ.get('ROSTRUM_DATA', 'rostrum-data')}: "
        "this is what an empty installation answers",
        file=sys.stderr,
    )
    connection.settings_dict["NAME"] = ":memory:"
    # The tables as the models have them: the history by which they came to be takes ten seconds and changes no answer.
    settings.MIGRATION_MODULES = {app.label: None for app in apps.get_app_configs()}
    call_command("migrate", verbosity=0, run_syncdb=True)


def _counts(rows: list[dict[str, Any]]) -> str:
    words = {"live": "live", "duty": "recorded duty", "not_yet": "not yet"}
    return (
        ", ".join(f"{sum(row['status'] == status for row in rows)} {called}" for status, called in words.items())
        + f" of {len(rows)}"
    )


def _role(name: str) -> str:
    plain = name.strip().lower().replace("-", "_").replace(" ", "_")
    role = _ROLE_WORDS.get(plain, plain)
    if role not in _ROLES:
        raise InvalidInput(f"role {name!r}", f"is not one of {', '.join(_ROLES)}")
    return role


def _choices(given: list[str]) -> dict[str, Any]:
    choices: dict[str, Any] = {}
    for each in given:
        key, equals, value = each.partition("=")
        if not equals:
            raise InvalidInput(
                f"--choice {each}", 'must be SETTING=VALUE, such as body.office_numbers=["715-555-0100"]'
            )
        try:
            choices[key] = json.loads(value)
        except json.JSONDecodeError:
            choices[key] = value
    return choices


def _check(arguments: argparse.Namespace) -> int:
    from rostrum.policy.compose import compose, with_companions
    from rostrum.policy.evaluate import check, finding_to_json, stage_called
    from rostrum.policy.facts import DraftFacts
    from rostrum.policy.packs import load_shipped

    stage = stage_called(arguments.stage)
    pack = _pack(arguments.pack)
    packs = with_companions(pack)
    if arguments.alone:
        packs = tuple(each for each in packs if each.id not in pack.companions)
    policy = compose(packs, _choices(arguments.choice))
    kind, platform = arguments.channel_kind.strip().lower(), ""
    limits = policy.platform(kind) or next(
        (each for shipped in load_shipped().values() for each in shipped.platforms if kind in (each.id, *each.aliases)),
        None,
    )
    if limits is not None:
        kind, platform = "official", limits.id
    elif kind not in _CHANNEL_KINDS:
        print(f"channel kind {kind!r} is not known: no platform's limits are applied", file=sys.stderr)
    facts = {
        "text": _text(arguments),
        "channel_kind": kind,
        "platform": platform,
        "role": _role(arguments.role),
        "unit": arguments.unit,
        **_further_facts(arguments.facts),
    }
    findings = check(policy, stage, DraftFacts.from_json(facts))
    if arguments.json:
        _print_json([finding_to_json(finding) for finding in findings])
        return 0
    for finding in findings:
        where = f" [{finding.start}:{finding.end}]" if finding.start is not None else ""
        also = f" (also {', '.join(finding.also)})" if finding.also else ""
        print(f"{finding.strength.value:7} {finding.clause}{where} {finding.message}{also}")
        print(f"        {finding.advice}")
        print(f"        {finding.section}: {finding.paraphrase}")
    if not findings:
        print("no findings")
    return 0


def _text(arguments: argparse.Namespace) -> str:
    try:
        if arguments.file:
            return Path(arguments.file).read_text("utf-8")
        if arguments.text == "-":
            return sys.stdin.buffer.read().decode("utf-8")
    except UnicodeDecodeError as problem:
        raise InvalidInput(arguments.file or "standard input", f"is not UTF-8 at byte {problem.start}") from None
    except OSError as problem:
        raise InvalidInput(str(arguments.file), problem.strerror or "cannot be read") from None
    text: str = arguments.text
    return text


def _further_facts(given: str) -> dict[str, Any]:
    if not given:
        return {}
    try:
        facts = json.loads(given)
    except json.JSONDecodeError as problem:
        raise InvalidInput("--facts", f"is not JSON: {problem}") from None
    if not isinstance(facts, dict):
        raise InvalidInput("--facts", "must be a JSON object")
    return facts
