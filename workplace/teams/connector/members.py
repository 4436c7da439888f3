"""Who is in a conversation. Bots are not among them."""

from workplace.shapes import Json, JsonList
from workplace.teams.connector.call import Call
from workplace.teams.records import Person
from workplace.teams.refusals import Refused

LARGEST_PAGE = 500
USUAL_PAGE = 200


def everybody(call: Call) -> JsonList:
    return [_member(call, person) for person in _here(call)]


def one(call: Call) -> Json:
    wanted = call.tenant.somebody(call.place["member"])
    if wanted is None or wanted not in _here(call):
        raise Refused(404, "MemberNotFoundInConversation", "The member is not in the conversation.")
    return _member(call, wanted)


def paged(call: Call) -> Json:
    """Return one page; the token for the next is opaque, and absent after the last."""
    people = _here(call)
    try:
        size = int(call.query.get("pageSize") or USUAL_PAGE)
        start = int(call.query.get("continuationToken") or "0", 16)
        if start < 0:
            raise ValueError("before the first")
    except ValueError as error:
        raise Refused(400, "BadArgument", "The page is malformed.") from error
    size = max(1, min(size, LARGEST_PAGE))
    page: Json = {"members": [_member(call, person) for person in people[start : start + size]]}
    if start + size < len(people):
        page["continuationToken"] = f"{start + size:08x}"
    return page


def _here(call: Call) -> list[Person]:
    return call.tenant.members(call.open_to_bot(call.conversation()))


def _member(call: Call, person: Person) -> Json:
    given, _, surname = person.name.partition(" ")
    address = f"{person.id}@alvsunda.example"
    return {
        "id": person.teams_id,
        "name": person.name,
        "objectId": person.id,
        "aadObjectId": person.id,
        "givenName": given,
        "surname": surname,
        "email": address,
        "userPrincipalName": address,
        "tenantId": call.tenant.id,
        "userRole": "user",
    }
