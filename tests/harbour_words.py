"""Words that made-up messages of the tests are drawn from, in an order that their seeds rely on."""

HARBOUR_WORDS = [
    "tide",
    "rope",
    "crab",
    "gull",
    "mast",
    "pier",
    "salt",
    "sail",
    "knot",
    "fog",
    "net",
    "reef",
    "the",
    "a",
    "on",
    "by",
    "is",
    "not",
]
