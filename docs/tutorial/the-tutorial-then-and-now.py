# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # The tutorial, then and now
#
# Megan Risdal's tutorial of 2018, *An applied introduction to LSTMs for text generation*, teaches a small network to write like the most active
# person of freeCodeCamp's chat. This notebook goes through its steps in its order, on today's libraries, and then does the same with
# talklike's default recipe, so that you see what changed and what each change is worth.
#
# It takes about two minutes on two processor cores. On Kaggle, add the data set with `freecodecamp_casual_chatroom.csv` to the notebook and it
# is used; anywhere else, the chat is the bundled one, of an invented harbour town, in the same layout.

# %% [markdown]
# ## Set up
#
# Where talklike is installed, this cell installs nothing. On Kaggle (with Internet switched on) or Colab, upload its wheel beside the notebook
# first: `pip wheel --no-deps .` in a copy of the repository makes it, and so does `make notebook`.

# %%
import importlib.util
import subprocess
import sys
from pathlib import Path

if importlib.util.find_spec("talklike") is None:
    wheels = [*Path("/kaggle/input").rglob("talklike-*.whl"), *Path.cwd().glob("talklike-*.whl")]
    if not wheels:
        raise FileNotFoundError("no talklike-*.whl lies beside this notebook; upload one first")
    wanted = f"{max(wheels)}[train]"
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", wanted], check=True)
    importlib.invalidate_caches()

# %%
from collections import Counter

import matplotlib.pyplot as plt
import numpy as np
import polars as pl

import talklike as tl
from talklike.training.folder import free_folder
from talklike.training.tutorial_network import TutorialNetwork

tables = pl.Config(
    fmt_str_lengths=200, tbl_rows=20, tbl_hide_column_data_types=True, tbl_hide_dataframe_shape=True
)

# %% [markdown]
# ## Read the chat
#
# `read_chat` finds out the format by itself, here a CSV file with 26 columns, and makes the same five columns of any chat.

# %%
FILE = "freecodecamp_casual_chatroom.csv"
there = [*Path("/kaggle/input").rglob(FILE), *Path.cwd().glob(FILE)]
chat = tl.read_chat(there[0] if there else tl.sample_path())
chat

# %% [markdown]
# How much was read, and what was left out, and why?

# %%
print(f"{chat.report.kept:,} of {chat.report.read:,} rows are messages; {chat.report.why}")
for reason, skipped in chat.report.skipped.items():
    print(f"{skipped.count:,} left out: {reason}")

# %% [markdown]
# ## Look at it
#
# Who writes, how much, and since when? The tutorial drops one id, the room's bot. `authors` marks as `automated` whoever looks like one, and says
# why.

# %%
authors = chat.authors(top=20)
authors.select("name", "messages", "characters", "first", "last", "automated", "reason").head(12)

# %% [markdown]
# The ten most active people, without bots:

# %%
people = authors.filter(~pl.col("automated")).head(10)
figure, axes = plt.subplots(figsize=(8, 4), layout="constrained")
bars = axes.barh(
    people["name"].to_list()[::-1], people["messages"].to_list()[::-1], color="#c2410c"
)
axes.set(xlabel="messages", title="The ten most active people")
axes.spines[["top", "right"]].set_visible(False)
plt.show()

# %% [markdown]
# ## Pick one author's text
#
# The most active person; of their messages the first 20 %, joined by spaces, in lower case.

# %%
author, name = people.row(0, named=True)["author"], people.row(0, named=True)["name"]
messages = (
    chat.frame.filter(pl.col("author") == author)
    .sort("time", maintain_order=True)
    .collect()["text"]
)
text = " ".join(messages.head(int(0.2 * len(messages)))).lower()
print(f"{name}: {len(messages):,} messages, of which the first 20 % have {len(text):,} characters")
print(text[:300])

# %% [markdown]
# ## Prepare the sequences
#
# The network reads indices, not letters: every character of the text gets one, in sorted order.

# %%
characters = sorted(set(text))
index_of = {character: index for index, character in enumerate(characters)}
ids = np.array([index_of[character] for character in text])
print(len(characters), "characters:", "".join(characters))

# %% [markdown]
# An example is a *window* of 40 characters, and its *label* is the character that comes next. A window begins every third character.

# %%
WINDOW, STEP = 40, 3
examples = np.lib.stride_tricks.sliding_window_view(ids, WINDOW + 1)[::STEP]
windows, labels = examples[:, :WINDOW], examples[:, WINDOW]
print("windows", windows.shape, "labels", labels.shape)

# %% [markdown]
# The first ten, as text and as the arrays that they are:

# %%
pl.DataFrame(
    {
        "window": ["".join(characters[i] for i in window) for window in windows[:10]],
        "label": [characters[i] for i in labels[:10]],
    }
)

# %%
print(windows[:10])
print(labels[:10])

# %% [markdown]
# The tutorial writes every window out as *one-hot* vectors, with a single 1 at the character's index:

# %%
x = np.eye(len(characters), dtype=bool)[windows[:10]]
y = np.eye(len(characters), dtype=bool)[labels[:10]]
print("ten windows", x.shape, "ten labels", y.shape)
one_hot, as_text = windows.size * len(characters) / 1e6, len(text) / 1e6
print(f"all windows one-hot would take {one_hot:,.0f} MB; the text takes {as_text:.2f} MB")
figure, axes = plt.subplots(figsize=(8, 4), layout="constrained")
axes.imshow(x[0].T, cmap="Oranges", aspect="auto", interpolation="nearest")
axes.set_xticks(range(WINDOW), list(text[:WINDOW].replace(" ", "␣")), parse_math=False)
axes.set(xlabel="the first window", ylabel="index of the character", title="A window, one-hot")
plt.show()

# %% [markdown]
# So a window is 40 places of the text, each written down 40 × C times over. talklike keeps the text and makes the windows of one batch at a time:
# the numbers are the same, and the memory doesn't grow with the text.

# %% [markdown]
# ## The model
#
# One LSTM layer of 128 units reads the 40 characters; a dense layer gives the next character's logits, and a softmax makes probabilities of them.
# It learns by RMSprop with a learning rate of 0.01 to make the cross-entropy small.

# %%
network = TutorialNetwork(len(characters), units=(128,))
layers = {"LSTM": network.layers[0], "dense, softmax": network.dense}
pl.DataFrame(
    {
        "layer": layers.keys(),
        "input": [f"(B, {WINDOW}, {len(characters)})", "(B, 128)"],
        "output": ["(B, 128)", f"(B, {len(characters)})"],
        "parameters": [
            sum(p.numel() for p in layer.parameters() if p.requires_grad)
            for layer in layers.values()
        ],
    },
)

# %% [markdown]
# ## Temperature
#
# A model gives each character a probability. To write, one is drawn; the *temperature* (the tutorial's *diversity*) says how boldly. Each
# probability is raised to the power of one over the temperature, and all are scaled to sum to one again. Below 1 the likely become likelier;
# above 1 the rare get a chance.
#
# Here is what this author writes after a `t`, at the tutorial's four temperatures:

# %%
following = Counter(
    after for before, after in zip(text, text[1:], strict=False) if before == "t"
).most_common()
counts = np.array([count for _, count in following])
probabilities = counts / counts.sum()


def at_temperature(probabilities, temperature):
    """Return a distribution at a temperature."""
    powers = probabilities ** (1 / temperature)
    return powers / powers.sum()


TEMPERATURES = (0.2, 0.5, 1.0, 1.2)
shown = ["␣" if character == " " else character for character, _ in following[:10]]
figure, several = plt.subplots(1, 4, figsize=(11, 2.8), sharey=True, layout="constrained")
for axes, temperature in zip(several, TEMPERATURES, strict=True):
    axes.bar(shown, at_temperature(probabilities, temperature)[: len(shown)], color="#c2410c")
    axes.set_title(f"temperature {temperature}")
    axes.spines[["top", "right"]].set_visible(False)
several[0].set_ylabel("probability of the next character")
plt.show()

# %% [markdown]
# ## Train
#
# Fifteen rounds (*epochs*) over all windows, in batches of 128, in a new order each time; on a GPU if there is one. After the first and the last epoch
# the network goes on from a random window of the text, at each temperature: 40 characters of the author's, then 400 of its own.
#
# On the command line this is `talklike train CHAT --recipe tutorial`. Given the same first weights and the same batches, the losses are those of Keras.

# %%
run_then = free_folder(Path("runs/tutorial"))
voice_then = tl.train(chat, author=author, recipe="tutorial", epochs=15, output=run_then)

# %% [markdown]
# After one epoch it has learnt what is frequent: spaces, and *the*. After fifteen there are words. The lower the temperature, the more it
# repeats itself.

# %% [markdown]
# ## Keep the best weights
#
# After each epoch the training loss is compared with the best so far, and the weights are kept if it improved: `best` says when. The tutorial keeps them in
# `weights.hdf5`; here they are the voice, `voice.onnx` in the run's folder.

# %%
then = pl.read_ndjson(run_then / "metrics.jsonl").with_row_index("epoch", offset=1)
then.select("epoch", "seconds", "train_bits_per_character", "validation_bits_per_character", "best")

# %%
voice_then

# %% [markdown]
# (The voice counts more parameters than the model above: beside the text's characters it knows the end of a message and 256 bytes, so that
# it can read anything.)
#
# Two columns tell two stories. On the training text the loss goes down (it is in bits here: one nat, Keras' unit, is 1.44 bits). On messages that were held out it stops
# getting better early, then gets worse: the network learns its 20 % by heart, and the rule that keeps the best training loss doesn't see it.

# %% [markdown]
# ## The same with the default recipe
#
# Half a minute. `lowercase=True` is there only so that both are judged on the same characters.

# %%
run_now = free_folder(Path("runs/default"))
voice_now = tl.train(chat, author=author, budget="30s", lowercase=True, output=run_now)

# %%
voice_now

# %% [markdown]
# ## Side by side
#
# Both are judged by the last 5 % of the author's messages, which neither has seen: how many bits do they need for a character? Fewer is better; one
# bit fewer means that each character's probability doubled.

# %%
now = pl.read_ndjson(run_now / "metrics.jsonl")
pl.DataFrame(
    [
        {
            "recipe": recipe,
            "learnt from": f"{voice.card.provenance['training_characters']:,} characters",
            "seconds": round(metrics["seconds"][-1]),
            "held out, bits per character": f"{voice.card.scores['test']['bits_per_character']:.3f}",
        }
        for recipe, voice, metrics in (("tutorial", voice_then, then), ("default", voice_now, now))
    ]
)

# %%
figure, axes = plt.subplots(figsize=(8, 4), layout="constrained")
for label, metrics, colour in (
    ("the tutorial's recipe", then, "#57606a"),
    ("the default recipe", now, "#c2410c"),
):
    held_out = metrics["validation_bits_per_character"]
    axes.plot(metrics["seconds"], held_out, marker="o", markersize=3, color=colour, label=label)
axes.set(
    xlabel="seconds of training",
    ylabel="bits per character",
    title="On messages that were held out",
)
axes.grid(alpha=0.3)
axes.legend()
plt.show()

# %% [markdown]
# What they write, from the same beginning and the same seed:

# %%
beginning = "right then"
written = {
    recipe: [
        voice.generate(beginning, temperature=temperature, seed=1, chars=150)
        for temperature in TEMPERATURES
    ]
    for recipe, voice in (("tutorial", voice_then), ("default", voice_now))
}
pl.DataFrame({"temperature": TEMPERATURES} | written)

# %% [markdown]
# ## What differs, and why
#
# | | tutorial | default | why |
# | --- | --- | --- | --- |
# | examples | windows of 40 characters, one label each | streams whose state is carried on; every character is a label | of 40 steps the tutorial computes, one is learnt from; and nothing further back than 40 characters can be learnt at all |
# | text | the first 20 % of the messages | the first 90 % | more of the author is more to learn from |
# | ends of messages | spaces | a symbol of their own | the voice knows when a message is over |
# | optimiser | RMSprop, learning rate 0.01 throughout | AdamW, a rate that rises and then falls to a fiftieth, clipped gradients, averaged weights | a rate that never falls keeps the weights moving about: the loss of single batches jumps, and may not come down again |
# | which weights are kept | the lowest training loss | the fewest bits on held-out messages | the lowest training loss is that of the network that has learnt most by heart |
# | beside the network | nothing | a memory of n-grams; where it helps, everyone's messages | it knows spellings and phrases from the first minute on; the room knows what this author's text is too short to tell |
#
# [How it works](../explanation/how-it-works.md) has the details, [Train as the tutorial does](../how-to/train-as-the-tutorial.md) every option of the tutorial's recipe.

# %% [markdown]
# ## Next steps
#
# The tutorial ends with things to try. Each is a command:
#
# | to try | command | more |
# | --- | --- | --- |
# | other hyper-parameters | `talklike sweep CHAT --author alice --trials 30` | [Find better settings](../how-to/find-better-settings.md) |
# | … of the tutorial | `talklike train CHAT --recipe tutorial --window 60 --hidden 256 --learning-rate 0.002` | [Train as the tutorial does](../how-to/train-as-the-tutorial.md) |
# | dropout, more layers | `talklike train CHAT --recipe tutorial --dropout 0.2 --layers 2` | [Train as the tutorial does](../how-to/train-as-the-tutorial.md) |
# | other data | `talklike train whatsapp.zip --author alice` | [Export your chat](../how-to/export-your-chat.md) |
# | someone else's sentence | `talklike generate runs/room "has anyone tried" --from alice --author bob` | [Complete and answer](../how-to/complete-and-answer.md) |
# | processor against GPU | `talklike benchmark --device cpu,cuda` | [CPU or GPU](../how-to/compare-devices.md) |
# | your `weights.hdf5` of then | `talklike import-keras weights.hdf5 --alphabet char_indices.json -o mine.onnx` | [Use it with Keras](../how-to/use-with-keras.md) |
#
# One of them right here: someone else's words, cut off, and completed by this author's voice. A voice with the room behind it reads them as that
# person's.

# %%
others = chat.frame.filter((pl.col("author") != author) & (pl.col("text").str.len_chars() > 60))
completed = []
for who, whose, words in others.tail(3).select("author", "name", "text").collect().iter_rows():
    begun = words[:40].lower()
    known = who if who in voice_now.card.authors else None
    rest = voice_now.generate(begun, prompt_author=known, temperature=0.5, seed=1, echo=False)
    completed.append({"someone else": whose, "begins": begun, f"{name} goes on": rest})
pl.DataFrame(completed)
