package bulk_test

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"podium/internal/auth"
	"podium/internal/pod/accounts/bulk"
)

const people = "User Name,E-Mail,First_Name,lastName,TITLE,Asset Classes\r\n" +
	"zoe,zoe@acme.example,Zoé,Müller,Händlerin,Equities;Commodities\r\n" +
	"ann,ann@acme.example,Ann,\"O'Neil, née Ray\",,\r\n"

// TestEncodings checks that the same file reads alike in every recognised encoding.
func TestEncodings(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		encoding encoding.Encoding
		want     bulk.Encoding
	}{
		"UTF-8":                                  {unicode.UTF8, bulk.UTF8},
		"UTF-8 with a byte order mark":           {unicode.UTF8BOM, bulk.UTF8},
		"UTF-16LE":                               {unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), bulk.UTF16LE},
		"UTF-16LE with a byte order mark":        {unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), bulk.UTF16LE},
		"UTF-16BE":                               {unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), bulk.UTF16BE},
		"UTF-16BE with a byte order mark":        {unicode.UTF16(unicode.BigEndian, unicode.UseBOM), bulk.UTF16BE},
		"Windows-1252, as spreadsheets write it": {charmap.Windows1252, bulk.Windows1252},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			data, err := c.encoding.NewEncoder().Bytes([]byte(people))
			if err != nil {
				t.Fatal(err)
			}
			file := bytes.NewReader(data)
			found, err := bulk.Recognise(file)
			if err != nil || found != c.want {
				t.Fatalf("recognised as %s, %v", found, err)
			}
			text, err := bulk.Text(file, found)
			if err != nil {
				t.Fatal(err)
			}
			rows := read(t, csv(t, text))
			if len(rows) != 2 || rows[0].Err != nil || rows[1].Err != nil {
				t.Fatalf("%+v", rows)
			}
			zoe, ann := rows[0].Account, rows[1].Account
			if zoe.FirstName != "Zoé" || zoe.LastName != "Müller" || zoe.Title != "Händlerin" || zoe.DisplayName != "Zoé Müller" ||
				!slices.Equal(zoe.AssetClasses, []string{"Equities", "Commodities"}) || zoe.AccountType != auth.Normal {
				t.Errorf("%+v", zoe)
			}
			if ann.LastName != "O'Neil, née Ray" || ann.Title != "" || ann.AssetClasses != nil {
				t.Errorf("%+v", ann)
			}
		})
	}
}

func TestCSVSeparators(t *testing.T) {
	t.Parallel()
	for _, separator := range []string{",", ";", "\t"} {
		text := strings.ReplaceAll("userName|emailAddress|roles\nann|ann@acme.example|\"individual;L1_SUPPORT\"\n", "|", separator)
		rows := read(t, csv(t, strings.NewReader(text)))
		if len(rows) != 1 || rows[0].Err != nil || rows[0].Account.Username != "ann" ||
			!slices.Equal(rows[0].Account.Roles, []auth.Role{"INDIVIDUAL", "L1_SUPPORT"}) {
			t.Errorf("%q: %+v", separator, rows)
		}
	}
}

// TestCSVHeaders checks that a header that would lose data is refused with a message that names it.
func TestCSVHeaders(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]string{
		"":                              "empty",
		"userName,emailAdress":          `there is no column "emailAdress"`,
		"userName,email,mail":           `"mail" names the column emailAddress a second time`,
		"userName,firstName":            "the column emailAddress is missing",
		"email":                         "the column userName is missing",
		"\"userName,email":              "the header",
		strings.Repeat("x", 3<<20):      "row has more than",
		"userName,email,password,roles": `there is no column "password"`,
	} {
		_, err := bulk.NewCSV(strings.NewReader(header))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60q: %v", header, err)
		}
	}
}

// TestCSVRows checks that an unreadable row gets a verdict, and that later rows are read.
func TestCSVRows(t *testing.T) {
	t.Parallel()
	text := "userName,email,status\n" +
		"one,one@acme.example,disabled\n" +
		"two,two@acme.example\n" +
		"three,three@acme.example,ASLEEP\n" +
		"fo\"ur,four@acme.example,\n" +
		"\n" +
		"five,five@acme.example,\n"
	rows := read(t, csv(t, strings.NewReader(text)))
	want := []string{"", "the row has 2 columns, the header 3", "status: ENABLED or DISABLED", "cannot be read", ""}
	if len(rows) != len(want) {
		t.Fatalf("%d rows: %+v", len(rows), rows)
	}
	for i, row := range rows {
		if (row.Err == nil) != (want[i] == "") || row.Err != nil && !strings.Contains(row.Err.Error(), want[i]) || row.Number != i+1 {
			t.Errorf("row %d: %+v", i+1, row)
		}
	}
	if !rows[0].Account.Disabled || rows[4].Account.Username != "five" || rows[4].Line != 7 {
		t.Errorf("%+v", rows)
	}
}

// TestCSVOfSpreadsheets checks files as spreadsheets save them: columns that no longer exist, rows
// of separators, a line that names the separator, all line endings, quoted names, and empty lines
// at the beginning.
func TestCSVOfSpreadsheets(t *testing.T) {
	t.Parallel()
	const plain = "userName,email,title\none,one@acme.example,\"Trader, senior\"\ntwo,two@acme.example,\n"
	ends := func(with string) string { return strings.ReplaceAll(plain, "\n", with) }
	by := func(separator string) string {
		text := strings.ReplaceAll(plain, "Trader, senior", "Trader| senior")
		return strings.ReplaceAll(strings.ReplaceAll(text, ",", separator), "|", ",")
	}
	for name, text := range map[string]string{
		"plain": plain, "CR LF": ends("\r\n"), "CR": ends("\r"), "no end": strings.TrimSuffix(plain, "\n"), "CR without end": strings.TrimSuffix(ends("\r"), "\r"),
		"empty columns": ends(",,,\n"), "one empty column": ends(",\n"), "rows of commas": plain + ",,,,\n,,\n ,\n", "rows of commas between": ends("\n,,,\n"),
		"rows before the header": ",,,\n\n" + plain,
		"sep=,":                  "sep=,\n" + plain, "sep=;": "sep=;\r\n" + by(";"), "sep=tab": "sep=\t\n" + by("\t"), "SEP in quotes": "\"SEP=;\"\n" + by(";"), "sep with empty columns": "sep=;;;\n" + by(";"),
		"sep=, CR": "sep=,\r" + ends("\r"), "semicolons": by(";"), "tabs": by("\t"), "bars": strings.ReplaceAll(strings.ReplaceAll(plain, "Trader, senior", "Trader# senior"), ",", "|"),
		"quoted names with separators": strings.Replace(plain, "userName,email", "\"user;Name;\",\"e,mail\"", 1), "empty lines first": "\n\r\n" + plain, "spaces": ends(", , ,\n"),
	} {
		if name == "bars" {
			text = strings.ReplaceAll(text, "#", ",")
		}
		rows := read(t, csv(t, strings.NewReader(text)))
		if len(rows) != 2 || rows[0].Err != nil || rows[1].Err != nil || rows[0].Account.Title != "Trader, senior" || rows[1].Account.Username != "two" || rows[1].Account.Email != "two@acme.example" {
			t.Errorf("%s: %q: %+v", name, text, rows)
		}
	}
	rows := read(t, csv(t, strings.NewReader("userName,,email,\none,,one@acme.example,\ntwo,secret,two@acme.example,\nthree,,three@acme.example,x\n")))
	want := []string{"", "column 2 has content and no name", "column 4 has content and no name"}
	for i, row := range rows {
		if len(rows) != 3 || (row.Err == nil) != (want[i] == "") || row.Err != nil && row.Err.Error() != want[i] {
			t.Errorf("row %d: %+v", i+1, row)
		}
	}
}

// TestAnOpenQuote checks that an open quote does not swallow the file or exhaust the memory.
func TestAnOpenQuote(t *testing.T) {
	t.Parallel()
	text := io.MultiReader(strings.NewReader("userName,email\n\"open,x\n"), io.LimitReader(endless{}, 1<<30))
	source := csv(t, text)
	for range 3 {
		_, err := source.Next()
		if err != nil {
			if !strings.Contains(err.Error(), "left open") {
				t.Error(err)
			}
			return
		}
	}
	t.Error("the file was read to its end")
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

func TestJSONL(t *testing.T) {
	t.Parallel()
	text := `{"userName": "one", "emailAddress": "one@acme.example", "assetClasses": ["a;b", "c"], "roles": ["INDIVIDUAL"], "title": null}

{"userAttributes": {"userName": "two", "emailAddress": "two@acme.example", "accountType": "SYSTEM", "currentKey": {"key": "PEM"}}, "userSystemInfo": {"id": 7, "status": "DISABLED"}, "roles": ["USER_PROVISIONING"], "features": []}
{"userName": 3}
{"userName": "four", "isAdmin": true}
[5]
{"userName": "six", "roles": "L1_SUPPORT|L2_SUPPORT"}
`
	rows := read(t, bulk.NewJSONL(strings.NewReader(text)))
	want := []string{"", "", "userName: a string is expected", `there is no attribute "isAdmin"`, "not a JSON object", ""}
	if len(rows) != len(want) {
		t.Fatalf("%d rows: %+v", len(rows), rows)
	}
	for i, row := range rows {
		if (row.Err == nil) != (want[i] == "") || row.Err != nil && !strings.Contains(row.Err.Error(), want[i]) {
			t.Errorf("row %d: %+v", i+1, row)
		}
	}
	one, two, six := rows[0].Account, rows[1].Account, rows[5].Account
	if !slices.Equal(one.AssetClasses, []string{"a;b", "c"}) || !slices.Equal(one.Roles, []auth.Role{"INDIVIDUAL"}) || rows[1].Line != 3 {
		t.Errorf("%+v", one)
	}
	if two.Key != "PEM" || !two.Disabled || two.AccountType != auth.System || !slices.Equal(two.Roles, []auth.Role{"USER_PROVISIONING"}) {
		t.Errorf("%+v", two)
	}
	if len(six.Roles) != 2 {
		t.Errorf("%+v", six)
	}
}

// FuzzSource checks that reading any file ends without a panic, and that each row is a row or a
// verdict.
func FuzzSource(f *testing.F) {
	f.Add([]byte(people))
	f.Add([]byte(`{"userName": "one", "emailAddress": "one@acme.example"}`))
	f.Add([]byte("userName,email\n\"a\"\"b\",\x00\n"))
	f.Add([]byte{0xff, 0xfe, 'u', 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		file := bytes.NewReader(data)
		e, err := bulk.Recognise(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, open := range []func(io.Reader) (bulk.Source, error){
			bulk.NewCSV, func(r io.Reader) (bulk.Source, error) { return bulk.NewJSONL(r), nil },
		} {
			text, err := bulk.Text(file, e)
			if err != nil {
				t.Fatal(err)
			}
			source, err := open(text)
			if err != nil {
				continue
			}
			for n := 1; ; n++ {
				row, err := source.Next()
				if err != nil {
					break
				}
				if row.Number != n {
					t.Fatalf("row %d is called %d", n, row.Number)
				}
			}
		}
	})
}

func csv(t *testing.T, text io.Reader) bulk.Source {
	t.Helper()
	source, err := bulk.NewCSV(text)
	if err != nil {
		t.Fatal(err)
	}
	return source
}

func read(t *testing.T, source bulk.Source) []bulk.Row {
	t.Helper()
	var rows []bulk.Row
	for {
		row, err := source.Next()
		if errors.Is(err, io.EOF) {
			return rows
		}
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
}
