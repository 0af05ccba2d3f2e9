"""What the figures of a report mean, and where they mislead, in words that need no others."""

GLOSSARY = {
    "Taken for the author's": (
        "A program is shown many real messages of this author and of the others, and learns to tell them apart by "
        "runs of characters. Then it judges messages that it has not seen. The number for real messages is what is "
        'possible at all: people don\'t sound like themselves in every "ok". It hears topic as well as tone, so an '
        "author who always talks of one thing is recognised by that thing. A voice that says the same typical "
        "sentence again and again scores high here; look at diversity beside it."
    ),
    "Told from the real one": (
        "Another program learns to tell the voice's messages from real ones. The number says how often, of one of "
        "each, it picks the right one: 50 in 100 is guessing, 100 is always. Real messages against other real ones "
        "don't give exactly 50 either, since people change over time; compare with that. It also sees what no reader "
        "would notice, such as how often a message has exactly 3 words."
    ),
    "Who wrote it": (
        "Of a voice of a whole room only: shown a message that was held out, which of the people whom it knows by name does "
        "it take for the author? Beside it stands a linear model that counts runs of characters in the same people's "
        "earlier messages. Both are told that everyone is equally likely. Like the others' tone it hears their topics, and "
        "somebody whom the voice doesn't know is none of the answers."
    ),
    "Copied": (
        "Characters in a run of 25 or more that stands word for word in the text that the voice learnt from, or in a "
        "message that is one of those that it learnt from, however short. People repeat themselves: the same figure for "
        "real messages, written after that text, is what is natural."
    ),
    "Bits per character": (
        "How surprised the voice is by what the author really wrote later: 1 bit is a guess between two equally "
        "likely characters, 2 bits one among four. It says how much of the way of writing was learnt. It says nothing "
        "of sense, and a voice may have fewer bits and still write dull messages."
    ),
    "Cold, after own messages, in conversation": (
        "Read before each message: nothing; the author's own messages before it; what everyone said before it."
    ),
    "The simple methods": (
        "Uniform knows only the alphabet. Frequencies know how often each character comes. Kneser–Ney counts runs of "
        "characters. PPMd and xz are compressors; they go on learning while they read, which a voice doesn't. They "
        "learnt from the author's own messages alone."
    ),
    "95 % intervals": (
        "Other messages of the same kind would have given other figures. These are drawn again and again from those "
        "that there are; 95 of 100 times the figure lies within. They don't say how another training run would have "
        "turned out."
    ),
    "Exposure": (
        "How many bits of a planted secret the voice gives away: 0 is nothing, 26.6 is all of a number of eight digits."
    ),
    "Diversity": (
        "Different runs are the share of different ones among all runs of characters or words. Self-BLEU says how much "
        "each text is like all others: more is more alike. Both are compared on equally many texts."
    ),
}
"""Terms and what they mean, in the order in which a reader meets them."""
