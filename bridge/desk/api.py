"""The HTTP API, made of its tables: a route for each verb, and the few that only look.

Everything that people do becomes a signal and is heard like one that Kafka brought. `door` stands before it.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import FastAPI, Header, Path
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bridge.desk import looks, saying
from bridge.desk.description import describe
from bridge.desk.door import Bounds, Door
from bridge.desk.feeds import Waiting
from bridge.desk.known_keys import KnownKeys
from bridge.desk.limits import Limits
from bridge.desk.problems import ProblemError, ProblemType, key_missing
from bridge.desk.showing import Answer, answered, etag_of
from bridge.desk.signals import check, signal_of, speaks_as
from bridge.desk.verbs import VERBS, About, Side, Verb
from bridge.errors import LedgerLostError
from bridge.handling.answer_once import Asker, Kept, Named, Not, Noted, answer_once
from bridge.handling.answer_once import Request as Deed
from bridge.handling.context import Handling
from bridge.handling.looking import Look
from bridge.wire.frames import Frames

Named_ = Annotated[str, Path(pattern=r"^[A-Za-z0-9_.:@-]{1,200}$")]
IdempotencyKey = Annotated[
    str,
    Header(min_length=1, max_length=200, pattern=r"^[\x21-\x7e]+$", description="The same on every retry."),
]
IfMatch = Annotated[str, Header(max_length=100, description="The version the transfer must still have.")]

_NOT = {
    Not.IN_FLIGHT: ProblemType.IN_FLIGHT,
    Not.REUSED: ProblemType.IDEMPOTENCY_REUSED,
    Not.THERE: ProblemType.NOT_THERE,
    Not.UNCHANGED: ProblemType.CHANGED,
}


@dataclass(frozen=True, slots=True)
class Desk:
    """What the routes work with. `deeds` and `look` have connections of their own each."""

    deeds: Handling
    look: Look
    frames: Frames
    waiting: Waiting


def make_api(desk: Desk, limits: Limits, bounds: Bounds) -> Door:
    """The whole API behind its door, for a server."""
    return Door(
        the_app(desk),
        whose=desk.look.whose,
        whose_in_a_hurry=KnownKeys(Look(desk.deeds).whose),
        limits=limits,
        bounds=bounds,
        metrics=desk.deeds.metrics,
    )


def the_app(desk: Desk | None) -> FastAPI:
    """The routes. Without a desk they can only be described."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url="/v1/openapi.json")
    describe(app)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(ProblemError, _problem)
    app.add_exception_handler(LedgerLostError, _away)
    app.add_exception_handler(Exception, _defect)
    for verb in VERBS:
        app.add_api_route(
            verb.path,
            _does(desk, verb),
            methods=["POST"],
            operation_id=verb.title,
            summary=verb.says,
            tags=[{Side.EITHER: "both"}.get(verb.side, verb.side.value)],
            responses={200: {"model": Answer}},
            response_class=JSONResponse,
        )
    app.add_api_route(
        "/v1/offers/{message_id}/acknowledge",
        _acknowledges(desk),
        methods=["POST"],
        operation_id="offer_acknowledge",
        summary="A message of the feed has arrived, or was read by a person.",
        tags=["both"],
        responses={200: {"model": Answer}},
    )
    looks.add(app, desk)
    return app


def _does(desk: Desk | None, verb: Verb) -> Callable[..., Any]:
    """The route of one verb."""

    async def does(
        request: Request,
        said: Any,
        idempotency_key: IdempotencyKey,
        name: str = "",
        if_match: str = "",
    ) -> Response:
        assert desk is not None, "described only"
        asker = _of_side(request, verb.side)
        check(verb, said, asker)
        named = _named(desk, verb, said, asker, name)
        return await _once(
            desk,
            request,
            Deed(
                idempotency=_bare(idempotency_key),
                digest=await _digest(request),
                named=named,
                deed=lambda begun, found: signal_of(
                    verb, said, asker, _bare(idempotency_key), name, begun, found
                ),
                rendered=lambda heard, _: answered(asker, heard),
                unchanged=_version(if_match) if verb.about is About.TRANSFER else "",
                speaks_as=speaks_as(said, asker),
            ),
        )

    return _with_parameters(does, verb)


def _with_parameters(does: Callable[..., Any], verb: Verb) -> Callable[..., Any]:
    """The same route with the parameters that this verb has, as FastAPI reads them."""
    kind = verb.about.kind

    async def of_named(
        request: Request, said: Any, idempotency_key: Any, name: Any, if_match: Any = ""
    ) -> Response:
        response: Response = await does(request, said, idempotency_key, name, if_match)
        return response

    async def of_nothing(request: Request, said: Any, idempotency_key: Any) -> Response:
        response: Response = await does(request, said, idempotency_key)
        return response

    route = of_named if kind else of_nothing
    route.__annotations__ |= {"said": verb.body, "idempotency_key": IdempotencyKey}
    if kind:
        alias = Path(alias=f"{kind}_id", pattern=r"^[A-Za-z0-9_.:@-]{1,200}$")
        route.__annotations__ |= {"name": Annotated[str, alias], "if_match": IfMatch}
    return route


def _acknowledges(desk: Desk | None) -> Callable[..., Any]:
    async def acknowledges(
        request: Request, message_id: Named_, said: saying.Acknowledge, idempotency_key: IdempotencyKey
    ) -> Response:
        assert desk is not None, "described only"
        asker = _of_side(request, Side.EITHER)
        noted = Noted("message.read" if said.read else "message.delivered", message_id)
        deed = Deed(
            idempotency=_bare(idempotency_key),
            digest=await _digest(request),
            named=Named("message", message_id),
            deed=lambda *_: noted,
            rendered=lambda heard, _: answered(asker, heard),
        )
        return await _once(desk, request, deed)

    return acknowledges


async def _once(desk: Desk, request: Request, deed: Deed) -> Response:
    asker: Asker = request.state.asker
    kept_of = deed.rendered
    whole = replace(deed, rendered=lambda heard, found: replace(kept_of(heard, found), request=deed.digest))
    said = await answer_once(desk.deeds, asker, whole)
    if said is Not.KEY:
        raise key_missing()
    if isinstance(said, Not):
        raise ProblemError(_NOT[said])
    kept, before = said
    return _answer(kept, before=before)


def _answer(kept: Kept, *, before: bool) -> Response:
    headers = {**etag_of(kept.body), **({"Idempotent-Replayed": "true"} if before else {})}
    done = kept.status < 400
    media_type = "application/json" if done else "application/problem+json"
    return Response(kept.body, status_code=kept.status, headers=headers, media_type=media_type)


def _of_side(request: Request, side: Side) -> Asker:
    asker: Asker = request.state.asker
    theirs = Side.NINE_ONE_ONE if asker.agency is not None else Side.DESTINATION
    if side not in {theirs, Side.EITHER}:
        raise ProblemError(ProblemType.OTHER_SIDE)
    return asker


def _named(desk: Desk, verb: Verb, said: saying.Said, asker: Asker, name: str) -> Named | None:
    if verb.about.kind:
        return Named(verb.about.kind, name)
    if isinstance(said, saying.OfACall):
        if said.transfer_id is not None:
            return Named("transfer", said.transfer_id)
        if said.agency not in desk.deeds.rules().policies:
            raise ProblemError(ProblemType.INVALID, "agency: is none that this bridge serves")
    return None


def _version(if_match: str) -> str:
    """The version that must still be; `*` is any."""
    tag = if_match.strip()
    return "" if tag == "*" else tag.removeprefix("W/").strip('"')


def _bare(idempotency_key: str) -> str:
    """The key itself: the draft standard writes it as a quoted string."""
    quoted = len(idempotency_key) > 2 and idempotency_key[0] == idempotency_key[-1] == '"'
    return idempotency_key[1:-1] if quoted else idempotency_key


async def _digest(request: Request) -> bytes:
    body = await request.body()
    return hashlib.sha256(f"{request.method} {request.url.path}\n".encode() + body).digest()


async def _invalid(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    place = [str(part) for part in first["loc"]]
    if first["type"] == "json_invalid":
        return ProblemError(ProblemType.MALFORMED, "body: is no JSON").response()
    if place == ["header", "idempotency-key"] and first["type"] == "missing":
        return ProblemError(ProblemType.IDEMPOTENCY_MISSING).response()
    if place[0] == "path":
        return ProblemError(ProblemType.NOT_THERE).response()
    return ProblemError(ProblemType.INVALID, f"{_field(first)}: {_rule(first)}").response()


def _field(error: Any) -> str:
    """The field, of those that we know; what somebody else called theirs is not repeated."""
    known = [str(part) for part in error["loc"][1:]]
    if error["type"] == "extra_forbidden" or any(part == "[key]" for part in known):
        known = known[:1] if len(known) > 1 and error["type"] != "extra_forbidden" else known[:-1]
    if len(known) > 1 and known[0] in {"learnt"}:
        known = known[:1]
    if len(known) > 2 and known[0] == "call" and known[1] in {"answers", "codes"}:
        known = known[:2]
    return ".".join(known) or "body"


def _rule(error: Any) -> str:
    """The rule, without the value that broke it."""
    if error["type"] == "extra_forbidden":
        return "holds a field that nobody knows"
    own = error["type"] == "value_error"
    return str(error["ctx"]["error"]) if own else f"breaks {error['type']}"


async def _http(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    problem = {404: ProblemType.NOT_THERE, 405: ProblemType.METHOD}.get(
        error.status_code, ProblemType.MALFORMED
    )
    return ProblemError(problem, headers=error.headers or {}).response()


async def _away(_: Request, __: Exception) -> Response:
    return ProblemError(ProblemType.LEDGER_AWAY, headers={"Retry-After": "1"}).response()


async def _defect(_: Request, __: Exception) -> Response:
    return ProblemError(ProblemType.DEFECT).response()


async def _problem(_: Request, error: Exception) -> Response:
    assert isinstance(error, ProblemError)
    return error.response()
