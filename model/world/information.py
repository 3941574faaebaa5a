"""What people believe: the coercer's story, the legitimacy of their government, the loyalty of its elite.

Belief in a story moves by `sum over channels reach * trust * (message - belief)` (a DeGroot process
with media as sources; DeGroot 1974). Four channels reach the people: the coercer's television, the
state's, the net, and word from migrants. Legitimacy and loyalty are slow and react to what people lose
and to who is seen to lose.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from model.numbers import section
from model.world.elites import Elites

CHANNELS = ("coercer_tv", "state_tv", "net", "migrants")


@dataclass(slots=True)
class News:
    """A day's news. Shares and levels 0-1, `deaths` civilians killed that day per million people."""

    crisis: bool
    propaganda: float
    state_voice: float
    internet: float
    attacked: bool
    hardship: float
    deaths: float
    concession: float
    support: float
    pay_arrears: float
    danger: float


class Opinion:
    """Opinion of the people and the elite: `story` (share holding the coercer's story), `legitimacy`, `loyalty`.

    All in 0-1. `n` are the sampled numbers of the run; reach and trust of the channels are read from
    the households' situation, the speeds from the section `information`. elites: makes the networks of an elite of
    the loyalty given; without it loyalty drifts as one.
    """

    def __init__(
        self,
        n: Mapping[str, float],
        households: str | None,
        government: str | None,
        elites: Callable[[float], Elites] | None = None,
    ) -> None:
        self._n = section(n, "information")
        self._pull = [0.0 for _ in CHANNELS]  # of each channel, a day
        if households:
            pulls = [n[f"{households}.reach_{c}"] * n[f"{households}.trust_{c}"] for c in CHANNELS]
            self._pull = [pull * self._n["speed"] for pull in pulls]
        self._heard = any(self._pull)  # where no channel reaches anybody no story spreads
        self.story = n[f"{households}.story_at_start"] if households else 0.0
        self.legitimacy = n[f"{government}.legitimacy"] if government else 0.0
        self.loyalty = n[f"{government}.elite_loyalty"] if government else 0.0
        self._elites = elites(self.loyalty) if elites else None
        self.loyalty = self._elites.loyalty if self._elites else self.loyalty
        self._rest = (self.story, self.legitimacy, self.loyalty)
        self._days = 0

    @property
    def blame_coercer(self) -> float:
        """Share of the blame for hardship that falls on the coercer: who does not hold its story blames it."""
        return 1.0 - self.story

    @property
    def staying(self) -> float:
        """Share of the elite's networks that stay against that at rest; 1 where the elite is no networks."""
        return self._elites.staying if self._elites else 1.0

    @property
    def plotting(self) -> bool:
        """Whether the elite is networks, which weigh every day whether to leave."""
        return self._elites is not None

    def overthrow(self, danger: float) -> float:
        """Pressure on the government from within, 0-1: networks turn on one that looks lost; a drift has no plot."""
        return danger if self._elites else 0.0

    def _spread(self, news: News, days: float) -> None:
        """Move belief in the coercer's story by what each channel says, in the order of CHANNELS."""
        rest, story = self._rest[0], self.story
        coercer_tv, state_tv, net, migrants = self._pull
        story += coercer_tv * days * (max(rest, news.propaganda) - story)
        story += state_tv * days * (1.0 - news.state_voice - story)
        story += net * news.internet * days * ((0.0 if news.attacked else rest) - story)
        story += migrants * days * (max(rest, news.propaganda * self._n["migrants_repeat"]) - story)
        self.story = min(max(story, 0.0), 1.0)

    @property
    def stands(self) -> tuple[float, float, float]:
        """Story, legitimacy and loyalty as they stand."""
        return self.story, self.legitimacy, self.loyalty

    def step(self, news: News, days: float) -> None:
        """Move opinion by `days` of the given news."""
        n = self._n
        if news.crisis and self._heard:
            self._spread(news, days)
        rally = n["rally"] * self.blame_coercer if news.attacked else 0.0
        lost = n["legitimacy_hardship"] * news.hardship * self.story
        if news.concession > 0.0:
            lost += n["legitimacy_concession"] * news.concession * (1.0 - self.story)
        target = min(max(self._rest[1] + rally - lost, 0.0), 1.0)
        self.legitimacy += (target - self.legitimacy) * min(n["legitimacy_speed"] * days, 1.0)
        if news.deaths > 0.0:  # felt at once
            self.legitimacy = max(self.legitimacy - n["legitimacy_deaths"] * news.deaths, 0.0)
        doubt = n["loyalty_danger"] * news.danger * (1.0 - news.support)
        doubt += n["loyalty_arrears"] * news.pay_arrears / 30.0 + n["loyalty_hardship"] * news.hardship
        if self._elites:
            self._elites.step(self._days, doubt, days)
            self._days += 1
            self.loyalty = self._elites.loyalty
        else:
            target = min(max(self._rest[2] - doubt, 0.0), 1.0)
            self.loyalty += (target - self.loyalty) * min(n["loyalty_speed"] * days, 1.0)
