"""Which column is which."""

from __future__ import annotations

import pytest

from talklike.chat.columns import ColumnOptions, Columns, canonical, find, number, recognised
from talklike.errors import FormatError, OptionError

NOTHING = ColumnOptions()


@pytest.mark.parametrize(
    ("header", "author", "text", "name", "time"),
    [
        ("fromUser.id,text", "fromUser.id", "text", None, ()),
        ("sent,fromUser.id,text", "fromUser.id", "text", None, ("sent",)),
        ("fromUser.displayName,fromUser.id,fromUser.username,text", "fromUser.id", "text", "fromUser.displayName", ()),
        ("AuthorID,Author,Date,Content,Attachments,Reactions", "AuthorID", "Content", "Author", ("Date",)),
        ("Season,Episode,Character,Line", "Character", "Line", None, ()),
        ("USER,MESSAGE", "USER", "MESSAGE", None, ()),
        ("user_id,user_name,body,created_at", "user_id", "body", "user_name", ("created_at",)),
        ("message_id,user_id,created_date,text", "user_id", "text", None, ("created_date",)),
        ("nick;msg;ts".replace(";", ","), "nick", "msg", None, ("ts",)),
        ("date,time,who,said,text", "who", "text", None, ("date", "time")),
        ("time,author,name,channel,text", "author", "text", "name", ("time",)),
        ("username,name,comment", "username", "comment", "name", ()),
        ("id,name,text", "name", "text", None, ()),
        ("Speaker,Speaker ID,Utterance", "Speaker ID", "Utterance", "Speaker", ()),
        (",Character,Dialogue,EpisodeNo,SEID,Season", "Character", "Dialogue", None, ()),
        ("Unnamed: 0,character,line", "character", "line", None, ()),
        ("Person,Quote", "Person", "Quote", None, ()),
        ("name,dialogue", "name", "dialogue", None, ()),
        ("index,season no.,episode no.,episode name,name,line", "name", "line", None, ()),
        ("Release Date,Season,Episode,Episode Title,Name,Sentence", "Name", "Sentence", None, ()),
        ("Character;Sentence".replace(";", ","), "Character", "Sentence", None, ()),
        (",char,dialog,movie", "char", "dialog", None, ()),
        ("id,season,episode,scene,line_text,speaker,deleted", "speaker", "line_text", None, ()),
        ("season,episode,title,author,quote", "author", "quote", None, ()),
        ("text,speaker,season,episode,scene,utterance", "speaker", "text", None, ()),
        ("raw_character_text,spoken_words", "raw_character_text", "spoken_words", None, ()),
        (
            "id,episode_id,raw_text,speaking_line,character_id,raw_character_text,spoken_words,word_count",
            "character_id",
            "spoken_words",
            "raw_character_text",
            (),
        ),
        ("id,book,chapter,character,full_text,character_words,writer", "character", "character_words", None, ()),
        ("Line number,Character (in script),Character (actual),Place,Line", "Character (actual)", "Line", None, ()),
        ("Dataline,Play,PlayerLinenumber,ActSceneLine,Player,PlayerLine", "Player", "PlayerLine", None, ()),
        ("title,lines,speaker", "speaker", "lines", None, ()),
        ("Line,Speaker,Text,Date", "Speaker", "Text", None, ("Date",)),
        ("Response number,Speaker,Content", "Speaker", "Content", None, ()),
        (
            "Post Creation Time,User Id,User Name,Post Id,Post Message,Post Type",
            "User Id",
            "Post Message",
            "User Name",
            ("Post Creation Time",),
        ),
        ("id,userId,createTime,message", "userId", "message", None, ("createTime",)),
        ("role,content", "role", "content", None, ()),
    ],
)
def test_common_names_are_recognised(header: str, author: str, text: str, name: str | None, time: tuple[str, ...]) -> None:
    """In any case and punctuation; a column of ids is the author's, one of names shows who that is."""
    names = header.split(",")
    found = find(names, NOTHING, "chat.csv")
    assert names[found.author] == author
    assert names[found.text] == text
    assert (None if found.name is None else names[found.name]) == name
    assert tuple(names[i] for i in found.time) == time


def test_options_go_before_what_is_recognised() -> None:
    """By name, in another case, by number; a name that is a number is a name first."""
    names = ["author", "text", "2", "Said", "When"]
    assert find(names, ColumnOptions(text="said"), "f").text == 3
    assert find(names, ColumnOptions(author="2"), "f").author == 2
    assert find(names, ColumnOptions(author="4"), "f").author == 3
    assert find(names, ColumnOptions(time="When"), "f").time == (4,)


@pytest.mark.parametrize(
    ("names", "options", "words"),
    [
        (["foo", "bar"], NOTHING, ["who wrote and what they wrote", "foo, bar", "--author-column and --text-column"]),
        (["text", "label"], NOTHING, ["who wrote;", "text, label", "--author-column"]),
        (["author", ""], NOTHING, ["what they wrote", "(column 2 has no name)", "--text-column"]),
        (["author", "text"], ColumnOptions(author="nope"), ["no column 'nope' (--author-column)", "author, text"]),
        (["author", "text"], ColumnOptions(text="0"), ["no column '0' (--text-column)"]),
        (["author", "text"], ColumnOptions(time="3"), ["no column '3' (--time-column)"]),
    ],
)
def test_a_column_that_is_not_there_lists_those_that_are(names: list[str], options: ColumnOptions, words: list[str]) -> None:
    """What was found and what to try stand in the error."""
    with pytest.raises(FormatError) as error:
        find(names, options, "chat.csv")
    for word in ["chat.csv", *words]:
        assert word in str(error.value)


@pytest.mark.parametrize(
    "options", [ColumnOptions(author="1", text="1"), ColumnOptions(author="1", text="2", time="2"), ColumnOptions("1", "2", "1")]
)
def test_one_column_can_not_be_two_things(options: ColumnOptions) -> None:
    """The option is at fault, not the file."""
    with pytest.raises(OptionError, match="column"):
        find(["a", "b"], options, "chat.csv")
    with pytest.raises(OptionError, match="column"):
        number(2, options, "chat.csv")


def test_columns_without_a_header_go_by_number() -> None:
    """From 1, as people count; what is known of the layout fills in the rest."""
    assert number(3, ColumnOptions(author="2", text="3", time="1"), "f") == Columns(1, 2, time=(0,))
    known = Columns(0, 1, name=2, channel=3, time=(4,), id=5)
    assert number(6, NOTHING, "f", known) == known
    assert number(6, ColumnOptions(author="3"), "f", known) == Columns(2, 1, None, 3, (4,), 5)
    for options in (NOTHING, ColumnOptions(author="1"), ColumnOptions(author="4", text="1"), ColumnOptions("author", "1")):
        with pytest.raises(FormatError, match="3 columns and no header: use numbers from 1 to 3"):
            number(3, options, "f")


def test_used_columns_are_ascending_and_different() -> None:
    """The parser wants each column once."""
    assert Columns(5, 2, name=5, time=(3, 1), id=0).used() == [0, 1, 2, 3, 5]


def test_a_row_reads_like_a_header_by_its_names() -> None:
    """Two where both author and text are named."""
    assert recognised(["From", "Message"]) == 2
    assert recognised(["from", "hello"]) == 1
    assert recognised(["bob", "hello"]) == 0
    assert canonical("From-User ID") == "fromuserid"
