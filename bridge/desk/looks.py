"""The routes that only look: feeds, a call as it stands, its time line, the stream of statuses."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import FastAPI, Header, Path, Query
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from bridge.desk import feeds, showing
from bridge.desk.description import STREAM
from bridge.desk.problems import BASE, ProblemError, ProblemType
from bridge.errors import BridgeError
from bridge.handling.answer_once import Asker, Named, version
from bridge.handling.looking import FeedMessage, Looked
from bridge.wire import offers, returns, statuses

if TYPE_CHECKING:
    from bridge.desk.api import Desk

Id = Annotated[str, Path(pattern=r"^[A-Za-z0-9_.:@-]{1,200}$")]
After = Annotated[str, Query(max_length=200, description="The cursor of the last answer.")]
Wait = Annotated[float, Query(ge=0, le=25, allow_inf_nan=False, description="Seconds to wait for something.")]
LastEventId = Annotated[str, Header(max_length=200, description="The id of the last event that was seen.")]


def add(app: FastAPI, desk: "Desk | None") -> None:
    """Add them all. Without a desk they can only be described."""
    routes: list[tuple[str, Callable[..., Any], str, Any, str]] = [
        ("/v1/offers", _offers(desk), "What this destination was sent.", showing.OfferPage, "destination"),
        ("/v1/news", _news(desk), "What 911 was told of its calls.", showing.NewsPage, "911"),
        ("/v1/transfers/{name}", _transfer(desk), "A transfer as it stands.", showing.ShownTransfer, "both"),
        ("/v1/incidents/{name}", _incident(desk), "An incident as it stands.", showing.ShownIncident, "911"),
        ("/v1/rescues/{name}", _side(desk, "rescue"), "Where a rescue stands.", showing.ShownSide, "both"),
        ("/v1/legs/{name}", _side(desk, "leg"), "Where a leg stands.", showing.ShownSide, "both"),
        ("/v1/consults/{name}", _side(desk, "consult"), "Where a consult stands.", showing.ShownSide, "both"),
        (
            "/v1/transfers/{name}/time-line",
            _time_line(desk, "transfer"),
            "What happened to a call, as far as it concerns this key.",
            showing.TimeLine,
            "both",
        ),
        (
            "/v1/incidents/{name}/time-line",
            _time_line(desk, "incident"),
            "What happened to a call.",
            showing.TimeLine,
            "911",
        ),
    ]
    for path, route, says, shows, tag in routes:
        app.add_api_route(
            path,
            route,
            summary=says,
            tags=[tag],
            responses={200: {"model": shows}},
            response_model=None,
        )
    app.add_api_route(
        "/v1/status/stream",
        _stream(desk),
        summary="Every change that this key may know of, as server-sent events.",
        tags=["both"],
        responses={200: STREAM},
        response_model=None,
    )
    app.add_api_route(BASE + "{code}", _problem, summary="What a problem's type means.", response_model=None)
    app.add_api_route(
        "/health", _health(desk), summary="Whether this desk can do its work.", response_model=None
    )


def _offers(desk: "Desk | None") -> Callable[..., Awaitable[Response]]:
    async def offers_of(request: Request, after: After = "", wait: Wait = 0) -> Response:
        assert desk is not None, "described only"
        asker = _destination(request)
        messages, cursor = await feeds.page(desk.look, desk.waiting, asker, "offer", after, wait)
        read = [offers.decode(desk.frames, message.content) for message in messages]
        return _json(showing.OfferPage(messages=read, cursor=cursor))

    return offers_of


def _news(desk: "Desk | None") -> Callable[..., Awaitable[Response]]:
    async def news_of(request: Request, after: After = "", wait: Wait = 0) -> Response:
        assert desk is not None, "described only"
        asker = _agency(request)
        messages, cursor = await feeds.page(desk.look, desk.waiting, asker, "return", after, wait)
        read = [returns.decode(desk.frames, message.content) for message in messages]
        return _json(showing.NewsPage(messages=read, cursor=cursor))

    return news_of


def _transfer(desk: "Desk | None") -> Callable[..., Awaitable[Response]]:
    async def transfer(request: Request, name: Id) -> Response:
        looked = await _looked(desk, request, "transfer", name)
        assert looked.transfer is not None, "it was named"
        response = _json(showing.shown(request.state.asker, looked.transfer))
        response.headers["ETag"] = f'"{version(looked.transfer)}"'
        return response

    return transfer


def _incident(desk: "Desk | None") -> Callable[..., Awaitable[Response]]:
    async def incident(request: Request, name: Id) -> Response:
        asker = _agency(request)
        return _json(showing.shown_incident(asker, await _looked(desk, request, "incident", name)))

    return incident


def _side(desk: "Desk | None", kind: str) -> Callable[..., Awaitable[Response]]:
    async def side(request: Request, name: Id) -> Response:
        looked = await _looked(desk, request, kind, name)
        beside = showing.shown_incident(request.state.asker, looked).beside
        found = next((each for each in beside if each.id == name), None)
        if found is None:
            raise ProblemError(ProblemType.NOT_THERE)
        return _json(found)

    return side


def _time_line(desk: "Desk | None", kind: str) -> Callable[..., Awaitable[Response]]:
    async def time_line(request: Request, name: Id) -> Response:
        assert desk is not None, "described only"
        asker = _agency(request) if kind == "incident" else _asker(request)
        lines = await desk.look.happened(asker, Named(kind, name))
        if lines is None:
            raise ProblemError(ProblemType.NOT_THERE)
        shown = [
            showing.Line(
                **{
                    **{name: getattr(line, name) for name in showing.Line.model_fields},
                    "holder": showing.holder_for(asker, line.holder, None),
                }
            )
            for line in lines
        ]
        return _json(showing.TimeLine(lines=shown))

    return time_line


def _stream(desk: "Desk | None") -> Callable[..., Awaitable[Response]]:
    async def stream(request: Request, last_event_id: LastEventId = "") -> Response:
        assert desk is not None, "described only"
        asker = _asker(request)
        events = feeds.stream(desk.look, desk.waiting, asker, last_event_id)
        first = await anext(events)  # a cursor that is none is a problem, not the end of a stream
        request.scope["state"]["streams"] = True

        async def lines() -> AsyncIterator[bytes]:
            yield _event(desk, asker, first)
            try:
                async for message in events:
                    yield _event(desk, asker, message)
            except BridgeError:  # whoever reads comes back with the last id
                return

        return StreamingResponse(
            lines(), media_type="text/event-stream", headers={"Cache-Control": "no-store"}
        )

    return stream


def _event(desk: "Desk", asker: Asker, message: FeedMessage | None) -> bytes:
    if message is None:
        return b": here\n\n"
    status = statuses.decode(desk.frames, message.content)
    said = showing.STATUS.dump_python(status, mode="json")
    said["holder"] = showing.holder_for(asker, status.holder, None)
    data = json.dumps(said, sort_keys=True)
    return f"id: {feeds.written(message.cursor)}\nevent: status\ndata: {data}\n\n".encode()


async def _problem(code: Annotated[str, Path(max_length=60)]) -> Response:
    for problem in ProblemType:
        if problem.code == code:
            said = {"type": problem.type, "status": problem.status, "title": problem.title}
            return Response(json.dumps(said), media_type="application/json")
    raise ProblemError(ProblemType.NOT_THERE)


def _health(desk: "Desk | None") -> Callable[..., Awaitable[Response]]:
    async def health() -> Response:
        assert desk is not None, "described only"
        await desk.look.answers()
        return Response('{"ledger": "answers"}', media_type="application/json")

    return health


async def _looked(desk: "Desk | None", request: Request, kind: str, name: str) -> Looked:
    assert desk is not None, "described only"
    looked = await desk.look.at(_asker(request), Named(kind, name))
    if looked is None:
        raise ProblemError(ProblemType.NOT_THERE)
    return looked


def _json(shown: Any) -> Response:
    return Response(
        shown.model_dump_json(), media_type="application/json", headers={"Cache-Control": "no-store"}
    )


def _asker(request: Request) -> Asker:
    asker: Asker = request.state.asker
    return asker


def _agency(request: Request) -> Asker:
    if _asker(request).agency is None:
        raise ProblemError(ProblemType.OTHER_SIDE)
    return _asker(request)


def _destination(request: Request) -> Asker:
    if _asker(request).destination is None:
        raise ProblemError(ProblemType.OTHER_SIDE)
    return _asker(request)
