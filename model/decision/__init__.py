"""How actors decide: the rule of choice, foresight, beliefs and audiences."""
