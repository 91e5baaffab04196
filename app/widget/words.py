"""What the pages say besides the catalogue's own words, zh and en."""

from __future__ import annotations

from collections.abc import Mapping

WORDS: Mapping[str, Mapping[str, str]] = {
    "zh": {
        "name": "归雁", "title": "归雁：回乡创业能领什么", "about": "回山西创业，能办哪些扶持、带什么、去哪儿，一问就知道。",
        "no_script": "这个页面要打开 JavaScript 才能说话。也可以打 12345 问政府服务热线。",
        "ask": "问问归雁", "current": "今天（{day}）的规定", "other": "English", "unsure_mark": "未核实", "unsure": "还没核实的地方",
        "ended": "这项已经停了，下面是停之前的规定。", "not_begun": "这项还没开始。", "replaced": "现在接着办的是：", "terms_unknown": "这一天的规定没有查到。",
        "older": "您手里的卡片是旧的，资料后来更新过。", "older_on": "您手里的卡片是{day}做的，资料后来更新过。", "same": "您手里的卡片就是现在这一版。",
        "changed": "变了的数：", "then": "卡片上", "now": "现在", "gone_now": "现在没有了", "unchanged": "卡片上的数没有变。",
        "unknown_change": "卡片上没写做的日期，看不出哪个数变了。以这一页为准。",
        "figures": "数额", "from": "起", "since": "从", "to": "到", "who": "什么人能办", "decides": "由{who}定", "bring": "要带什么", "where": "去哪儿办", "online": "网上办",
        "takes": "多长时间", "deadline": "什么时候办", "phone": "电话", "misheard": "常有人说错的", "says": "有人说：", "truth": "其实：", "sources": "根据",
        "read": "原文", "until": "办到", "scan": "扫这个码，能打开这一页", "missing": "没有这一页", "missing_more": "这项扶持没有找到，可能改了名字。可以直接问归雁，也可以打 12345。",
        "several": "回乡创业能问的扶持", "gone": "有的项目已经不在目录里了，问问归雁。", "history": "以前的数", "free": "看资料、问归雁都不收钱。谁要收“代办费”，别给，打 12345。",
        "embed": "把归雁放到您的网页上", "embed_text": "加上这两行就行：", "embed_frame": "放在框里：", "checked": "核对日期", "confirmed_by": "（{office} {day} 核实）", "by_place": "各地不同",
        "private": "不用写姓名和身份证号。",
    },
    "en": {
        "name": "Guiyan", "title": "Guiyan: support for coming home to start a business", "about": "Which support you can get in Shanxi, what to bring and where to go: just ask.",
        "no_script": "This page needs JavaScript to talk. You can also call 12345, the government service line.",
        "ask": "Ask Guiyan", "current": "Terms of today ({day})", "other": "中文", "unsure_mark": "not confirmed", "unsure": "What is not confirmed",
        "ended": "This has ended; below are its last terms.", "not_begun": "This has not begun yet.", "replaced": "Now in its place: ", "terms_unknown": "The terms of this day were not found.",
        "older": "The card you have is old; this was updated since.", "older_on": "The card you have was made on {day}; this was updated since.", "same": "The card you have is the current one.",
        "changed": "Figures that changed:", "then": "on the card", "now": "now", "gone_now": "no longer there", "unchanged": "The card's figures are unchanged.",
        "unknown_change": "The card does not say when it was made, so what changed cannot be told. Go by this page.",
        "figures": "Figures", "from": "", "since": "from", "to": "to", "who": "Who can have it", "decides": "decided by: {who}", "bring": "What to bring", "where": "Where to go", "online": "Online",
        "takes": "How long it takes", "deadline": "When", "phone": "Phone", "misheard": "Often told wrongly", "says": "Some say: ", "truth": "In fact: ", "sources": "Sources",
        "read": "full text", "until": "Open until", "scan": "Scan to open this page", "missing": "No such page", "missing_more": "This measure was not found; it may have a new name. Ask Guiyan, or call 12345.",
        "several": "Support for coming home to start a business", "gone": "Some are no longer in the catalogue; ask Guiyan.", "history": "Earlier values", "free": "Reading this and asking Guiyan are free. Pay no one a fee for arranging it; call 12345.",
        "embed": "Put Guiyan on your site", "embed_text": "These two lines do it:", "embed_frame": "In a frame:", "checked": "checked on", "confirmed_by": "(confirmed by {office} on {day})", "by_place": "differs by place",
        "private": "No name or ID number needed.",
    },
}  # fmt: skip
