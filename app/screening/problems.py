"""What can be wrong with a table, by row and column, with the mend, in both languages.

GuiyanError
└── Unreadable    the whole file is refused; carries its Problem
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from app.catalog.problems import GuiyanError

Weight = Literal["file", "row", "cell", "note"]
"""What is refused: the file, the whole row, the one cell (its fact counts as not said), or nothing (it is only told)."""

SAYS: Mapping[str, tuple[Weight, str, str]] = {
    "too_large": ("file", "文件有{size}，最多读{most}。把表拆成几份，或者另存为csv再传。", "The file is {size}; at most {most} is read. Split the table, or save it as csv."),
    "unpacks_too_large": ("file", "这个文件解开有{size}，比它自己大{times}倍，不像一张表，没有打开。请用表格软件另存一份再传。", "Unpacked the file is {size}, {times} times its own size; that is no ordinary table, and it was not opened. Save it anew in a spreadsheet program."),
    "empty": ("file", "文件里什么都没有。看看是不是传错了文件。", "The file is empty. See whether it is the right one."),
    "no_rows": ("file", "只有表头，没有人。填上人再传。", "There is a header but no person below it. Fill in people and send it again."),
    "no_header": ("file", "没有找到表头（写着姓名、年龄这些字的那一行）。用模板里的表头最稳当。", "No header row (with names such as 姓名, 年龄) was found. The template's headers are the surest."),
    "wrong_kind": ("file", "这是{kind}，不是表格。请传xlsx、xls、ods或csv。", "This is {kind}, not a table. Send xlsx, xls, ods or csv."),
    "locked": ("file", "文件加了密码，打不开。去掉密码另存一份再传。", "The file is protected by a password. Save it without one."),
    "broken": ("file", "文件坏了，读不出来。用表格软件打开，另存一份再传。", "The file is damaged. Open it in a spreadsheet program and save it anew."),
    "encoding": ("file", "第{line}行的字读不出来：既不是UTF-8，也不是GBK。另存为UTF-8的csv再传。", "Line {line} can be read neither as UTF-8 nor as GBK. Save the csv as UTF-8."),
    "no_sheet": ("file", "没有叫「{sheet}」的工作表，只有：{sheets}。", "There is no sheet «{sheet}»; there are: {sheets}."),
    "too_wide": ("file", "有{columns}列，最多读{most}列。删掉用不着的列。", "There are {columns} columns; at most {most} are read. Delete those you do not need."),
    "too_long": ("file", "有{rows}行，最多读{most}行。把表拆成几份。", "There are {rows} rows; at most {most} are read. Split the table."),
    "open_quote": ("row", "从这一行起引号没有配对，后面的都连成了一格。补上引号，从这一行起没有读。", "A quotation mark opened here is never closed, and all that follows runs into one cell. Mend it; nothing was read from this row on."),
    "stray_quote": ("row", "这一行的引号用得不对（引号后面还有字）。改好再传，这一行没有算。", "A quotation mark of this row stands in the wrong place (text follows it). Mend it; the row was not matched."),
    "several_sheets": ("note", "文件里有{count}张工作表（{sheets}），读的是「{sheet}」。要读别的，请说明表名。", "The file has {count} sheets ({sheets}); «{sheet}» was read. Name another if that is meant."),
    "header_not_first": ("note", "表头在第{at}行，上面的行没有当成人。", "The header is in row {at}; the rows above it were not taken for people."),
    "same_header": ("note", "有几列都叫「{name}」，后面的叫作「{shown}」。", "Several columns are called «{name}»; the later one is shown as «{shown}»."),
    "merged_cells": ("row", "这一行和别的行有合并的格子（{cells}），只有最上面一行有字。取消合并，每行都填上。", "Cells of this row are merged with another row ({cells}); only the topmost holds the text. Unmerge them and fill in every row."),
    "more_cells": ("row", "这一行有{cells}格，表头只有{columns}格，对不齐。补上缺的表头，或者把多出来的逗号加上引号。", "The row has {cells} cells and the header {columns}; they cannot be matched. Complete the header, or quote the comma that is too many."),
    "rounded_id": ("row", "身份证号被Excel当成数字，后几位已经变成零了，认不出是谁。把这一列设成「文本」格式，重新填号码。", "Excel kept this ID number as a number and has lost its last digits: nobody can tell whose it is. Format the column as text and type the number again."),
    "id_form": ("cell", "身份证号不是18位。对着证件重新填。", "The ID number has not eighteen signs. Copy it again from the card."),
    "id_check": ("cell", "身份证号最后一位对不上，有一位填错了，没有用它算年龄。对着证件重新填。", "The last sign of the ID number does not fit: one is wrong, and no age was taken from it. Copy it again from the card."),
    "id_date": ("cell", "身份证号里的出生日期不存在，或者还没到。对着证件重新填。", "The date of birth in the ID number does not exist or is still to come. Copy it again from the card."),
    "phone_form": ("cell", "电话「{value}」不像手机号或固定电话。对一下再填。", "«{value}» is no mobile or landline number. Check it."),
    "twice": ("note", "和第{other}行是同一个人（{by}一样）。两行都算了，请删掉一行。", "The same person as in row {other} (same {by}). Both rows were matched; delete one."),
    "not_understood": ("cell", "「{value}」没有读懂，这一项当没说。可以填：{mend}。", "«{value}» was not understood and counts as not said. Write: {mend}."),
    "partly_understood": ("cell", "「{value}」只读懂了「{quote}」，不敢算数。写简单些：{mend}。", "Only «{quote}» of «{value}» was understood, so it was not used. Write it more simply: {mend}."),
    "which_place": ("cell", "「{value}」不知道是哪个地方，可能是：{mend}。写县（市、区）的全名。", "«{value}» may be several places: {mend}. Write the full name of the county."),
    "which_unit": ("cell", "「{value}」没写单位，不知道是{units}。在表头写上单位，比如「{mend}」。", "«{value}» has no unit: it may be {units}. Put the unit into the header, e.g. «{mend}»."),
    "serial_date": ("cell", "「{value}」像是丢了格式的日期。把这一列设成「日期」格式，或者写成2019年3月这样。", "«{value}» looks like a date that lost its format. Format the column as dates, or write it like 2019年3月."),
    "out_of_range": ("cell", "「{value}」不合常理（{mend}）。对一下再填。", "«{value}» cannot be ({mend}). Check it."),
    "future_date": ("cell", "「{value}」还没到。对一下日期。", "«{value}» is still to come. Check the date."),
    "contradiction": ("row", "这几项互相矛盾：{facts}。{why}改好再传，这一行没有算。", "These contradict each other: {facts}. {why} Mend them; the row was not matched."),
    "other_age": ("note", "年龄「{value}」和身份证号算出来的{mend}不一样，用的是身份证号的。", "The age «{value}» differs from {mend}, which the ID number gives; the ID number was used."),
    "example": ("row", "这是模板里的例子，没有算。删掉这一行。", "This is the template's example; it was not matched. Delete the row."),
}  # fmt: skip


@dataclass(frozen=True)
class Problem:
    """One thing wrong: where (row as the sheet counts it, header of the column) and what, with the mend."""

    kind: str
    row: int | None = None
    column: str | None = None
    said: Mapping[str, Any] = field(default_factory=dict)

    @property
    def weight(self) -> Weight:
        return SAYS[self.kind][0]

    def text(self, language: str = "zh") -> str:
        """What is wrong and what to do, in plain words."""
        return SAYS[self.kind][1 if language == "zh" else 2].format(**self.said)

    def where(self, language: str = "zh") -> str:
        """The place in words: 第12行「年龄」."""
        row = "" if self.row is None else f"第{self.row}行" if language == "zh" else f"row {self.row}"
        column = "" if self.column is None else f"「{self.column}」" if language == "zh" else f" «{self.column}»"
        return f"{row}{column}".strip()

    def in_row(self, language: str) -> str:
        """What is said of it in its row of the results."""
        return (f"「{self.column}」" if self.column else "") + self.text(language)

    def __str__(self) -> str:
        where = self.where()
        return f"{where}：{self.text()}" if where else self.text()


class Unreadable(GuiyanError):
    """The file cannot be read as a table."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def shown(value: object, most: int = 24) -> str:
    """A cell's value in a problem: short."""
    text = f"{value:.15g}" if isinstance(value, float) else str(value)
    return text if len(text) <= most else text[: most - 1] + "…"
