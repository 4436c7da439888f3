"""Names in one file of something that stands in another, or in the taxonomy: those that nobody has written."""

from collections.abc import Collection, Iterator, Mapping

from lessons.faults import Fault
from lessons.markdown_reading import LessonFile, MarkdownFile, RecallFile
from lessons.reading import ChallengeFile, MethodFile, YamlFile
from lessons.spelling import nearest
from lessons.taxonomy import Taxonomy


def unknown_in_lesson(file: LessonFile, taxonomy: Taxonomy) -> Iterator[Fault]:
    return _unknown_in_head(
        file,
        {"principle": taxonomy.principles, "behaviour": taxonomy.behaviours, "element": taxonomy.elements},
    )


def unknown_in_card(file: RecallFile, taxonomy: Taxonomy) -> Iterator[Fault]:
    return _unknown_in_head(file, {"behaviour": taxonomy.behaviours})


def unknown_in_challenge(file: ChallengeFile, taxonomy: Taxonomy, challenges: Collection[str]) -> Iterator[Fault]:
    if file.challenge is None:
        return
    yield from _unknown_in_taxonomy(file, taxonomy, file.challenge.principles, file.challenge.behaviours)
    following = file.challenge.next
    if following is not None and following not in challenges:
        message = (
            f'there is no challenge "{following}".{nearest(following, challenges)} '
            f"Write challenges/{following}.yaml or take `next` out."
        )
        yield Fault(path=file.path, line=file.yaml.line_of(("next",)), message=message)


def unknown_in_method(
    file: MethodFile, taxonomy: Taxonomy, lessons: Collection[str], challenges: Collection[str]
) -> Iterator[Fault]:
    if file.method is None:
        return
    yield from _unknown_in_taxonomy(file, taxonomy, file.method.principles, file.method.behaviours)
    for kind, names, known, ending in (
        ("lesson", file.method.lessons, lessons, "md"),
        ("challenge", file.method.challenges, challenges, "yaml"),
    ):
        for position, name in enumerate(names):
            if name not in known:
                message = (
                    f'there is no {kind} "{name}".{nearest(name, known)} Write {kind}s/{name}.{ending} or take it out.'
                )
                yield Fault(path=file.path, line=file.yaml.line_of((f"{kind}s", position)), message=message)


def unknown_name(kind: str, name: str, known: Collection[str]) -> str:
    """What is said of a name that the taxonomy does not know."""
    return f'unknown {kind} "{name}".{nearest(name, known)} Choose one from taxonomy.yaml.'


def _unknown_in_head(file: MarkdownFile, keys: Mapping[str, Collection[str]]) -> Iterator[Fault]:
    for key, known in keys.items():
        name = file.head.value.get(key)
        if isinstance(name, str) and name not in known:
            yield Fault(path=file.path, line=file.head.line_of((key,)), message=unknown_name(key, name, known))


def _unknown_in_taxonomy(
    file: YamlFile, taxonomy: Taxonomy, principles: tuple[str, ...], behaviours: tuple[str, ...]
) -> Iterator[Fault]:
    for kind, names, known in (
        ("principle", principles, taxonomy.principles.keys()),
        ("behaviour", behaviours, taxonomy.behaviours.keys()),
    ):
        for position, name in enumerate(names):
            if name not in known:
                line = file.yaml.line_of((f"{kind}s", position))
                yield Fault(path=file.path, line=line, message=unknown_name(kind, name, known))
