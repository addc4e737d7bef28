package directory_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/pod/accounts"
	"podium/internal/wire"
	"podium/podtest"
)

// oddNames holds names with the characters that a search must handle.
var oddNames = []string{
	"Zoë Müller", "ZOE MULLER", "Jean-Luc O'Brien", "(Ext) Smith, John", "Łukasz Żółć", "Bjørn Æsir", "Straße Weiß", "İstanbul ışık",
	"Αλέξανδρος Παπαδόπουλος", "Σοφίας ΣΟΦΙΑΣ", "Пётр Чайковский", "Юлия Ёлкина", "山田太郎", "山田 花子", "김철수", "한글 이름", "محمد عبد الله", "مُحَمَّد",
	"משה כהן", "שָׁלוֹם", "हिन्दी नाम", "ｆｕｌｌ ｗｉｄｔｈ", "ﬁne ligature", "😀 Smiley 👩\u200d👩\u200d👧", "100% _under_", "a\\b 'quote' \"double\"", "%", "_", "*star*",
	"Robert'); DROP TABLE users;--", "a", "aa", "aaa", "ab abc abcd", "x" + strings.Repeat("y", 250), strings.Repeat("w ", 120), "نرم\u200cافزار", "क्\u200dष",
	"two  spaces", "nbsp\u00a0name", "\U0010fffd edge", "\ud7ff edge", "combining e\u0301\u0323", "１２３ numbers 123",
}

// plantOdd creates accounts with those names.
func plantOdd(t testing.TB, p *podtest.Pod) {
	t.Helper()
	for i, name := range oddNames {
		_, err := db.Write(context.Background(), p.Inner.DB, func(tx *db.Tx) (struct{}, error) {
			company, at := auth.Caller{Company: 190}, "@acme.example"
			if i%5 == 4 {
				company, at = auth.Caller{Company: 191}, "@globex.example"
			}
			parts := strings.Fields(name)
			_, err := p.Inner.Accounts.Create(tx, company, accounts.New{Attributes: accounts.Attributes{
				AccountType: auth.Normal, Username: "odd" + string(rune('a'+i%26)) + string(rune('0'+i/26)),
				Email: "odd" + string(rune('a'+i/26)) + string(rune('a'+i%26)) + at, DisplayName: name,
				FirstName: clip(parts[0]), LastName: clip(parts[len(parts)-1]),
			}})
			return struct{}{}, err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func clip(text string) string { return first(text, 64) }

// TestSearchAttack checks that no query fails with 5xx, and that each finds what a plain scan
// finds.
func TestSearchAttack(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		plantOdd(t, p)
		alice := p.User("alice")
		all := everybody(t, p)
		open := map[wire.UserID]bool{}
		for _, u := range all {
			open[u.ID] = true
		}
		random := rand.New(rand.NewPCG(7, 11))
		answered := 0
		for range 5_000 { // on each kind of database
			query := randomQuery(random)
			local := random.IntN(2) == 0
			path := "?limit=1000"
			if local {
				path += "&local=true"
			}
			got, a := search(alice, path, query, nil)
			switch a.Status {
			case 400: // no words, too many, too long, NUL
				continue
			case 200:
				answered++
			default:
				t.Fatalf("%q: %d %s", query, a.Status, a.Body)
			}
			want := idsOf(scan(all, 190, open, local, query, nil, nil))
			if !slices.Equal(got.ids(), want) || got.Count != int64(len(want)) || got.Limit != got.Count {
				t.Fatalf("%q, local %t: found %d of %d: %v, the plain scan %v", query, local, len(got.Users), got.Count, got.ids(), want)
			}
		}
		if answered < 2_500 {
			t.Errorf("only %d of the searches were ones", answered)
		}
	})
}

// randomQuery returns pieces of names and of problematic text in random order.
func randomQuery(random *rand.Rand) string {
	odd := []string{
		"'", "\"", "%", "_", "*", "?", "\\", ";", "--", "/*", "$1", "?1", "OR", "AND", "NOT", "NEAR(", ")", "(", "\x00", "\u202e", "\u200d", "\n", "\t", "\u00a0",
		"😀", "👩\u200d👩\u200d👧", "\u0301", "\U0010ffff", "\ufffd", "\ufdfa", "א", "م", "İ", "ß", "ﬀ", strings.Repeat("y", 300), strings.Repeat("y", 70), strings.Repeat("b ", 20), "@", "odd", "x",
	}
	var b strings.Builder
	for range 1 + random.IntN(3) {
		if random.IntN(3) == 0 {
			b.WriteString(odd[random.IntN(len(odd))])
		} else {
			name := []rune(oddNames[random.IntN(len(oddNames))])
			begin := random.IntN(len(name))
			if random.IntN(2) == 0 {
				begin = 0
			}
			b.WriteString(string(name[begin:min(len(name), begin+1+random.IntN(12))]))
		}
		if random.IntN(2) == 0 {
			b.WriteByte(' ')
		}
	}
	return b.String()
}
