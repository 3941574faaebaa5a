"""Audiences: commitment made in public, the affront, and ways out that save a face.

Public demands and ultimata tie hands: backing down costs more, the more was said (Fearon 1994), and
less where a mediator or a legal formula lets both sides explain it (Putnam 1988 on side payments at
home). The affront is what the coercer feels it must answer even after its demand is met: it falls
when the way out saved its face, when it has been answered, and with time. Both the punishment after
compliance of 2006 and its absence in 2011 have to come out of this.
"""


class Audience:
    """What one actor has said in public and what happened to its face.

    commitment (0-1): public commitment not to back down. affront (0-1): the injury not yet answered.
    """

    def __init__(self, commitment_half_life: float, affront_half_life: float) -> None:
        self.commitment = 0.0
        self.affront = 0.0
        self._commitment_half_life = commitment_half_life
        self._affront_half_life = affront_half_life

    def commit(self, amount: float) -> None:
        """Say something in public that is hard to take back; approaches 1."""
        self.commitment += (1.0 - self.commitment) * amount

    def injure(self, amount: float) -> None:
        """Suffer an affront of the given size; the largest counts."""
        self.affront = max(self.affront, amount)

    def soothe(self, face_saved: float) -> None:
        """The matter is settled in a way that saves `face_saved` (0-1) of the face."""
        self.affront *= 1.0 - face_saved

    def step(self, days: float, answered: float = 0.0) -> None:
        """Let `days` pass; `answered` (0-1) is how strongly the affront is being answered meanwhile."""
        if self.commitment > 0.0:
            self.commitment *= 0.5 ** (days / self._commitment_half_life)
        if self.affront > 0.0:
            self.affront *= 0.5 ** (days * (1.0 + answered) / self._affront_half_life)
