"""The OpenAPI description of the registry's interface. Pure."""

from typing import Any

from rostrum.areas.portal.answers import Standing, Verdict


def _text(description: str, *, nullable: bool = False, **more: Any) -> dict[str, Any]:
    return {"type": ["string", "null"] if nullable else "string", "description": description, **more}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties}


def _list(name: str) -> dict[str, Any]:
    return {"type": "array", "items": {"$ref": f"#/components/schemas/{name}"}}


def _query(name: str, description: str, **schema: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": description, "schema": {"type": "string", **schema}}


_SCHEMAS: dict[str, Any] = {
    "Channel": _object(
        {
            "id": _text("Stays the same as long as the channel is in the registry."),
            "name": _text("The channel's name."),
            "platform": _text("Code of the platform."),
            "platform_name": _text("Name of the platform."),
            "handle": _text("Without @; empty where the channel is named by its page only."),
            "url": _text("The channel's page; empty where only the handle is known."),
            "department": _text("Who keeps it."),
            "is_official": {"type": "boolean", "description": "Whether it speaks for the body now."},
            "state": _text("Where it stands.", enum=["live", "paused", "closed"]),
            "official_since": _text("When it first went live.", nullable=True, format="date-time"),
            "closed_at": _text("When it was closed; its records are kept.", nullable=True, format="date-time"),
            "purpose": _text("What it is for."),
            "contact": _text("The official contact."),
            "policy": _text("The policy.", format="uri"),
            "verify": _text("Its page in the registry.", format="uri"),
            "badge": _text("A small picture that links there.", format="uri"),
        }
    ),
    "Channels": _object(
        {
            "count": {"type": "integer"},
            "page": {"type": "integer"},
            "pages": {"type": "integer"},
            "next": _text("The next page.", nullable=True, format="uri"),
            "previous": _text("The page before.", nullable=True, format="uri"),
            "channels": _list("Channel"),
        }
    ),
    "NamedChannel": _object(
        {
            "id": _text("The channel's id; null while it is under review.", nullable=True),
            "name": _text("Its name."),
            "platform": _text("Code of the platform."),
            "handle": _text("Without @."),
            "url": _text("Its page."),
            "department": _text("Who keeps it."),
            "standing": _text("How it stands.", enum=[one.value for one in Standing]),
            "closed_at": _text("When it was closed.", nullable=True, format="date-time"),
            "verify": _text("Its page in the registry.", nullable=True, format="uri"),
        }
    ),
    "Note": _object({"code": _text("A stable code."), "text": _text("The sentence.")}),
    "Answer": _object(
        {
            "asked": _text("The address, as it was read."),
            "verdict": _text("The answer.", enum=[one.value for one in Verdict]),
            "channels": _list("NamedChannel"),
            "notes": _list("Note"),
        }
    ),
    "Answers": _object({"question": _text("What was asked."), "answers": _list("Answer")}),
    "Problem": _object({"error": _object({"code": _text("A stable code."), "message": _text("What to do.")})}),
}


def _responses(schema: str, *problems: int) -> dict[str, Any]:
    words = {400: "The question cannot be used.", 404: "There is none.", 429: "Too many; see Retry-After."}
    found = {"200": _response("The answer.", schema), "304": {"description": "Unchanged since the ETag sent."}}
    return found | {str(code): _response(words[code], "Problem") for code in problems}


def _response(words: str, schema: str) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {"description": words, "content": content}


def document(server: str) -> dict[str, Any]:
    """The description, for an installation at `server`."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Registry of official channels",
            "version": "1",
            "description": "Which channels speak for the body, and whether an address is one of them. Nobody signs in.",
        },
        "servers": [{"url": server}],
        "paths": {
            "/api/v1/channels": {
                "get": {
                    "operationId": "listChannels",
                    "summary": "The registry, page by page",
                    "parameters": [
                        _query("q", "Words in name, handle, address, department or purpose."),
                        _query("platform", "Code of a platform."),
                        _query("department", "Short name of a department."),
                        _query("state", "Only these.", enum=["official", "live", "paused", "closed"]),
                        _query("page", "Counts from 1.", default="1"),
                        _query("per_page", "1 to 200.", default="100"),
                    ],
                    "responses": _responses("Channels", 400, 404, 429),
                }
            },
            "/api/v1/channels/{id}": {
                "get": {
                    "operationId": "getChannel",
                    "summary": "One channel",
                    "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
                    "responses": _responses("Channel", 404, 429),
                }
            },
            "/api/v1/channels/verify": {
                "get": {
                    "operationId": "verify",
                    "summary": "Is this one official?",
                    "parameters": [
                        _query("q", "An address, a handle, or text that holds some.", maxLength=2000)
                        | {"required": True}
                    ],
                    "responses": _responses("Answers", 400, 429),
                }
            },
        },
        "components": {"schemas": _SCHEMAS},
    }
