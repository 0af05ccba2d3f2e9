"""Work that tells where it is and never ends by itself."""

from __future__ import annotations

import time

from talklike.studio.events import tell

if __name__ == "__main__":
    tell("stage", name="writing", share=0.5)
    while True:
        time.sleep(0.02)
