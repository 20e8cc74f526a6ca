"""Every key of a policy's and a destination's file, said in a sentence to whoever writes one.

The editor's schemas and the reference in the documents are both printed from here; a test compares the keys
with those of the dataclasses, so that none is missing and none is left over.
"""

from collections.abc import Mapping

CONDITIONS: Mapping[str, str] = {
    "call_types": "CAD's codes of call types; any one will do. Upper and lower case are the same.",
    "determinants": "Scripted determinants: `25-A-1`, a level `25-A-*` or a card `25-*`, without suffix.",
    "fields": "Coded fields of CAD by name, each with the codes that count: a drop-down, a colour, a level.",
    "answers": 'Coded answers that must have been given: `{ mediation_ok = "yes" }`.',
    "typed": "Short codes that the call taker types into the narrative, each a word by itself.",
    "words": "Words of the narrative, one of which must be said and not denied. `walk*` finds walking",
    "unless_words": "Words of the narrative, none of which may be said.",
    "topics": "What the narrative is about, by the shared word lists: `conflict`, `behavioral` ...",
    "channels": "The way in: 911, the non-emergency line, 311, an officer ...",
    "channel_codes": "CAD's own codes for the way in, or the number that was dialled.",
    "priorities": "The agency's own priority numbers.",
    "cautions": "Codes of caution notes on the address, the number or the person; `*`: any of them.",
    "waiting_minutes": "The call has waited so long, and nobody was sent.",
    "hours": "Days and times at which it holds; without any, always.",
    "districts": "The agency's codes of districts; one of these, or one of `areas`.",
    "areas": "Names from the file's `[areas]`; one of these, or one of `districts`.",
    "caller": "What must be known of the caller.",
}
"""What every clause with conditions can say. All that are written must be met."""

_CLAUSE: Mapping[str, str] = {
    "id": "The clause's name in every reason, report and count. Keep it when only the text changes.",
    "sentence": "What the clause says, in a sentence for people. Call takers and planners read it.",
    "reference": "Where the rule comes from: a page of a protocol, an agreement, a meeting.",
}

KEYS: Mapping[str, Mapping[str, str]] = {
    "Policy": {
        "extends": "A policy file that this one is written over, from this file's folder.",
        "remove": "Ids of the base's clauses that are left out.",
        "agency": "The agency's domain name, as CAD's events give it.",
        "name": "The policy's name; all its versions carry it.",
        "version": "This version's name, different from every other version's.",
        "effective": "The instant from which it decides, with its offset: `2026-03-02T07:00:00-06:00`.",
        "timezone": "Where its hours are meant, by its IANA name: `America/Chicago`.",
        "holidays": 'Days on which nothing opens that has hours, unless its hours say `holidays = "open"`.',
        "shape": "`all-noes`: every demanded question needs its no. `default-types`: the type is enough.",
        "printed_answers": "Whether answers count that a scripted protocol printed in the notes.",
        "introductions": "What a call taker must have said before a release counts as warm.",
        "recorded": "Ways in whose calls are only recorded, never screened: they stay with 911.",
        "learns_of_hotlines": "Fields that 911 is told of a call that began at a hotline; more of a rescue.",
        "learnt": "Fields that 911 is told of what was learnt of a call that comes back.",
        "confirm": "Verdicts that a call taker confirms before anybody is asked; `review` always is.",
        "supervisor": "Who at 911 is told of a caller that was passed between 911 and hotlines three times.",
        "where": "The part of the agency's ground that it is for; without it, all.",
        "areas": "Names for pieces of ground, each with the path of its GeoJSON file.",
        "about": "For people only: nothing decides by it.",
        "scope": "Which calls may go, and to whom.",
        "limit": "What the program takes upon itself: calls that do not meet it are not for it.",
        "answer": "Types that answer questions by their definition.",
        "recategory": "Calls that are screened as another type as well.",
        "disqualifier": "The dangers that keep a call with 911. Each of the four needs at least one.",
        "units": "Which of CAD's units are the community's, the police's, EMS ...; others are no legs.",
        "pairing_seconds": "How long a leg of a tandem may be without a unit before both sides are told.",
    },
    "Units": {
        "types": 'CAD\'s kinds of units: `{ PATROL = "police", MEDIC = "ems", CRT = "community" }`.',
        "ids": 'Call signs, or patterns of them, which are asked first: `{ "CRT*" = "community" }`.',
    },
    "TandemWith": {
        "kind": "Who goes along; without it EMS for the medical danger, police for the others.",
        "mode": "Who goes first; the others stand by. `relief`: officers stay until the responders come.",
        "after_contact": "Whether they are asked for as well while a destination has the caller.",
    },
    "Where": {
        "districts": "The agency's codes of districts.",
        "areas": "Names from `[areas]`.",
    },
    "About": {
        "program": "The program's name.",
        "model": "Who decides and who sends.",
        "shows": "What this file shows that others do not.",
        "sources": "Public addresses that it was written from.",
    },
    "When": CONDITIONS,
    "ScopeClause": {
        **_CLAUSE,
        "verdict": "`offer`: it goes. `recommend`: the call taker decides. `review`: a person reads first.",
        "any_call_type": "Written where the clause is not about certain types.",
        "need": "The agency's word for what these calls need, such as `behavioral-health` or `conflict`.",
        "shape": "As the policy's, for these calls only.",
        "kind": "`voice`: the caller is handed over. `data`: nobody waits. `auto`: by what is known.",
        "route": "Ids of destinations, in the order in which they are asked.",
        "say": "What the call taker tells the caller about who is next.",
    },
    "LimitClause": {
        **_CLAUSE,
        "scopes": "Ids of the scope clauses that it limits; without any, all.",
        "destinations": "Ids of destinations that it is about; without any, all.",
        "needs": "The only needs that it lets through.",
        "never": "Conditions that no call may meet.",
    },
    "AnswerClause": {
        **_CLAUSE,
        "gives": 'Questions with the answer that the type gives by its definition: `{ weapon = "no" }`.',
    },
    "RecategoryClause": {
        **_CLAUSE,
        "as_call_type": "The call type that these calls are screened as, too.",
        "as_determinant": "The determinant that these calls are screened as, too.",
        "verdict": "The most that may come of it.",
    },
    "DisqualifierClause": {
        **_CLAUSE,
        "danger": "Which of the four dangers.",
        "questions": "CAD's codes of the question, any of which asks it.",
        "asks": "The question's wording, for the call taker.",
        "unanswered": "What becomes of an all-noes call when nobody answered; empty: no answer is demanded.",
        "makes": "What the danger makes of a call.",
        "tandem_for": "Ids of scope clauses whose calls it makes tandem: responders and police or EMS.",
        "tandem": "Who goes along with the responders for this danger, and who goes first.",
        "destinations": "Ids of the only destinations that it rules out.",
        "unless_skills": "Skills, one of which a destination needs to take the call all the same: `medic`.",
        "unless": "Conditions under which it is no danger here.",
        "words": "Words of the narrative that name the danger. `knif*` is any word that begins so.",
        "denials": "Words that deny it as they stand, such as `verbal only`.",
        "shared": "Whether it hears the shared word lists of its danger, too.",
        "without": "Ids of entries of the shared word lists that it does not hear.",
        "only": "Ids of the only entries of the shared word lists that it hears.",
        "doubtful": "What a narrative makes that only says it may be so; empty: as much as `makes`.",
        "call_types": "Call types that are the danger by their name.",
        "determinants": "Determinants that are the danger by their name.",
        "determinant_suffixes": "Letters behind a determinant that name the danger, such as V or W.",
        "fields": "Coded fields of CAD by name, each with the codes that are the danger.",
        "typed": "Short codes that stand alone in a note and are the danger.",
        "cautions": "Codes of caution notes that are the danger; `*`: any of them.",
        "dispositions": "Codes of outcomes that are the danger.",
        "priorities": "The agency's own priority numbers that are the danger.",
        "unit_kinds": "Kinds of units whose being on scene is the danger.",
        "caller_wants_police": "Whether it is the danger that the caller asks for police.",
    },
    "CallerRule": {
        "min_age": "The youngest, in years. An unknown age does not do.",
        "max_age": "The oldest, in years.",
        "consent": "The caller has agreed.",
        "first_party": "The caller is the person in need.",
    },
    "Hours": {
        "timezone": "Where the times are meant; else the policy's. A destination's are UTC without it.",
        "spans": "Days and times; without any, always open.",
        "closed_on": "Days on which nothing opens.",
        "holidays": "`open`: the file's `holidays` do not count here.",
    },
    "Span": {
        "days": "The days on which it opens.",
        "opens": "The time of day at which it opens.",
        "closes": "The time of day at which it closes; earlier than `opens`, on the next day.",
    },
    "Destination": {
        "id": "Its name in routes, topics and reports.",
        "name": "Its name for people.",
        "channel": "How offers reach it, such as `kafka`.",
        "address": "Where offers reach it; what that is belongs to the channel.",
        "privacy": "What it may be told.",
        "kinds": "`voice`, `data` or both.",
        "waits": "How long each waiting state lasts at most.",
        "hours": "When it is open; without any, always.",
        "skills": "Free words for what it can do, such as `medic`.",
        "accepts": "What it takes, as agreed with it.",
        "capacity": "How many calls it can have at once.",
        "heartbeat_seconds": "Its system is heard at least so often; silent for longer, it is not asked.",
        "away": "Times in which it is not asked, with their offsets: `[{ begins = ..., ends = ... }]`.",
        "teams": "Ids of destinations that are told at once; the first to claim has the call.",
        "expected_wait": "How long a caller waits for somebody, in seconds.",
        "phone": "What a call taker dials to hand a caller over; it stands on the sheet.",
        "practice_address": "Where practice calls go; without it they go nowhere.",
        "holidays": 'Days on which nothing opens that has hours, unless its hours say `holidays = "open"`.',
    },
    "Away": {
        "begins": "The instant from which it is not asked.",
        "ends": "The instant at which it is back.",
    },
    "Privacy": {
        "fields": "Parts of the offer that may leave, by name.",
        "location": "How exactly it may know where the caller is.",
    },
    "Acceptance": {
        "signed_by": "Who there agreed to it, by role.",
        "signed_on": "On which day.",
    },
}
"""Each kind of section, by the name of its dataclass; what belongs to a condition stands in `When` only."""

WRITTEN_ONLY = ("extends", "remove", "holidays")
"""Keys of a file that are gone when it is loaded."""

NEVER_WRITTEN = ("digest", "lexicon")
"""What a loaded policy has, and no file says."""
