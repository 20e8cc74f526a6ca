"""What stands around the table in the Promela model: the same rules as handling, in Spin's language.

A turn is one step (`d_step`), as it is one transaction on the ledger; `told` is what the newest message to
911 in that transaction says of the holder. The names in angle brackets are filled in from the table.
Defining `TELLS_LATER`, `FORGETS` or `CLOSES_LATE` seeds a fault around the table.
"""

FRAME = """\
/* One call, two hotlines. Printed by `bridge tables promela` from the table that runs. */
<NUMBERS>

#define NONE 0
#define NINE_ONE_ONE 0
#define WAITING(s) (<WAITING>)
#define HOLDING(s) (<HOLDING>)
#define ENDED(s) (<ENDED>)
#define HANDS_ON(s) (<HANDS_ON>)
#define GIVEN_UP(s) ((s) == S_RETURNED || (s) == S_CLOSED)
#define SETTLES(s) (GIVEN_UP(s) || (s) == S_RECALLED || (s) == S_WITHDRAWN || (s) == S_ABANDONED)
#define MOVES(kind) ((kind) == K_VOICE_CONTACT || (kind) == K_CLAIMED)
#define HOLDS(t) HOLDING(transfer[t])

/* The ledger. A transfer's hotline has its number plus one; 911 is 0. */
byte transfer[2] = NONE;
bit agreed[2];
bool voice, settled, handed;    /* handed: the first hotline asked for the second */
byte holder = NINE_ONE_ONE;
byte told = NINE_ONE_ONE;       /* who has the call, as 911 was last told */
bit applied[2];                 /* ids that were applied */

/* Seen from outside after each turn. `unheard`: a hotline has the call and nobody was reminded of it. */
bool waits[2], unheard[2];

/* What must not happen. */
bool wrong_holder, moved_without_a_word, talks_and_has_it_not, revived, twice;

/* At most one message is under way, and one that comes again later. Whoever speaks says anything in any
   order, so that a longer queue would add nothing. */
chan wire = [1] of { byte, bit, bit, bit };     /* kind, transfer, whether a call-back is agreed, id */
byte copy_kind; bit copy_transfer, copy_agreeing, copy_id; bool copied;

/* Only used inside a step. */
hidden byte was, to, held_by, other, other_to;
hidden byte agrees, ok, tells, alarms, next, other_ok, other_tells, other_alarms, other_next;

/* The table: what `kind` makes of the state `was`. Nothing matches: refused. */
inline cell(from_, said, agreed_, to_, ok_, tells_, alarms_, next_) {
    ok_ = false; tells_ = false; alarms_ = false; next_ = false; to_ = from_;
    if
    <CELLS>
    :: else -> skip
    fi
}

/* The transfer as it stands after, and who holds the call because of it. */
inline put(whose, by, after) {
    held_by = holder;
    if
    :: HOLDING(after) -> holder = whose + 1
    :: after == S_RETURNED -> holder = NINE_ONE_ONE
    :: else -> skip
    fi;
    if
    :: holder == held_by -> skip
    :: holder != held_by && holder != NINE_ONE_ONE && MOVES(by) -> skip
    :: holder != held_by && holder == NINE_ONE_ONE && by == K_RETURN_TAKEN -> skip
    :: else -> moved_without_a_word = true
    fi;
    if
    :: ENDED(transfer[whose]) && after != transfer[whose] -> revived = true
    :: else -> skip
    fi;
    if
    :: after != transfer[whose] -> unheard[whose] = HOLDING(after)
    :: else -> skip
    fi;
    transfer[whose] = after
}

#define HAS_IT(t) (HOLDS(t) || transfer[t] == S_CLOSED)
#define RIGHT(t) ((holder != t + 1 || HAS_IT(t)) && (!HOLDS(t) || holder == t + 1))

inline look() {
    waits[0] = WAITING(transfer[0]);
    waits[1] = WAITING(transfer[1]);
    wrong_holder = wrong_holder || !RIGHT(0) || !RIGHT(1)
}

inline tell_911() {
#ifndef TELLS_LATER
    told = holder
#else
    skip
#endif
}

/* What a step of one transfer makes of the other. */
inline follow(its, given) {
    other = transfer[its];
    cell(other, given, agreed[its], other_to, other_ok, other_tells, other_alarms, other_next);
    if
    :: other_ok -> put(its, given, other_to)
    :: else -> skip
    fi
}

/* One signal and all that follows from it, as handling advances a transfer. */
inline advance(one, sign, agreeable) {
    was = transfer[one];
    agrees = agreed[one] || agreeable;
    cell(was, sign, agrees, to, ok, tells, alarms, next);
    if
    :: ok ->
        agreed[one] = agrees;
#ifndef CLOSES_LATE
        if
        :: WAITING(was) && HOLDING(to) && HOLDS(1 - one) ->       /* whoever handed on has done their part */
            follow(1 - one, K_CLOSED)
        :: else -> skip
        fi;
#endif
        put(one, sign, to);
        if
        :: alarms -> unheard[one] = false
        :: else -> skip
        fi;
        if
        :: MOVES(sign) && WAITING(was) && holder != one + 1 -> talks_and_has_it_not = true
        :: else -> skip
        fi;
        if
        :: to != was && SETTLES(to) && (one == 0 || !handed || GIVEN_UP(to)) -> settled = true
        :: else -> skip
        fi;
        if
        :: tells -> tell_911()
        :: else -> skip
        fi;
        if
        :: HOLDING(was) && (!HOLDING(to) || to == S_RETURNING) && handed && WAITING(transfer[1 - one]) ->
            /* nobody is asked for somebody who has the call no more */
            follow(1 - one, K_RECALLED)
        :: next && one == 0 && transfer[1] == NONE && !settled ->
            transfer[1] = S_OFFERED;
            told = holder
        :: else -> skip
        fi
    :: else -> skip
    fi
}

/* The first hotline asks the second; it holds the call until the second has it. */
inline hand_on(mine) {
    if
    :: mine == 0 && HANDS_ON(transfer[0]) && transfer[1] == NONE ->
        transfer[1] = S_OFFERED;
        handed = true;
        told = holder
    :: else -> skip
    fi
}

/* Reads, writes one transaction, acknowledges; may die before the COMMIT, and before it acknowledges. */
active proctype Worker() {
    byte kind; bit t, agreeing, id;
    do
    :: atomic { wire?<kind, t, agreeing, id> ->
        if
        :: skip                                     /* dies before the COMMIT: nothing was written */
        :: d_step {
            if
#ifndef FORGETS
            :: applied[id] -> skip
#endif
            :: else ->
                if
                :: applied[id] -> twice = true
                :: else -> skip
                fi;
                applied[id] = 1;
                if
                :: kind == K_HANDED_ON -> hand_on(t)
                :: kind != K_HANDED_ON && transfer[t] != NONE -> advance(t, kind, agreeing)
                :: else -> skip
                fi;
                look()
            fi };
            if
            :: wire?kind, t, agreeing, id           /* acknowledged */
            :: skip                                 /* dies first, starts again, reads it again */
            fi
        fi;
        kind = 0; t = 0; agreeing = 0; id = 0 }
#ifdef TELLS_LATER
    :: told != holder -> told = holder
#endif
    od
}

/* Hotlines, 911 and the bridge's own screening and channels; a message may be lost, and may come again. */
active proctype World() {
    byte kind; bit t, agreeing;
    do
    :: atomic { empty(wire) ->
        if
        <SAYINGS>
        fi;
        if
        :: t = 0
        :: transfer[1] != NONE -> t = 1
        fi;
        applied[1 - copy_id] = 0;
        if
        :: wire!kind, t, agreeing, 1 - copy_id
        :: skip                                     /* lost */
#ifdef COMES_AGAIN
        :: wire!kind, t, agreeing, 1 - copy_id;     /* and another of it is under way */
            copy_kind = kind; copy_transfer = t; copy_agreeing = agreeing; copy_id = 1 - copy_id;
            copied = true
#endif
        fi;
        kind = 0; t = 0; agreeing = 0 }
    :: atomic { copied && empty(wire) -> wire!copy_kind, copy_transfer, copy_agreeing, copy_id;
        copied = false; copy_kind = 0; copy_transfer = 0; copy_agreeing = 0 }
    od
}

/* A deadline passes at any time while a transfer is under way, and at some time it does. */
proctype Clock(bit t) {
    do
    :: d_step { WAITING(transfer[t]) || HOLDING(transfer[t]) -> advance(t, K_DEADLINE, 0); look() }
    od
}

init {
    atomic {
        if
        :: voice = true
        :: voice = false
        fi;
        if
        :: transfer[0] = S_PROPOSED
        :: transfer[0] = S_OFFERED
        fi;
        waits[0] = true;
        run Clock(0);
        run Clock(1)
    }
}

ltl one_holder { [] !wrong_holder }
ltl a_word_moves_it { [] !moved_without_a_word }
ltl who_talks_holds { [] !talks_and_has_it_not }
ltl told_at_once { [] (told == holder) }
ltl an_end_stays { [] !revived }
ltl applied_once { [] !twice }
ltl the_first_wait_ends { [] (waits[0] -> <> !waits[0]) }
ltl the_second_wait_ends { [] (waits[1] -> <> !waits[1]) }
ltl silence_alarms { [] (unheard[0] -> <> !unheard[0]) && [] (unheard[1] -> <> !unheard[1]) }
"""
