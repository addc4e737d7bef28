package messageml

import (
	"slices"
	"strings"

	"podium/internal/messageml/jsontree"
)

// tag names a financial instrument. There is no service of instruments, so the ticker that the
// author gives is what is shown.
var tag = &kind{name: "tag", class: "tag", bit: inOther,
	attributes: texts("fallback-ticker", "isin", "figi", "figi-ticker", "bbgcompticker", "fullbbgcompticker", "us-code", "local-code",
		"unique-id", "instrument-class", "bbgmarket-sector", "return-main-listing", "country-code", "operational-mic"),
	numbered: true,
	check: func(b *builder, e *element) error {
		e.children = nil
		if err := e.exactly("instrument-class", "equity", "index", "fxcross"); err != nil {
			return err
		}
		if err := e.exactly("bbgmarket-sector", "Equity", "Comdty", "Corp", "Curncy", "Govt", "Index", "Mmkt", "Mtge", "Muni", "Pfd"); err != nil {
			return err
		}
		ticker, ok := e.get("fallback-ticker")
		if !ok {
			return refuse(`No instrument found , "fallback-ticker" attribute is required`)
		}
		e.entity = &entity{text: "$" + ticker, tag: ticker}
		var err error
		e.entity.id, err = b.entry(e, "tag", func() *jsontree.Object {
			return identified(securityType, securityType+".id.ticker", ticker)
		})
		return err
	},
	write: writeEntity,
}

// exactly refuses a value that is not one of those given, in the words that the tag element has.
func (e *element) exactly(name string, values ...string) error {
	if given, ok := e.get(name); ok && !slices.Contains(values, given) {
		return refuse(`the attribute "%s" must be one of those values [%s]`, name, strings.Join(values, ", "))
	}
	return nil
}
