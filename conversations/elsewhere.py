"""Where only buttons wait, and words come: what they may mean all the same."""

from conversations.events import Chose, Commanded
from conversations.hearing import after, bare, says_of
from conversations.naming import named_person
from conversations.state import Place
from conversations.walking import Walk, slug_of

COMMANDS = {
    "next": "home.next",
    "people": "people.list",
    "talks": "home.talks",
    "questions": "home.questions",
    "progress": "home.progress",
    "plan": "plan.show",
    "settings": "settings.menu",
    "language": "settings.language",
    "help": "home.help",
    "privacy": "home.privacy",
    "export": "home.export",
    "erase": "settings.erase",
    "home": "home.home",
    "cancel": "home.home",
}


def meant(walk: Walk, words: str) -> Chose | Commanded | Place | str | None:
    """A button whose situation or language the words tell of, a command they name, the page of a person,
    or the code of a language to speak.
    """
    at, plain, here = walk.seeker.at, bare(words), walk.here()
    told = [one for one in walk.offered(at).values() if says_of(here, words, f"as_{one.tail}")]
    if len(told) == 1:
        return Chose(at.step, slug_of(told[0]), at.person, walk.seeker.entered)
    if plain in COMMANDS:
        return Commanded(plain)
    person = named_person(walk.seeker, bare(after(here, words, "leads"))) if walk.seeker.welcomed else None
    if person:
        return Place("person.page", person.id)
    language = walk.seeker.language
    codes = (code for code, _ in walk.script.languages)
    return next((code for code in codes if plain in walk.script.phrases(f"as_{code}", language)), None)
