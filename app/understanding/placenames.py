"""Names of places in a message: official, short, former and misheard ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from app.catalog.places import Place, Places
from app.understanding.sounds import readings

CITY = 4
"""Digits of a city's code."""
HOME = "14"
"""The code of Shanxi: there names count down to the townships."""
_JOINTS = ("", "的", "市", "省", "县", ",", "，", "、", " ")
"""What may stand between a place and one that lies in it."""
_CLOSE = ("", "市", "省", " ")
"""The same between a province and a county."""
_SUFFIXES = ("自治区", "自治州", "自治县", "特别行政区", "省", "市", "县", "区", "州", "盟", "旗", "镇", "乡", "街道")
_BACK = ("回", "回的", "回了")
_CUES_BEFORE = (*_BACK, "在", "从", "到", "去", "是", "咱", "住", "我", "家", "们", "俺", "额", "来", "往", "老家", "坐标", "于", "就")
_CUES_AFTER = (
    "的",
    "人",
    "县",
    "市",
    "老家",
    "这",
    "那",
    "待",
    "呆",
    "漂",
    "混",
    "干了",
    "干过",
    "做了",
    "打工",
    "干活",
    "上班",
    "工地",
    "农村",
    "城",
    "本地",
    "乡下",
    "开",
    "回",
    "滴",
    "哩",
    "厂",
    "电子厂",
    "服装厂",
    "鞋厂",
    "玩具厂",
    "富士康",
)
_STRONG_BEFORE = ("我是", "俺是", "额是", "老家", "家在", "家是", "户口在", "家住", "我们", "俺们", "我", "俺", "额")
_MISHEARD_BEFORE = (
    *_STRONG_BEFORE,
    "回",
    "我是",
    "俺是",
    "额是",
    "老家",
    "家在",
    "家是",
    "我家",
    "咱家",
    "俺家",
    "咱",
    "住在",
    "户口在",
    "回咱",
    "从",
    "俺们",
    "我们",
    "家住",
    "坐标",
)
_COUNTY = "县"
"""The last sign of short names that have it (沁县): only a word that ends with it can be one misheard."""
_DAYS = frozenset(("今天", "明天", "昨天", "后天", "前天", "当天", "白天", "今年", "明年", "后年", "前年", "当年", "后来"))
"""Words that a small place's name may run into: 撵到东明天撵到西."""
_NO_PLACE_BEFORE = ("个", "间", "一家", "开家", "抖音", "快手", "淘宝", "微信", "我那", "开了", "弄", "租", "盘", "每")
"""Words after which a name that is an everyday word too is no place: 开个小店."""
_MISHEARD_AFTER = ("的", "人", "老家", "这", "农村", "开", "养", "种", "办", "弄", "搞", "城", ",", "，", "。", " ")


@dataclass(frozen=True)
class PlaceMention:
    """A place named in text[start:end]: its code and official label; `candidates` are labels where several are meant; `certain`: no other reading."""

    start: int
    end: int
    code: str
    label: str
    certain: bool
    candidates: tuple[str, ...] = ()


class PlaceFinder:
    """Finds the longest names of places in a text. `everyday`: names that are also common words and need a cue beside them."""

    def __init__(self, places: Places, everyday: Collection[str] = (), never_misheard: Collection[str] = ()) -> None:
        self._places = places
        self._everyday = frozenset(everyday)
        self._never = frozenset(never_misheard)
        self._names: dict[str, list[str]] = defaultdict(list)
        for place in places.by_code.values():
            for name in _names(place):
                if place.code not in self._names[name]:
                    self._names[name].append(place.code)
        self._starts: dict[str, list[str]] = defaultdict(list)
        for name in sorted(self._names, key=len, reverse=True):
            self._starts[name[:2]].append(name)
        self._sounds = _sounds(places)

    def find(self, text: str) -> list[PlaceMention]:
        """All mentions, in order, never overlapping; a county after its city is one mention."""
        return self._joined(text, list(self._raw(text)))

    def named(self, name: str) -> PlaceMention | None:
        """A whole text that is nothing but the name of a place (偏关, 忻州偏关县); None where it is not."""
        found = self.find(name)
        if len(found) == 1 and (found[0].start, found[0].end) == (0, len(name)):
            return found[0]
        return self._misheard_at(name, 0, alone=True) if not found else None

    def _raw(self, text: str) -> Iterator[PlaceMention]:
        at = 0
        last: PlaceMention | None = None
        while at < len(text) - 1:
            mention = self._exact_at(text, at) or self._within(text, at, last) or self._misheard_at(text, at)
            if mention is None:
                at += 1
                continue
            yield mention
            at, last = mention.end, mention

    def _exact_at(self, text: str, at: int) -> PlaceMention | None:
        for name in self._starts.get(text[at : at + 2], ()):
            if text.startswith(name, at):
                codes = self._names[name]
                end = at + len(name)
                mention = self._mention(at, end, codes)
                small = self._needs_cue(name, codes)
                if small and text[end - 1 : end + 1] in _DAYS:
                    continue
                unclear = small and not _cued(text, at, end) and len(text) > len(name)
                if not unclear or self._township(text, mention) is not mention or self._within(text, end, mention):
                    return mention
        return None

    def _within(self, text: str, at: int, outer: PlaceMention | None) -> PlaceMention | None:
        """A district named, or misheard, right after the city it lies in."""
        if outer is None or len(outer.code) > CITY or text[outer.end : at] not in (_JOINTS if len(outer.code) == CITY else _CLOSE):
            return None
        for name in self._starts.get(text[at : at + 2], ()):
            codes = [c for c in self._names[name] if c.startswith(outer.code) and c != outer.code] if text.startswith(name, at) else []
            if codes:
                return self._shown(at, at + len(name), self._places.by_code[codes[0]], True)
        heard = (
            [c for c in self._heard(text[at : at + 2]) if c.startswith(outer.code)]
            if text.startswith(("的", "人", "县", "市"), at + 2)
            else []
        )
        return self._shown(at, at + 2, self._places.by_code[heard[0]], True) if len(heard) == 1 else None

    def _needs_cue(self, name: str, codes: list[str]) -> bool:
        if name in self._everyday:
            return True
        small = all(len(c) >= 6 and not c.startswith(HOME) for c in codes)
        return small and not name.endswith(_SUFFIXES)

    def _mention(self, start: int, end: int, codes: list[str]) -> PlaceMention:
        ordered = sorted(codes, key=lambda c: (not c.startswith(HOME), len(c), c))
        best = self._places.by_code[ordered[0]]
        rivals = [c for c in ordered if c.startswith(HOME) == ordered[0].startswith(HOME) and len(c) == len(ordered[0])]
        labels = tuple(self._places.by_code[c].label for c in ordered) if len(ordered) > 1 else ()
        return self._shown(start, end, best, len(rivals) == 1, labels)

    def _shown(self, start: int, end: int, place: Place, certain: bool, labels: tuple[str, ...] = ()) -> PlaceMention:
        place = self._places.county_of(place)
        if not place.code.startswith(HOME) and place.label != place.name and len(place.code) == 6:
            outer = place.code[:4] if place.code[:4] in self._places.by_code else place.code[:2]
            place = self._places.by_code[outer]  # a district elsewhere whose name stands twice in the country is told by its city
        return PlaceMention(start, end, place.code, place.label, certain, labels)

    def _joined(self, text: str, found: list[PlaceMention]) -> list[PlaceMention]:
        joined: list[PlaceMention] = []
        for mention in found:
            last = joined[-1] if joined else None
            between = text[last.end : mention.start] if last else "x"
            if last and between in _JOINTS and (inner := self._inside(text, last, mention)):
                joined[-1] = replace(inner, start=last.start)
            else:
                joined.append(mention)
        return [self._township(text, m) for m in joined]

    def _inside(self, text: str, outer: PlaceMention, mention: PlaceMention) -> PlaceMention | None:
        """`mention` read as a place within `outer`; None when no reading of it lies there."""
        for code in self._names.get(text[mention.start : mention.end], (mention.code,)):
            if code.startswith(outer.code) and code != outer.code:
                return self._shown(mention.start, mention.end, self._places.by_code[code], True)
        return None

    def _township(self, text: str, mention: PlaceMention) -> PlaceMention:
        """A county with one of its townships behind it, named in short."""
        if len(mention.code) != 6 or not mention.code.startswith(HOME):
            return mention
        for size in (4, 3, 2):
            short = text[mention.end : mention.end + size]
            if len(short) == size and short in self._shorts.get(mention.code, ()):
                return replace(mention, end=mention.end + size)
        return mention

    @property
    def _shorts(self) -> dict[str, set[str]]:
        if not hasattr(self, "_shorts_made"):
            made: dict[str, set[str]] = defaultdict(set)
            for place in self._places.by_code.values():
                if place.level == "township" and len(place.short) > 1:
                    made[place.code[:6]] |= {place.short, place.name}
            self._shorts_made = made
        return self._shorts_made

    def _misheard_at(self, text: str, at: int, alone: bool = False) -> PlaceMention | None:
        for size in (3, 2):
            word = text[at : at + size]
            if len(word) < size or not all("\u4e00" <= c <= "\u9fff" for c in word):
                continue
            named = text[at + size : at + size + 1] in ("县", "市", "区")
            if word in self._never or not (alone or named or _misheard_cue(text, at, at + size)):
                continue
            if alone and len(text) != size:
                continue
            codes = [c for c in self._heard(word) if word[-1] in _COUNTY or self._places.by_code[c].short[-1] != _COUNTY]
            if len(codes) == 1 and (not named or self._places.by_code[codes[0]].name.endswith(text[at + size])):
                return self._shown(at, at + size + named, self._places.by_code[codes[0]], named or _certainly(text, at, at + size))
        return None

    def _heard(self, word: str) -> list[str]:
        options = [readings(c) for c in word]
        return [code for first in options[0] for sound, code in self._sounds.get((len(word), first), ()) if _sounds_like(sound, options)]


def _names(place: Place) -> Iterator[str]:
    if place.level == "township":
        if place.code.startswith(HOME) and not place.name.endswith(("街道", "区")) and len(place.name) > 2:
            yield from (place.label, place.name)
        elif place.code.startswith(HOME):
            yield place.label
        return
    yield from (n for n in dict.fromkeys((place.label, place.name, place.short, *place.also)) if len(n) > 1)


def _sounds(places: Places) -> dict[tuple[int, str], list[tuple[tuple[str, ...], str]]]:
    """Readings of Shanxi's counties and cities of two and more syllables: (syllables, the first of them) -> all of them, code."""
    found: dict[tuple[int, str], list[tuple[tuple[str, ...], str]]] = defaultdict(list)
    for place in places.by_code.values():
        syllables = tuple(place.pinyin.split())
        if (
            place.code.startswith(HOME)
            and place.level in ("city", "county")
            and 2 <= len(syllables) == len(place.short)
            and place.short[-1] != "区"
        ):
            found[(len(syllables), syllables[0])].append((syllables, place.code))
    return found


def _sounds_like(sound: tuple[str, ...], options: list[tuple[str, ...]]) -> bool:
    return all(syllable in heard for syllable, heard in zip(sound, options, strict=True))


def _cued(text: str, start: int, end: int) -> bool:
    if text[:start].endswith(_NO_PLACE_BEFORE):
        return False
    return text[:start].endswith(_CUES_BEFORE) or text.startswith(_CUES_AFTER, end)


def _certainly(text: str, start: int, end: int) -> bool:
    """我是沁原的: beside such words it can only be a place."""
    return text[:start].endswith(_STRONG_BEFORE) and text.startswith(("的", "人"), end)


def _misheard_cue(text: str, start: int, end: int) -> bool:
    return text[:start].endswith(_MISHEARD_BEFORE) and (end == len(text) or text.startswith(_MISHEARD_AFTER, end))
