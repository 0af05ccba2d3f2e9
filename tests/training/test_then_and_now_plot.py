"""The picture of the tutorial and the default recipe."""

from __future__ import annotations

from talklike.training.then_and_now import Row, ThenAndNow
from talklike.training.then_and_now_plot import COLOURS, then_and_now_plot


def test_a_picture_has_a_curve_for_each_row() -> None:
    """In its own colour, whether Keras was there or not, and whatever the author is called."""
    rows = [
        Row(name, "made", 1.0, 1.0, 2.0, None, 1.0, "", [(1.0, 3.0), (10.0, 2.5), (100.0, bits)])
        for name, bits in (("keras", 2.2), ("here", 2.1), ("default", 1.9))
    ]
    pictures = [then_and_now_plot(ThenAndNow("$x_{", 10, rows[first:], [])) for first in (0, 1)]
    for picture, colours in zip(pictures, (COLOURS, COLOURS[1:]), strict=True):
        assert picture.startswith(b"\x89PNG")
        assert _holds(picture, colours)
    assert not _holds(pictures[1], COLOURS[:1])


def _holds(picture: bytes, colours: tuple[str, ...]) -> bool:
    """Return whether every one of some colours stands in a picture."""
    import io

    import numpy as np
    from matplotlib.image import imread

    pixels = {tuple(pixel) for pixel in np.rint(imread(io.BytesIO(picture))[..., :3] * 255).astype(int).reshape(-1, 3).tolist()}
    wanted = {tuple(int(colour[start : start + 2], 16) for start in (1, 3, 5)) for colour in colours}
    return wanted <= pixels
