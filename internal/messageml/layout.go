package messageml

// plain are the tags whose output is what they were.
var plain = []*kind{
	line("b", "bold", inBold), line("i", "italic", inItalic),
	line("h1", "header", inOther), line("h2", "header", inOther), line("h3", "header", inOther),
	line("h4", "header", inOther), line("h5", "header", inOther), line("h6", "header", inOther),
	{name: "p", class: "paragraph", bit: inOther, attributes: global, write: same("p")},
	{name: "sub", class: "subscript", bit: inSub, attributes: global, write: same("sub")},
	{name: "sup", class: "superscript", bit: inSup, attributes: global, write: same("sup")},
}

// line returns a tag that holds the content of a line.
func line(name, class string, bit mask) *kind {
	return &kind{name: name, class: class, bit: bit, attributes: global, write: same(name),
		check: func(_ *builder, e *element) error { return e.only(phrasing) }}
}

var (
	div  = &kind{name: "div", class: "div", bit: inOther, attributes: global, write: same("div")}
	span = &kind{name: "span", class: "span", bit: inSpan, attributes: global, write: same("span")}
)

// pre keeps the line breaks of all texts in it.
var pre = &kind{name: "pre", class: "preformatted", bit: inPre, attributes: global,
	check: func(_ *builder, e *element) error { return e.only(phrasing) },
	write: func(w *writer, e *element) {
		w.verbatim++
		same("pre")(w, e)
		w.verbatim--
	},
}

var code = &kind{name: "code", class: "code", bit: inOther, keepsLines: true,
	attributes: attributes{"language": anyText, "data-language": kept("language"), "class": dropped, "style": global["style"]},
	check: func(_ *builder, e *element) error {
		if err := e.oneOf("language", "language", "plaintext", "c", "cpp", "csharp", "css", "html", "java", "js", "jsx", "php", "python",
			"r", "typescript", "tsx", "markdown", "json", "scala", "shell", "yaml"); err != nil {
			return err
		}
		return e.only(phrasing | inPre)
	},
	write: func(w *writer, e *element) {
		w.open("code")
		w.given(e, "language", "data-language")
		w.given(e, "style", "style")
		w.end()
		w.children(e)
		w.close("code")
	},
}

var (
	bulletList  = &kind{name: "ul", class: "bulletlist", bit: inOther, attributes: global, check: checkList, write: same("ul")}
	orderedList = &kind{name: "ol", class: "orderedlist", bit: inOther, attributes: global, check: checkList, write: same("ol")}
	item        = &kind{name: "li", class: "listitem", bit: inItem, attributes: global, write: same("li"),
		check: func(_ *builder, e *element) error { return e.childOf("orderedlist", "bulletlist") }}
)

func checkList(_ *builder, e *element) error {
	if err := e.noText(); err != nil {
		return err
	}
	if err := e.only(inItem); err != nil {
		return err
	}
	return e.atLeastOne("listitem")
}

var (
	table     = &kind{name: "table", class: "table", bit: inOther, attributes: global, check: tableOf(inHead | inRow), write: same("table")}
	tableHead = &kind{name: "thead", class: "tableheader", bit: inHead, attributes: global, check: tableOf(inRow), write: same("thead")}
	tableBody = &kind{name: "tbody", class: "tablebody", bit: inHead, attributes: global, check: tableOf(inRow), write: same("tbody")}
	tableFoot = &kind{name: "tfoot", class: "tablefooter", bit: inHead, attributes: global, check: tableOf(inRow), write: same("tfoot")}
	row       = &kind{name: "tr", class: "tablerow", bit: inRow, attributes: global, check: tableOf(inCell), write: same("tr")}
	headCell  = &kind{name: "th", class: "tableheadercell", bit: inCell, attributes: global, write: same("th")}
	cell      = &kind{name: "td", class: "tablecell", bit: inCell, write: same("td"),
		attributes: global.with(attributes{"rowspan": int64Attribute("rowspan"), "colspan": int64Attribute("colspan")})}
)

// tableOf checks a part of a table that holds nothing but the kinds given.
func tableOf(allowed mask) func(*builder, *element) error {
	return func(_ *builder, e *element) error {
		if err := e.noText(); err != nil {
			return err
		}
		return e.only(allowed)
	}
}

var (
	lineBreak = void("br", "linebreak", inBreak)
	rule      = void("hr", "horizontalrule", inOther)
)

// void returns a tag that has neither attributes nor content.
func void(name, class string, bit mask) *kind {
	return &kind{name: name, class: class, bit: bit, check: noContent, write: func(w *writer, _ *element) {
		w.open(name)
		w.closed()
	}}
}

func noContent(_ *builder, e *element) error { return e.empty() }

var image = &kind{name: "img", class: "image", bit: inImage, attributes: global.with(texts("src")),
	check: func(_ *builder, e *element) error {
		if err := e.empty(); err != nil {
			return err
		}
		return e.require("src")
	},
	write: func(w *writer, e *element) {
		w.open("img")
		w.all(e)
		w.closed()
	},
}

// ChimeSource is the only sound that a message may play.
const ChimeSource = "https://asset.symphony.com/symphony/audio/chime.mp3"

var (
	chime = chimeKind(true)
	audio = chimeKind(false)
)

// chimeKind returns a chime, or the audio that it becomes.
func chimeKind(shorthand bool) *kind {
	k := &kind{name: "chime", class: "chime", bit: inChime, attributes: texts("src", "autoplay")}
	k.check = func(_ *builder, e *element) error {
		if src, ok := e.get("src"); ok && src != ChimeSource || !ok && !shorthand {
			return refuse(`Attribute "src" value needs to be "%s"`, ChimeSource)
		}
		return e.empty()
	}
	k.write = func(w *writer, _ *element) {
		w.open("audio")
		w.attr("src", ChimeSource)
		w.attr("autoplay", "true")
		w.closed()
	}
	return k
}
