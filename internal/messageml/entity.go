package messageml

import (
	"strconv"
	"strings"

	"podium/internal/messageml/jsontree"
)

// entity is what a mention, hashtag, cashtag, emoji or time became.
type entity struct {
	id   string // in EntityJSON
	text string
	user int64  // of a mention that was resolved
	tag  string // of a hashtag or cashtag
	mail string // of a mention that became a link
	bare bool   // the text alone is written
}

// span writes the element of an entity. An entity that was a div stays one.
func (w *writer) span(e *element, content func()) {
	tag := "span"
	if e.tag == "div" {
		tag = "div"
	}
	w.open(tag)
	w.attr("class", "entity")
	w.attr("data-entity-id", e.entity.id)
	w.end()
	content()
	w.close(tag)
}

func writeEntity(w *writer, e *element) {
	w.span(e, func() { w.escape(e.entity.text) })
}

// presentedEntity is what the PresentationML form of an entity may have.
var presentedEntity = attributes{"class": dropped, "data-entity-id": anyText, "style": {as: "-", read: readStyle}}

var mention = &kind{name: "mention", class: "mention", bit: inMention,
	attributes: attributes{"uid": int64Attribute("uid"), "email": anyText, "strict": anyText}, presented: presentedEntity,
	numbered: true, check: checkMention,
	write: func(w *writer, e *element) {
		switch {
		case e.entity.bare:
			w.escape(e.entity.text)
		case e.entity.mail != "":
			w.open("a")
			w.attr("href", e.entity.mail)
			w.end()
			if len(e.children) == 0 {
				w.escape(e.entity.text)
			}
			w.children(e)
			w.close("a")
		default:
			writeEntity(w, e)
		}
	},
}

func checkMention(b *builder, e *element) error {
	if id, ok := e.get("data-entity-id"); ok {
		value, _ := identity(b.entityData(id))
		user, ok := b.users.ByID[mentionID(value)]
		if !ok {
			return refuse(`Failed to lookup user "%d"`, mentionID(value))
		}
		e.entity = &entity{id: id, text: "@" + user.Name, user: user.ID}
		e.children = nil
		return nil
	}
	uid, byID := e.get("uid")
	email, byEmail := e.get("email")
	if !byID && !byEmail {
		b.refuseLater("Error processing user mention. No id or email provided")
		e.entity = &entity{}
		return nil
	}
	var user User
	var known bool
	asked := email
	if byID {
		user, known = b.users.ByID[mentionID(uid)]
		asked = uid
	} else {
		user, known = b.users.ByEmail[email]
	}
	if strict, given := e.get("strict"); !known && (!given || strings.EqualFold(strict, "true")) {
		return refuse(`Failed to lookup user "%s"`, asked)
	}
	switch {
	case known:
		e.entity = &entity{text: "@" + user.Name, user: user.ID}
	case byID:
		e.entity = &entity{text: uid}
		user.ID = mentionID(uid)
	default:
		e.entity = &entity{text: email, mail: "mailto:" + email, bare: !isURI("mailto:" + email)}
		return nil
	}
	e.children = nil
	var err error
	e.entity.id, err = b.entry(e, "mention", func() *jsontree.Object {
		return identified(mentionType, userIDType, strconv.FormatInt(user.ID, 10))
	})
	return err
}

var hash = keyword("hash", inHash, "#", hashtagType, hashtagType+".hashtag", func(value string) error {
	if !isHashtag(value) {
		return refuse("Values of the attribute 'tag' for the element 'hash' must match the pattern %s.", hashtagPattern)
	}
	return nil
})

var cash = keyword("cash", inCash, "$", securityType, securityType+".id.ticker", nil)

// keyword returns a hashtag or a cashtag.
func keyword(name string, bit mask, sign, entryType, idType string, allowed func(string) error) *kind {
	k := &kind{name: name, class: name + "tag", bit: bit, attributes: texts("tag"), presented: presentedEntity, numbered: true, write: writeEntity}
	k.check = func(b *builder, e *element) error {
		e.children = nil
		value, given := e.get("tag")
		id, presented := e.get("data-entity-id")
		if presented {
			value, given = identity(b.entityData(id))
		}
		if !given {
			return refuse(`The attribute "tag" is required`)
		}
		if allowed != nil {
			if err := allowed(value); err != nil {
				return err
			}
		}
		e.entity = &entity{id: id, text: sign + value, tag: value}
		if presented {
			return nil
		}
		var err error
		e.entity.id, err = b.entry(e, "keyword", func() *jsontree.Object { return identified(entryType, idType, value) })
		return err
	}
	return k
}

// hashtagPattern is the published pattern. isHashtag reports what it matches as a whole.
const hashtagPattern = "[\\S]*[^\\s!@#$%^&*()+=<>,./?`~:;'\"\\\\|-]+[\\S]*$"

func isHashtag(value string) bool {
	letter := false
	for _, r := range value {
		if strings.ContainsRune(" \t\n\v\f\r", r) {
			return false
		}
		letter = letter || !strings.ContainsRune("!@#$%^&*()+=<>,./?`~:;'\"\\|-", r)
	}
	return letter
}
