"""Writes random messages, a JSON object a line: trees of the language's tags, with values that fit and values that do not.

    python3 generate.py SEED COUNT
"""

import json
import random
import sys
from xml.sax.saxutils import quoteattr

TEXTS = ["x", "a & b", " ", "two\nlines", "é", "😀", "'\"", "<", "a\n\n\nb", "\t", "${'$'}", "]]", "12"]
LINE = ["b", "i", "span", "a", "img", "br", "hash", "cash", "mention", "emoji", "code"]
BLOCK = ["p", "div", "h1", "h3", "h6", "pre", "ul", "ol", "table", "hr", "card", "expandable-card", "form", "ui-action", "li", "td", "tr",
         "thead", "dialog", "header", "body", "chime", "u", "entity", "title", "footer", "label", "presented-card"]
FIELDS = ["text-field", "textarea", "checkbox", "radio", "select", "person-selector", "date-selector", "date-picker", "time-picker",
          "timezone-picker", "button", "input", "box-group"]

BOOL = ["true", "false", "TRUE", "x", ""]
STYLE = ["color:red", "color:red;", " width : 1px ; height:2px", "position:x", "red", "", "background:url(data:image/png;base64,AA)"]
ANY = ["a", "", "b c", "é<", "x" * 300, "x" * 60]
SHORT = ["a", "b", "", " ", "n1", "é"]
DATES = ["2020-01-31", "2020-02-30", "2020-1-1", "", "x", "2024-02-29"]
TIMES = ["13:51:06", "24:00:00", "1:2:3", "", "13:51", "00:00:00"]
VALUES = {
    "class": ["c", "", "card", "x y", "primary", "secondary-destructive", "entity"], "style": STYLE, "href": [
        "https://x.com", "http://x.com/a?b=c&d#e", "mailto:a@b.c", "ftp://x", "x", "", "http://a b", "HTTP://x", "https://", "https:", "//x", "http://[::1]/",
        "https://é.com/ü", "https://x/%zz", "https://x/{a}", "javascript:alert(1)", "tel:1", "http://x:y/", "https://a_b/", "https://x/a|b", "http://x/^"],
    "src": ["a.png", "", "https://asset.symphony.com/symphony/audio/chime.mp3", "data:image/png;base64,AA"],
    "iconSrc": ANY, "accent": ANY, "state": ["collapsed", "cropped", "expanded", "COLLAPSED", "open", "close", ""], "variant": ["error", "default", "x"],
    "uid": ["7", "99", "100", "x", "+7", "-1", "", " 7", "007"], "email": ["a@known.example", "no@x.com", "", "a b"], "strict": BOOL,
    "tag": ["bot", "#a", "", "a b", "...", "é", "a.b-c", "ibm"], "shortcode": ["smiley", "nope", "+1", "a b", "", "thumbsup"], "annotation": ["grin", "x-y", "é"],
    "size": ANY, "family": ANY, "rowspan": ["1", "x", "+2", "", "-1"], "colspan": ["2", "x"], "id": ["f", "g", "f1", "", "a b", "d", "x" * 70],
    "name": SHORT + ["x" * 70], "placeholder": ANY, "required": BOOL, "masked": BOOL, 
    "minlength": ["1", "5", "0", "-1", "x", "129", "10001", "+1", ""], "maxlength": ["10", "1", "128", "129", "10000", "x"], "pattern": ["[a-z]+", "[", "", "x" * 300, "(?=a)b", "\\d"],
    "pattern-error-message": ["e", "", "x" * 300], "label": ["L", "", "<&\">", "x" * 70, "x" * 300], "title": ["T", "", "x" * 300], "value": ["a", "", "[1,2]", '["a"]', "2020-01-01", "12:00:00", "UTC"],
    "checked": BOOL, "data-placeholder": ANY, "multiple": BOOL, "min": ["0", "1", "3", "-1", "x", "2020-01-01", "08:00:00"], "max": ["0", "1", "2", "x", "2020-01-02", "17:00:00"],
    "selected": BOOL, "type": ["action", "reset", "cancel", "ACTION", "", "x"], "multi-submit": ["reset", "no-reset", "x"],
    "action": ["open-im", "open-dialog", "x", "OPEN-IM"], "trigger": ["click", "x"], "user-ids": ["[1,2]", "[]", "x", "{}", '["a"]', str(list(range(16))), "[1.5,null]"], "stream-id": ["s", ""],
    "side-by-side": BOOL, "target-id": ["d", "f", "", "a b"], "width": ["small", "large", "full-width", "x"],
    "disabled-date": ['[]', '[{"day":"2020-01-01"}]', '[{"from":"2020-01-01","to":"2020-02-01"}]', '[{"daysOfWeek":[0,6]}]', '[{"daysOfWeek":[7]}]', '[{"day":"x"}]', '[{"type":"date","day":"2020-01-01"}]',
                      '[{"from":"2020-01-01"}]', '{}', '[{}]', '[{"day":"2020-01-01","from":"2020-01-01","to":"2020-01-01"}]'],
    "highlighted-date": ['[]', '[{"day":"2020-01-01"}]', "x"], "format": ["dd/MM/yyyy", "ddd", "MMM", "yyyy-MM-dd", "x", "HH:mm", "hh:mm a", "HH:mm:ss", "", "MMMMMM", "y", "aa"],
    "disabled-time": ['[]', '[{"time":"12:00:00"}]', '[{"from":"12:00:00","to":"13:00:00"}]', '[{"time":"x"}]', '[{"from":"12:00:00"}]', "x"], "step": ["600", "43200", "599", "43201", "x", "900"],
    "disabled-timezone": ['["Europe/Paris"]', "[]", '["X/Y"]', "[1]", "x", "{}"], "foo": ["x"], "data-icon-src": ANY, "data-accent-color": ANY, "data-state": ["collapsed", "x"], "xmlns": ["x"],
}
DATE_PICKER = {"value": DATES, "min": DATES, "max": DATES}
TIME_PICKER = {"value": TIMES, "min": TIMES, "max": TIMES}
ZONE = {"value": ["Europe/Paris", "UTC", "EST", "GMT+2", "Z", "+02:00", "x", "", "america/new_york", "+2", "UTC+1", "-18:00", "+18:01"]}
SELECTOR = {"value": ["[1,2]", "[]", "x", '["a"]', "[1.5]", "{}", ""]}
ATTRIBUTES = {  # taken, and needed
    "a": "href! class style", "img": "src! class style", "code": "", "td": "rowspan colspan class style", "chime": "src", "hash": "tag!", "cash": "tag!",
    "mention": "uid email strict", "emoji": "shortcode! annotation size family", "card": "class iconSrc accent style", "expandable-card": "state! class style",
    "form": "id! multi-submit", "text-field": "name! placeholder required masked minlength maxlength pattern pattern-error-message label title",
    "textarea": "name! placeholder required minlength maxlength pattern pattern-error-message label title",
    "checkbox": "name! value checked label", "radio": "name! value checked", "select": "name! data-placeholder required multiple min max label title id",
    "option": "value! selected", "person-selector": "name! placeholder required value label title", "date-selector": "name! placeholder required",
    "date-picker": "name! value min max disabled-date highlighted-date format placeholder required label title",
    "time-picker": "name! value min max step strict format disabled-time placeholder required label title",
    "timezone-picker": "name! value disabled-timezone placeholder required label title", "button": "name! type class title",
    "ui-action": "action! trigger user-ids stream-id side-by-side target-id", "dialog": "id! width state", "br": "", "hr": "", "header": "", "body": "", "title": "", "footer": "",
}
DATA = {"K": {"type": "x", "version": "1"}, "M": {"type": "com.symphony.user.mention", "id": [{"type": "com.symphony.user.userId", "value": "7"}]},
        "H": {"type": "org.symphonyoss.taxonomy", "id": [{"type": "org.symphonyoss.taxonomy.hashtag", "value": "h"}]}}


class Messages:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.strange = 0.02

    def odd(self):
        return self.random.random() < self.strange

    def attributes(self, tag):
        r, out = self.random, {}
        special = {"cash": {"tag": ["ibm", "x.y", "a1"]}, "date-picker": DATE_PICKER, "time-picker": TIME_PICKER, "timezone-picker": ZONE, "person-selector": SELECTOR}.get(tag, {})
        for name in ATTRIBUTES.get(tag, "class style").split():
            needed, name = name.endswith("!"), name.rstrip("!")
            if r.random() < (0.97 if needed else 0.18):
                values = special.get(name, VALUES[name])
                out[name] = values[0] if r.random() < 0.6 else r.choice(values)
        if tag == "mention" and "uid" not in out and "email" not in out and not self.odd():
            out["uid"] = "7"
        if self.odd():
            name = r.choice(list(VALUES))
            out[name] = r.choice(VALUES[name])
        items = list(out.items())
        r.shuffle(items)
        return "".join(f" {name}={quoteattr(value)}" for name, value in items)

    def text(self):
        return self.random.choice(TEXTS).replace("&", "&amp;").replace("<", "&lt;")

    def element(self, tag, inner):
        return f"<{tag}{self.attributes(tag)}>{inner}</{tag}>" if inner or self.random.random() < 0.3 else f"<{tag}{self.attributes(tag)}/>"

    def some(self, pool, depth, most=3):
        return "".join(self.text() if self.random.random() < 0.4 else self.tree(self.random.choice(pool), depth - 1) for _ in range(self.random.randint(0, most)))

    def tree(self, tag, depth):
        r = self.random
        if depth < 0:
            return self.text()
        anything = LINE + BLOCK if not self.odd() else LINE + BLOCK + FIELDS
        if tag in ("ul", "ol"):
            inner = "".join(self.element("li", self.some(anything, depth)) for _ in range(r.randint(1, 3)))
        elif tag == "table":
            inner = self.tree("tr", depth - 1) + (self.tree("thead", depth - 1) if r.random() < 0.3 else "")
        elif tag == "thead":
            inner = self.tree("tr", depth - 1)
        elif tag == "tr":
            inner = "".join(self.element(r.choice(["td", "th"]), self.some(anything, depth)) for _ in range(r.randint(0, 2)))
        elif tag in ("br", "hr", "img", "chime", "person-selector", "date-selector"):
            inner = "" if not self.odd() else " "
        elif tag in ("hash", "cash", "mention", "date-picker", "time-picker", "timezone-picker"):
            inner = "" if r.random() < 0.9 else self.text()
        elif tag == "card":
            inner = self.element("header", self.some(anything, depth)) + self.element("body", self.some(anything, depth))
        elif tag == "presented-card":
            return f'<div class="{r.choice(["card", "x card", "expandable-card", "cardBody"])}"{r.choice(["", " data-state=%scropped%s" % (chr(34), chr(34))])}><div class="cardHeader">{self.some(LINE, depth)}</div></div>'
        elif tag == "expandable-card":
            inner = self.element("header", self.some(anything, depth)) + self.element("body", self.some(anything, depth))
        elif tag == "entity":
            return f'<{r.choice(["div", "span"])} class="entity" data-entity-id="{r.choice("KKMMHX" if self.odd() else "KMH")}">' .replace("div", "span") + self.some(LINE, depth) + "</span>"
        elif tag == "form":
            inner = self.some(FIELDS + ["p", "div", "table", "b"], depth, 5)
            if not self.odd():
                inner += '<button name="ok">y</button>'
        elif tag == "select":
            inner = "".join(self.element("option", self.text()) for _ in range(r.randint(0 if self.odd() else 1, 3)))
        elif tag == "ui-action":
            inner = "".join("<button>q</button>" for _ in range(r.randint(0 if self.odd() else 1, 2)))
            if r.random() < 0.5:
                return f'<ui-action action="open-dialog" target-id="d"><button>q</button></ui-action><dialog id="d"{r.choice(["", " width=%ssmall%s" % (chr(34), chr(34))])}><title>t</title><body>{self.some(LINE, depth)}</body></dialog>'
        elif tag == "dialog":
            inner = self.element("title", self.text()) + self.element("body", self.some(anything, depth)) + (self.element("footer", "z") if r.random() < 0.5 else "")
        elif tag == "input":
            return f'<input type="{r.choice(["text", "checkbox", "radio", "date", "time", "x"])}" name="n"{r.choice(["", " value=%sa%s" % (chr(34), chr(34)), " required=%strue%s" % (chr(34), chr(34))])}/>'
        elif tag == "box-group":
            kind = r.choice(["checkbox", "radio"])
            return f'<div class="{kind}-group"><input type="{kind}" name="c" id="q"/><label for="q">{self.text()}</label></div>'
        elif tag in ("text-field", "textarea", "button", "option"):
            inner = self.text() if r.random() < 0.6 or tag == "button" else ""
        elif tag in ("checkbox", "radio"):
            inner = self.some(["b", "i"], 1)
        elif tag in ("b", "i", "h1", "h3", "h6", "pre", "code", "emoji"):
            inner = self.some(LINE if not self.odd() else anything, depth)
        else:
            inner = self.some(anything, depth)
        return self.element(tag, inner)

    def message(self):
        r = self.random
        self.strange = r.choice([0, 0, 0.01, 0.05])
        inner = self.some(LINE + BLOCK + BLOCK, r.randint(1, 4), 4)
        root = "messageML" if r.random() < 0.93 else "div"
        head = ' data-format="PresentationML" data-version="2.0"' if root == "div" else ""
        message = {"message": f"<{root}{head}>{inner}</{root}>", "data": json.dumps(DATA)}
        if r.random() < 0.05:
            message["version"] = "1.5"
        return message


if __name__ == "__main__":
    messages = Messages(int(sys.argv[1]))
    for _ in range(int(sys.argv[2])):
        print(json.dumps(messages.message()))
