package wording_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"podium/internal/wording"
)

// names are names of people and things as they are written. Each is accepted, and no two have the
// same fold.
var names = []string{
	// Latin
	"Jane Doe", "José Ñúñez", "Zoë Müller-Lüdenscheidt", "O'Neil, née Ray", "Đặng Thị Ánh Nguyệt", "Nguyễn Văn Tỵ", "Łukasz Żółć", "İbrahim Çağlar", "Þórarinn Æsir",
	"Ṣàngó Ọláyẹmí", "Māori Tūroa", "Jürgen “JJ” Groß", "D’Angelo", "Jean‑Luc", "Ådne Øystein", "Ștefan Țepeș", "Kālidāsa", "A\u0302\u0301n (taken apart)", "R2-D2 & C-3PO", "50 % off: 100 € / £80",
	// Arabic and Hebrew
	"محمد علي", "فاطمة الزهراء", "مُحَمَّدٌ", "می\u200cخواهم", "خانه\u200cها", "PDF\u200cها", "۵\u200cتایی", "۱۴۰۲ ه\u200d. ق", "علی\u200cرضا", "نسرین ستوده", "اردو نام", "دָוִד", "דוד בן־גוריון", "שָׁלוֹם", "בְּרֵאשִׁ֖ית", "David \u200fדוד\u200f (IL)", "\u200eمحمد", "ملاحظة ١: نعم", "ܫܠܡܐ", "މުޙައްމަދު",
	// Devanagari, Tamil and their neighbours
	"नरेन्द्र मोदी", "क्\u200dष", "क्\u200cष", "श्रीमान्\u200d", "தமிழ்நாடு", "க்\u200cஷ", "র\u200d্যাব", "র\u200c্যাব", "ශ්\u200dරී ලංකා", "കുമാര്\u200d", "കുമാർ", "మహేష్ బాబు", "ಕನ್ನಡ ರ್\u200dಯ", "ਗੁਰਮੀਤ ਸਿੰਘ", "ગુજરાતી", "ଓଡ଼ିଆ", "ဒေါ်အောင်ဆန်းစုကြည်", "ភ្នំពេញ", "བཀྲ་ཤིས", "สมชาย ใจดี", "ລາວ", "꧋ꦗꦮ",
	// Han, Kana, Hangul
	"王小明", "李小龍", "田中 さくら", "山田　太郎", "葛\U000e0100城", "辻\U000e0101さん", "渡邉\ufe00", "ジョン・スミス", "ｶﾀｶﾅ", "김철수", "박\u1107\u1161\u11a8", "がぎぐ", "〇二", "𠮷野家", "한국어 방",
	// Cyrillic and Greek
	"Владимир Ильич", "Йосип Ґалаґан", "Љубица Њ", "Ёлка", "Алексе́й", "Αλέξανδρος Παπαδόπουλος", "ᾼδης", "Σίσυφος", "Ὀδυσσεύς", "Қазақ тілі", "Ѳедоръ", "Հայաստան", "საქართველო", "ኢትዮጵያ", "ᏣᎳᎩ", "ᠮᠣᠩᠭᠣᠯ\u180bᠠ", "ᠪᠠᠢᠭ\u180eᠠ",
	// Emoji
	"Launch 🚀", "❤️", "❤\ufe0e plain", "👍🏽 team", "👨\u200d👩\u200d👧", "👩🏾\u200d💻 dev", "🏳️\u200d🌈", "🏴\u200d☠️", "🧑\u200d🤝\u200d🧑", "👁️\u200d🗨️", "❤️\u200d🔥", "🙂\u200d↔️", "🐻\u200d❄️", "🧑🏻\u200d❤️\u200d💋\u200d🧑🏿", "🇩🇪 Desk", "🇨🇭🇦🇹", "1️⃣ first", "#️⃣", "*️⃣",
	"🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f fans", "🏴\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f",
	"🏴\U000e0075\U000e0073\U000e0074\U000e0078\U000e007f Texas", "™️ and ©️", "☎️ ☺︎", "⌚", "🫨🫠", "🦰", "🏿", "\U0001faea of next year", "\U0001fae9", "\uf8ff",
	// Signs
	"C++ / C#", "<b>not bold</b>", "50¢ – “a” … ‹b›", "№ 5", "½", "x² + y²", "→ next", "∑∫", "♥ ♣", "𝕏", "\u00a0narrow\u202fspaces", "⠃⠗⠇⠀⠁",
	"\u0600١٢", "\u06dd",
}

func TestNamesAreTaken(t *testing.T) {
	t.Parallel()
	if len(names) < 120 {
		t.Fatalf("only %d names", len(names))
	}
	of := map[string]string{}
	for _, name := range names {
		if err := wording.Line("name", name); err != nil {
			t.Errorf("%q (%+q): %v", name, name, err)
		}
		if err := wording.Prose("text", name); err != nil {
			t.Errorf("%q as prose: %v", name, err)
		}
		if !wording.Visible(name) {
			t.Errorf("%q: nothing can be seen", name)
		}
		of[wording.Fold(name)] += "|" + name
	}
	same := map[string]bool{ // spelled with different joiners, they are one name
		"क्\u200dष|क्\u200cष": true, "র\u200d্যাব|র\u200c্যাব": true,
	}
	for _, list := range of {
		if strings.Count(list, "|") > 1 && !same[list[1:]] {
			t.Errorf("one name: %+q", list)
		}
	}
}

// TestLinesThatAreRefused lists texts, each with the reason why it is refused.
func TestLinesThatAreRefused(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		"two\nlines": "a line break", "a\r": "a line break", "\r\n": "a line break", "a\u2028b": "a line break", "a\u2029b": "a line break", "a\u0085b": "a line break",
		"\x1b[31mred\x1b[0m": "a control character (U+001B)", "a\tb": "a control character (U+0009)", "bell\a": "a control character (U+0007)",
		"\x00": "a control character (U+0000)", "\x7f": "a control character (U+007F)", "a\u009bm": "a control character (U+009B)",
		"user\u202egpj.exe": "changes the direction of writing (U+202E)", "\u202dx": "(U+202D)", "\u2066x\u2069": "(U+2066)", "\u202a": "(U+202A)", "م\u202cد": "(U+202C)",
		"\u200b": "an invisible character (U+200B)", "Ale\u00adrts": "(U+00AD)", "Ale\u2060rts": "(U+2060)", "\ufeffname": "(U+FEFF)", "\u3164": "(U+3164)", "\uffa0": "(U+FFA0)",
		"\u115f\u1160": "(U+115F)", "a\u034fb": "(U+034F)", "a\u180eb": "(U+180E)", "a\u2063b": "(U+2063)", "a\u206ab": "(U+206A)", "\u17b4": "(U+17B4)",
		"\U000e0041\U000e0042": "(U+E0041)", "a\U000e0001b": "(U+E0001)", "a\U000e0fffb": "(U+E0FFF)", "\U0001d173": "(U+1D173)", "\ufff9a\ufffab\ufffb": "(U+FFF9)",
		"Alerts\u200e": "(U+200E)", "Alerts\u200f": "(U+200F)", "Alerts\u061c": "(U+061C)",
		"Ale\u200drts": "(U+200D)", "Ale\u200crts": "(U+200C)", "Alerts\u200d": "(U+200D)", "\u200dAlerts": "(U+200D)", "Але\u200cрты": "(U+200C)", "名\u200d前": "(U+200D)",
		"می\u200c\u200cخواهم": "(U+200C)", "می\u200d\u200cخواهم": "(U+200D)", "\u200c\u200d\u200c": "(U+200C)",
		"👨\u200d": "(U+200D)", "👨\u200d\u200d👩": "(U+200D)", "a\u200d👩": "(U+200D)", "👩\u200da": "(U+200D)", "\u200d👩": "(U+200D)", "👍\u200c👍": "(U+200C)",
		"a\ufe0f": "(U+FE0F)", "1\ufe0f": "(U+FE0F)", "\ufe0f": "(U+FE0F)", "❤\ufe0f\ufe0f": "(U+FE0F)", "❤\ufe00": "(U+FE00)", "a\U000e0100": "(U+E0100)", "名\U000e0100\U000e0101": "(U+E0101)", "名\ufe0f": "(U+FE0F)", "a\u180b": "(U+180B)",
		"🏴\U000e0067\U000e0062": "(U+E0067)", "🏴\U000e0067\U000e007f": "(U+E0067)", "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e0067\U000e0067\U000e007f": "(U+E0067)", "🏴\U000e0020\U000e0041\U000e0042\U000e007f": "(U+E0020)", "👍\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f": "(U+E0067)", "🏴\U000e007f": "(U+E007F)",
		"\u2800": "nothing in it can be seen", "\u2800 \u2800": "nothing", "\ufffc": "nothing", "\u0301": "nothing", "\U0001d159": "nothing",
		"\ufdd0": "not valid", "a\uffff": "not valid", "\U0010ffff": "not valid", "\xff": "not valid", "a\xc3": "not valid", "\xed\xa0\x80": "not valid",
		"Z" + strings.Repeat("\u0301", 9) + "algo": "too many marks",
	} {
		err := wording.Line("displayName", value)
		if err == nil || !strings.HasPrefix(err.Error(), "displayName: ") || !strings.Contains(err.Error(), want) {
			t.Errorf("%+q: %v, where %q is expected", value, err, want)
		}
	}
	for _, value := range []string{"", " ", "\u00a0", "\u3000\u3000", "Z" + strings.Repeat("\u0301", 8)} {
		if err := wording.Line("department", value); err != nil {
			t.Errorf("%+q: %v", value, err)
		}
	}
}

// TestLongTexts checks that the cost grows linearly with the length of a text.
func TestLongTexts(t *testing.T) {
	t.Parallel()
	for _, unit := range []string{"\u200f", "م\u200c", "👨\u200d", "🏴\U000e0067", "e\u0301", "❤\ufe0f", "葛\U000e0100", "\u2800", "a"} {
		value := strings.Repeat(unit, 20_000) + "م"
		_, _, _ = wording.Line("name", value), wording.Prose("text", value), wording.Fold(value)
	}
}

// ignorable is Default_Ignorable_Code_Point of Unicode's DerivedCoreProperties.txt, with the
// control characters and separators.
var ignorable = [][2]rune{
	{0, 0x1f}, {0x7f, 0x9f}, {0xad, 0xad}, {0x34f, 0x34f}, {0x61c, 0x61c}, {0x115f, 0x1160}, {0x17b4, 0x17b5}, {0x180b, 0x180f}, {0x200b, 0x200f},
	{0x2028, 0x202e}, {0x2060, 0x206f}, {0x3164, 0x3164}, {0xfe00, 0xfe0f}, {0xfeff, 0xfeff}, {0xffa0, 0xffa0}, {0xfff0, 0xfffb}, {0x13430, 0x13440},
	{0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff},
}

// TestEveryCodePoint checks every code point: a line accepts visible characters and refuses
// invisible ones, which make no difference in a name.
func TestEveryCodePoint(t *testing.T) {
	t.Parallel()
	hidden := func(r rune) bool {
		for _, pair := range ignorable {
			if r >= pair[0] && r <= pair[1] && (r != 0x13440) {
				return true
			}
		}
		return false
	}
	refused := 0
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if !utf8.ValidRune(r) {
			continue
		}
		nonchar := r&0xfffe == 0xfffe || r >= 0xfdd0 && r <= 0xfdef
		value := "a" + string(r) + "b"
		err := wording.Line("name", value)
		if (err != nil) != (hidden(r) || nonchar) {
			t.Errorf("U+%04X: %v", r, err)
		}
		if err != nil {
			refused++
		}
		if hidden(r) && !unicode.IsSpace(r) && wording.Fold(value) != "ab" {
			t.Errorf("U+%04X makes a different name: %+q", r, wording.Fold(value))
		}
		if hidden(r) && (wording.Line("name", string(r)) == nil || wording.Visible(string(r))) {
			t.Errorf("U+%04X alone is accepted, or visible", r)
		}
		if err := wording.Prose("text", value); (err != nil) != (nonchar || unicode.Is(unicode.Cc, r) && !strings.ContainsRune("\r\n\t", r) || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069) {
			t.Errorf("U+%04X in prose: %v", r, err)
		}
		if hidden(r) && wording.Identifier("userName", value) == nil {
			t.Errorf("U+%04X is accepted in an identifier", r)
		}
	}
	if refused < 4000 {
		t.Errorf("only %d are refused", refused)
	}
}

func TestIdentifiers(t *testing.T) {
	t.Parallel()
	for _, good := range []string{"jane.doe", "ACME\\jane", "jane+1@acme.example", "Müller", "王小明", "Jane Doe", "محمد", "bot-🚀"} {
		if err := wording.Identifier("userName", good); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
	for _, bad := range []string{"می\u200cخواهم", "👨\u200d👩", "❤\ufe0f", "葛\U000e0100", "a\u2800", "a\u200b", "\u200fדוד", "a\nb"} {
		if err := wording.Identifier("userName", bad); err == nil || !strings.HasPrefix(err.Error(), "userName: it has") {
			t.Errorf("%+q: %v", bad, err)
		}
	}
}

// TestChanged checks that an unchanged text is not checked.
func TestChanged(t *testing.T) {
	t.Parallel()
	old := wording.Text{Field: "title", Was: "a\nb", Value: "a\nb"}
	if err := wording.Changed(old, wording.Text{Field: "name", Value: "x"}); err != nil {
		t.Error(err)
	}
	if err := wording.Changed(old, wording.Text{Field: "name", Was: "a\nb", Value: "a\n"}); err == nil || err.Error() != "name: it has a line break" {
		t.Error(err)
	}
	if err := wording.Changed(wording.Text{Field: "url", Value: "data:x", Check: wording.Link}); err == nil {
		t.Error("a link of data is taken")
	}
	if err := wording.ChangedList("function", []string{"a\n"}, []string{"b", "a\n"}); err != nil {
		t.Error(err)
	}
	if err := wording.ChangedList("function", []string{"a"}, []string{"a", "b\n"}); err == nil || err.Error() != "function: it has a line break" {
		t.Error(err)
	}
}

func TestFolds(t *testing.T) {
	t.Parallel()
	for _, same := range [][]string{
		{"alerts", "Alerts", "ALERTS", "Ａｌｅｒｔｓ", "Ale\u200brts", "Ale\u00adrts", "\u202eAlerts", "Ale\artS", "Alerts\ufe0f", "A\u2060lerts\ufeff", "Alerts\U000e0041", "\u3164Alerts", "𝐀lerts"},
		{"é", "É", "e\u0301", "e\u200b\u0301"}, {"straße", "STRASSE"}, {"가", "\u1100\u1161", "\u1100\u200b\u1161"}, {"میخواهم", "می\u200cخواهم"},
		{"❤", "❤️", "❤\ufe0e"}, {"🏴", "🏴\U000e0067\U000e007a\U000e007a\U000e007a\U000e007f"}, {"葛", "葛\U000e0100"}, {"σ", "ς", "Σ"}, {"ᏣᎳᎩ", "ꮳꮃꭹ"}, {"Ᏸ", "ᏸ"}, {"a b", "a\u2800b", "a\u00a0b", "a\nb", "a\tb"},
	} {
		for _, value := range same {
			if got := wording.Fold(value); got != wording.Fold(same[0]) {
				t.Errorf("%+q is %+q, and %+q is %+q", value, got, same[0], wording.Fold(same[0]))
			}
		}
	}
	differ := []string{"🏴", "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f", "е", "e", "é", "ı", "i", "👍🏽", "👍", "👍🏿"}
	seen := map[string]string{}
	for _, value := range differ {
		if other, ok := seen[wording.Fold(value)]; ok {
			t.Errorf("%+q is %+q", value, other)
		}
		seen[wording.Fold(value)] = value
	}
}

func TestLinks(t *testing.T) {
	t.Parallel()
	for _, good := range []string{
		"https://news.example/1?a=b&c=d#top", "http://127.0.0.1:8080/", "HTTPS://News.Example", "https://müller.example/größe", "https://[::1]:443/x", "https://news.example/%0a",
		"https://news.example/javascript:alert(1)", "https://例え.jp/",
	} {
		if err := wording.Link("articleUrl", good); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
	for _, bad := range []string{
		"javascript:alert(1)", "JavaScript:alert(1)", " javascript:alert(1)", "java\nscript:alert(1)", "java\tscript:alert(1)", "\x01javascript:alert(1)", "javascript\u200b:alert(1)",
		"javascript://news.example/%0aalert(1)", "data:text/html,<script>alert(1)</script>", "DATA:text/html;base64,PHNjcmlwdD4=", "vbscript:x", "file:///etc/passwd", "blob:https://a.example/1",
		"https:alert(1)", "https:/news.example", "https:///x", "http://", "https://", "//news.example", "/logout", "news.example", "about:blank", "ftp://news.example", "mailto:a@b.example",
		"https://bank.example@evil.example/", "https://a:b@evil.example/", "https://news.example/a b", "https://news.example\\@evil.example", "https://news.example/\u202egpj", "https://news.example\r\nX: y", "view-source:https://a.example",
		"https://news.example/\u200b", "https://news.example:x/", "https://[::1", "%6aavascript:alert(1)", "h\u0442tps://news.example",
	} {
		if err := wording.Link("articleUrl", bad); err == nil || !strings.HasPrefix(err.Error(), "articleUrl: ") {
			t.Errorf("%+q: %v", bad, err)
		}
	}
}

// FuzzNames inserts an invisible character into an accepted name: it is refused, or the name stays
// the same.
func FuzzNames(f *testing.F) {
	for i, name := range names {
		f.Add(name, i)
	}
	hidden := []rune{0x200b, 0x200c, 0x200d, 0x200e, 0x200f, 0x202e, 0x2060, 0xad, 0xfeff, 0xfe0f, 0xfe0e, 0xfe00, 0x34f, 0x3164, 0x115f, 0x180b, 0x180e, 0xe0067, 0xe007f, 0xe0100, 7, 0x1b, '\n', 0x2028, 0x61c, 0x17b4, 0x1d173}
	f.Fuzz(func(t *testing.T, name string, at int) {
		folded := wording.Fold(name)
		if again := wording.Fold(folded); again != folded {
			t.Fatalf("%+q: %+q, and then %+q", name, folded, again)
		}
		if wording.Line("name", name) != nil {
			return
		}
		if strings.ContainsFunc(name, unicode.IsControl) || !utf8.ValidString(name) || strings.ContainsAny(name, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069") {
			t.Fatalf("%+q is taken", name)
		}
		if strings.TrimSpace(name) != "" && !wording.Visible(name) {
			t.Fatalf("%+q is taken, and cannot be seen", name)
		}
		runes := []rune(name)
		place := int(uint(at) % uint(len(runes)+1))
		for _, r := range hidden {
			other := string(runes[:place]) + string(r) + string(runes[place:])
			if wording.Line("name", other) == nil && wording.Fold(other) != folded && !split(runes, place) {
				t.Fatalf("%+q beside %+q: %+q, %+q", other, name, wording.Fold(other), folded)
			}
		}
		_ = wording.Prose("text", name)
		_ = wording.Identifier("userName", name)
		_ = wording.Link("articleUrl", name)
	})
}

// split reports whether an insertion at a place would split a flag, which changes what is visible.
func split(name []rune, at int) bool {
	return at < len(name) && name[at] >= 0xe0020 && name[at] <= 0xe007f
}

func ExampleLine() {
	fmt.Println(wording.Line("displayName", "Jane\u202eDoe"))
	// Output: displayName: it has a character that changes the direction of writing (U+202E)
}
