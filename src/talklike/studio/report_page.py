"""Report: how good a voice is, judged on what its author wrote later."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from fastapi.responses import FileResponse, PlainTextResponse, Response
from nicegui import app, ui
from nicegui.elements.mixins.text_element import TextElement

from talklike.errors import TalklikeError
from talklike.studio.frame import page_frame
from talklike.studio.reports import ALL, KIND, OWN, STAGES, chat_for, kept_report, report_file
from talklike.studio.talk_fields import Button, heading
from talklike.studio.talk_share import file_name, voice_links
from talklike.studio.voice_choice import chosen_voice
from talklike.studio.widgets import Progress, check, choice, field, fold
from talklike.studio.workspace import Learnt, typed_path
from talklike.voice.read import read_voice

if TYPE_CHECKING:
    from talklike.studio.jobs import Job
    from talklike.studio.reports import Report
    from talklike.studio.talk_state import Problem
    from talklike.studio.workspace import VoiceEntry, Workspace

MODULE = "talklike.studio.report_job"
HOW_MANY = {"1000": "1,000 messages", "200": "200 messages"}
"""How many messages a voice writes to be judged by."""

EVERY = 0.5
"""How often a page looks at how far the work is [s]."""

# The frame runs no scripts, so that this page may reach into it: it is as high as what is in it, and as dark as this page is.
FIT = """(event) => {
  const frame = event.target;
  const inside = frame.contentDocument;
  const grow = () => { frame.style.height = `${inside.documentElement.scrollHeight}px`; };
  const night = [...inside.styleSheets].flatMap((sheet) => [...sheet.cssRules])
    .find((rule) => rule.media && rule.media.mediaText.includes("prefers-color-scheme: dark"));
  const paint = () => {
    const dark = document.body.classList.contains("body--dark");
    inside.documentElement.style.colorScheme = dark ? "dark" : "light";
    if (night) night.media.mediaText = dark ? "all" : "not all";
  };
  new ResizeObserver(grow).observe(inside.body);
  new MutationObserver(paint).observe(document.body, {attributes: true, attributeFilter: ["class"]});
  paint();
  grow();
}"""


def add(workspace: Workspace) -> None:
    """Add the page, and the files that it shows.

    Args:
        workspace: Whose voices are judged.
    """

    @app.get("/reports/{id}/{ending}")
    def report(id: str, ending: str) -> Response:  # noqa: A002  (what it is called everywhere)
        try:
            path = report_file(workspace.voice(id).path, ending)
        except TalklikeError as error:
            return PlainTextResponse(str(error), 404)
        if ending not in ("html", "json") or not path.is_file():
            return PlainTextResponse("there is no report of this voice; go back and have it judged", 404)
        kinds = {"html": "text/html; charset=utf-8", "json": "application/json"}
        return FileResponse(path, media_type=kinds[ending], headers={"cache-control": "no-store"})

    @ui.page("/report")
    def page(voice: str = "") -> None:
        with page_frame("Report"):
            chosen = chosen_voice(workspace, voice, "/report", nothing="There is no voice to judge yet.")
            if chosen is not None:
                _Page(workspace, chosen.entry, chosen.problem)


class _Page:
    """The page of a voice."""

    def __init__(self, workspace: Workspace, entry: VoiceEntry, problem: Problem) -> None:
        self._workspace = workspace
        self._entry = entry
        self._problem = problem
        self._job: Job | None = None
        self._path = ""
        self._with_quotes = False
        self._messages = next(iter(HOW_MANY))
        try:
            self._card = read_voice(entry.path)[0]
        except TalklikeError as error:
            problem.say(error)
            return
        self._author = self._card.authors[0]
        self._body = ui.element("div")
        self._show()
        self._watch(self._running())
        ui.timer(EVERY, self._look)

    def _show(self) -> None:
        """Show the report, if there is one, and what makes one."""
        report = kept_report(self._entry.path)
        self._body.clear()
        with self._body:
            if report is not None:
                self._verdict(report)
            self._work = ui.element("section").classes("tl-card").props('aria-label="Judging"')
            self._how(report)
            if report is not None:
                frame = ui.element("iframe").classes("tk-report")
                frame.props(f'src=/reports/{self._entry.id}/html title="The whole report" sandbox=allow-same-origin')
                frame.on("load", js_handler=FIT)

    def _verdict(self, report: Report) -> None:
        with ui.element("section").classes("tl-card").props('aria-label="The verdict"'):
            heading("In three sentences")
            with ui.element("ul").classes("tk-verdict"):
                for sentence in report.content["verdict"]:
                    TextElement(tag="li", text=sentence)
            if not report.fresh:
                TextElement(tag="p", text="The voice has changed since; have it judged again.").classes("tl-note tk-space")
            with ui.element("div").classes("tk-links tk-space"):
                stem = file_name(self._entry).removesuffix(".onnx")
                for ending, what in (("html", "Report as a page"), ("json", "Report as JSON")):
                    link = ui.link(what, f"/reports/{self._entry.id}/{ending}")
                    link.props(f"download={stem}.report.{ending}")
                voice_links(self._entry, self._card.precision)
                ui.link("Talk to it", f"/talk?voice={self._entry.id}")

    def _how(self, report: Report | None) -> None:
        """Show what decides a report, and the button that makes one."""
        self._work.clear()
        with self._work, fold("Judge it again") if report and report.fresh else nullcontext():
            if report is None or not report.fresh:
                heading("Judge it" if report is None else "Judge it again")
            said = "It writes messages, and they are compared with what its author wrote after the time that it learnt from."
            TextElement(tag="p", text=said).classes("tl-soft")
            chat = chat_for(self._workspace, self._entry)
            with ui.element("div").classes("tl-fields"):
                if chat is None:
                    hint = "A file or folder on this machine; the studio doesn't know which it was."
                    field("The chat that it learnt from", self._set_path, hint=hint, props='placeholder="a path"')
                    with ui.element("div"):
                        hint = "Forwarded, relayed and quoted, as --with-quotes has it."
                        check("It learnt what its author didn't write too", self._set_quotes, hint=hint)
                if len(self._card.authors) > 1 and not self._card.provenance.get("author"):
                    names = dict(zip(self._card.authors, self._card.names, strict=True))
                    choice("Judged as", names, self._set_author, value=self._author)
                hint = "Fewer take less time, and say less."
                choice("It writes", HOW_MANY, self._set_messages, value=self._messages, hint=hint)
            with ui.element("div").classes("tl-row tk-actions"):
                Button("Judge it again" if report else "Judge it", self._begin, first=report is None or not report.fresh)

    def _running(self) -> Job | None:
        """Return the job that judges this voice, if there is one: another page may have started it."""
        jobs = self._workspace.jobs(KIND)
        return next((job for job in jobs if job.about.get("voice") == self._entry.id and job.alive), None)

    def _begin(self) -> None:
        """Start the work."""
        if (running := self._running()) is not None:
            self._watch(running)
            return
        try:
            learnt = chat_for(self._workspace, self._entry) or self._given()
            argv = [MODULE, str(self._entry.path), str(learnt.path), self._messages, ALL if learnt.with_quotes else OWN]
            argv += [] if self._author == self._card.authors[0] else [self._author]
            self._watch(self._workspace.start(KIND, argv, about={"voice": self._entry.id}))
            self._problem.say("")
        except TalklikeError as error:
            self._problem.say(error)
        except FileNotFoundError:
            self._problem.say("No file or folder is there; give the path of the chat that the voice learnt from.")

    def _given(self) -> Learnt:
        """Return the chat whose path was typed.

        Raises:
            FileNotFoundError: Nothing is there.
        """
        path = typed_path(self._path)
        if path is None:
            raise FileNotFoundError
        return Learnt(path, self._with_quotes)

    def _watch(self, job: Job | None) -> None:
        """Show how far a job is."""
        self._job = job
        if job is None:
            return
        self._work.clear()
        with self._work:
            heading("Judging it")
            self._stage = TextElement(tag="p", text="Starting …").classes("tl-soft").props("role=status")
            self._bar = Progress("How far the report is")
            with ui.element("div").classes("tl-row tk-actions"):
                Button("Stop", job.stop)

    def _look(self) -> None:
        """Look how far the work is."""
        job = self._job
        if job is None:
            return
        alive = job.alive
        stages = [event for event in job.events() if event["event"] == "stage"]
        if alive:
            if stages:
                self._show_stage(stages[-1])
            return
        self._job = None
        self._problem.say(job.error or "")
        if job.state == "done":
            self._show()
        else:
            self._how(kept_report(self._entry.path))

    def _show_stage(self, event: dict[str, Any]) -> None:
        name = str(event["name"])
        number = STAGES.index(name) if name in STAGES else 0
        said = f"{name.capitalize()} … ({number + 1} of {len(STAGES)})"
        if self._stage.text != said:  # else a screen reader would hear it twice a second
            self._stage.text = said
        self._bar.show((number + float(event["share"])) / len(STAGES))

    def _set_path(self, path: str) -> None:
        self._path = path

    def _set_quotes(self, wanted: bool) -> None:
        self._with_quotes = wanted

    def _set_author(self, author: str) -> None:
        self._author = author

    def _set_messages(self, messages: str) -> None:
        self._messages = messages
