"""The measures that people count in, and what each means: 块钱, 岁, 个半月, 亩地, 平米, 成, 号人, 头."""

from __future__ import annotations

import re
from dataclasses import dataclass

YEAR, WEEK, DAY = 12.0, 7 / 30.4375, 1 / 30.4375


@dataclass(frozen=True, slots=True)
class Unit:
    """A measure: the quantity's kind, the name it goes by, and what one of it is in the kind's own measure. `extra`: 半, 来 or 多 inside it."""

    kind: str
    name: str
    size: float = 1.0
    extra: str = ""


_MEASURES: dict[str, Unit] = {
    **dict.fromkeys(("块钱", "块", "元钱", "元", "圆", "块人民币"), Unit("money", "元")),
    **dict.fromkeys(("毛钱", "毛", "角钱"), Unit("money", "元", 0.1)),
    "分钱": Unit("money", "元", 0.01), "个w": Unit("money", "元", 10_000.0), "个W": Unit("money", "元", 10_000.0),
    **dict.fromkeys(("岁", "周岁"), Unit("age", "岁")),
    **dict.fromkeys(("年", "个年头", "年头", "载"), Unit("duration", "年", YEAR)),
    **dict.fromkeys(("个月", "月"), Unit("duration", "月")),
    **dict.fromkeys(("个半月",), Unit("duration", "月", 1.0, "半")),
    **dict.fromkeys(("个来月", "个把月"), Unit("duration", "月", 1.0, "来")),
    **dict.fromkeys(("个多月", "个月多"), Unit("duration", "月", 1.0, "多")),
    **dict.fromkeys(("周", "个星期", "星期", "个礼拜", "礼拜"), Unit("duration", "周", WEEK)),
    "季度": Unit("duration", "季度", 3.0), "个季度": Unit("duration", "季度", 3.0),
    "天": Unit("duration", "天", DAY),
    **dict.fromkeys(("亩地", "亩"), Unit("area", "亩")),
    "分地": Unit("area", "亩", 0.1), "公顷": Unit("area", "亩", 15.0), "顷": Unit("area", "亩", 100.0), "顷地": Unit("area", "亩", 100.0),
    **dict.fromkeys(("平米", "平方米", "平方", "平", "㎡", "m2", "m²"), Unit("area", "平米")),
    **dict.fromkeys(("%", "个百分点", "个点"), Unit("share", "%")), "成": Unit("share", "%", 10.0),
    **dict.fromkeys(("个人", "号人", "人", "口子人", "个工人", "个员工", "名员工", "名工人", "号员工"), Unit("count", "人")),
    **dict.fromkeys(("口人", "口"), Unit("count", "口")),
    "公斤": Unit("count", "公斤"), "公里": Unit("count", "公里"), "里地": Unit("count", "里"), "块地": Unit("count", "块"), "倍": Unit("count", "倍"),
    **{sign: Unit("count", sign) for sign in "个头只间家户棚辆名位条棵台套座笔次回趟斤吨孔张份部匹尾羽栋层门项种样道期批茬车箱袋瓶桶米里克厘本件单股群窝对双圈池片垄处所眼根株架瓮筐"},
}  # fmt: skip
_NOT_BEFORE = {  # after these signs the measure is the beginning of another word
    "年": "龄|纪|级|代|薪|利|化|息|均|轻|收入|租|产值|流水|销", "月": "薪|租|入|供|收|均|嫂|饼|息|利", "周": "岁|边|末|围|期|转|[一二三四五六日天]", "天": "津|气|镇|水|桥|然|生",
    "平": "均|时|安|遥|顺|定|陆|鲁|房|台|原", "成": "本|年|绩|立|功|家|人|员|品|天|长|为|交|了|分|果|片|套|不|都|就|群", "人": "家|民|间|生|才|事|缘|社|均|工",
    "回": "来|去|家|乡|村|老|到|山|咱|收|款|报|临|我|本|太|县|洪", "家": "里|庭|乡|属|中|长|境|务|政|人|具|电", "头": "天|年|发|疼|痛|顶|里|上|一|回|两", "只": "是|有|要|能|想|会|好|够|剩|不|知|顾",
    "口": "头|味|罩|碑|粮|才", "门": "口|面|前|外|市|头|诊", "道": "路|理", "对": "象|面|方|于|我|不|吧|吗", "里": "面|头|边", "条": "件", "部": "门|队|分", "单": "位|亲|身|独|干|人",
    "本": "科|地|村|人|来|钱|金|县|市|身", "样": "子", "股": "份|票|东", "所": "以|有|在", "期": "间|望|限", "名": "字|下|额|单|义|气", "根": "本|据", "户": "口|籍|主", "处": "理|长|分", "群": "众",
    "双": "方|向|十", "车": "间|子", "台": "湾", "次": "要", "位": "置", "项": "目", "种": "的|地|菜|树|植|果|药|了|大|小|玉", "份": "子", "间": "接", "块": "儿|头", "元": "旦", "毛": "病|利", "块地": "方", "个": "体|税|性|别|贷|独",
    "架": "子", "件": "事", "批": "发|准|了|下|不", "层": "次", "张": "家|三|罗", "座": "谈|机", "眼": "看|下|睛|瞅|前", "圈": "子|羊|猪", "米": "面|饭|线", "片": "区|子", "尾": "巴", "顷": "刻", "厘": "米", "斤": "斤",
}  # fmt: skip
_WORDS = "|".join(
    re.escape(word) + (f"(?!{_NOT_BEFORE[word]})" if _NOT_BEFORE.get(word) else "") for word in sorted(_MEASURES, key=len, reverse=True)
)
_UNIT = re.compile(_WORDS)
_NOUN = re.compile(r"娃|孩|小孩|闺女|女儿|小子|女子|后生|丫头|学生|老人|儿子|[儿女男](?![童媳人的朋方生性大研硕博司])|人|工人|员工")


def unit_at(text: str, at: int) -> tuple[Unit, int] | None:
    """The measure that begins at `at`, and where its words end."""
    found = _UNIT.match(text, at)
    return (_MEASURES[found.group()], found.end()) if found else None


def counted_noun(text: str, at: int) -> Unit | None:
    """What a number without a measure counts, when people stand right behind it: 俩娃, 两儿一女, 3员工."""
    found = _NOUN.match(text, at)
    if found is None:
        return None
    return Unit("count", "人" if found.group() in ("人", "工人", "员工") else "个")
