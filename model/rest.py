"""Days on which nothing can happen: they pass in one go, and leave behind what they would have left one by one.

Once a matter is over, or where there never was one, most days of a long run are of that kind. Where a line is kept of
each day, or households live through it, no day is left out.
"""

import math
from typing import TYPE_CHECKING

from model.day import news_of

if TYPE_CHECKING:
    from model.simulation import EscalationModel


def days_at_rest(model: "EscalationModel") -> int:
    """Days from today on, each a tick, on which nothing can happen; 0 or less where something may.

    Nothing can happen before what is due next (`_next`), because

    - no demand stands, no lever of the coercer is in force, and nobody has anything to decide: an affront that is
      forgotten only fades, so that nobody will have before somebody acts, and nobody acts unasked;
    - nobody is a guest, held or on his way, nor are other guests in town;
    - no troops are out, which move and fight by orders alone, and nobody fought today;
    - the streets are quiet, and no network of the elite weighs whether to leave.

    What fades, lapses or lasts meanwhile does so in `let_pass`. The day before what is due is not among those at rest:
    it is lived as usual, so that all stand as they would when it comes.
    """
    crisis = model.crisis
    if crisis.in_force or crisis.open:  # the usual case: nobody need be asked
        return 0
    if model.settings.series or model.households is not None:
        return 0
    if any(decider.engaged for decider in model.deciders) or model.custody.pending or model.summit.present:
        return 0
    if model.theatre.restless or model.affairs.fighting:
        return 0
    if model.affairs.unrest_pressure() > 0.0 or model.opinion.plotting:
        return 0
    return math.ceil(_next(model)) - int(model.day) - 1


def _next(model: "EscalationModel") -> float:
    """Day of what is due next: something set in motion, a council, the verdict on a punishment, or the end."""
    due = [model.agenda.next_day, float(model.settings.days)]
    due += [bloc.next_council for bloc in model.blocs if bloc.next_council]
    if model.milestones.verdict_on is not None:
        due.append(model.milestones.verdict_on - 1.0)  # it is given at the end of a day
    return min(due)


def let_pass(model: "EscalationModel", days: int) -> None:
    """Let days at rest pass, each as it would: attention and affronts fade, calm lasts, the displaced come home."""
    for actor, decider in model.busy:
        for _ in range(days):
            if decider is not None:
                decider.due(1.0)
            actor.tick(1.0)
    for _ in range(days if model.theatre.displaced > 0.0 else 0):
        model.theatre.come_home(1.0)
    news = news_of(model, dead=0)
    for _ in range(days):
        before = model.opinion.stands
        model.opinion.step(news, 1.0)
        if model.opinion.stands == before:
            break  # what does not move for a day does not move at all, since the news are the same
    model.milestones.see_rest(days)
    model.day += days
    model.clock += days * model.settings.ticks_per_day
