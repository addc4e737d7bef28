package transcript_test

import (
	"strings"
	"testing"

	"podium/internal/transcript"
)

// No test in this file is parallel, because the environment decides whether files are rewritten.

func TestUpdate(t *testing.T) {
	t.Setenv(transcript.Update, "1")
	for name, test := range map[string]struct{ before, after string }{
		"what matches stays as it is": {
			"# Words.\n\nanonymous> POST /echo\n\n{\"a\": 1, \"t\": 1787000000000}\n\n200\n{ \"t\":\"<time>\",\n  \"a\": 1 }\n\n# An end.\n",
			"# Words.\n\nanonymous> POST /echo\n\n{\"a\": 1, \"t\": 1787000000000}\n\n200\n{ \"t\":\"<time>\",\n  \"a\": 1 }\n\n# An end.\n",
		},
		"a status, a header and a body": {
			"bob> POST /feeds\nX-Scope: none\n\n{}\n\n201\nContent-Type: text/plain\nX-Gone: 1\n\n{\"code\": 1}\n",
			"bob> POST /feeds\nX-Scope: none\n\n{}\n\n400\nContent-Type: application/json\n\n{\"code\": 400, \"message\": \"malformed: <nil>\"}\n",
		},
		"placeholders and variables stay, others are found": {
			"bob> POST /feeds\nX-Scope: all\n\n{\"about\": \"${topic}\", \"for\": ${user}}\n\n201\n{\"about\": 1, \"id\": \"<token>\", \"opened\": \"<time>\"}\n" +
				"feed = .id\n\nalice> GET /feeds/${feed}?as=x\n\n403\n{\"code\": 403, \"as\": \"y\", \"message\": \"feed ${feed} is not yours\"}\n",
			"bob> POST /feeds\nX-Scope: all\n\n{\"about\": \"${topic}\", \"for\": ${user}}\n\n201\n" +
				"{\"about\": \"${topic}\", \"for\": ${user}, \"id\": \"<token>\", \"opened\": \"<time>\", \"owner\": \"bob\"}\n" +
				"feed = .id\n\nalice> GET /feeds/${feed}?as=x\n\n403\n{\"as\": \"x\", \"code\": 403, \"message\": \"feed ${feed} is not yours\"}\n",
		},
		"a placeholder that does not match any more goes": {
			"anonymous> POST /echo\n\n{\"a\": \"x\", \"b\": [1, 2]}\n\n200\n{\"a\": \"<number>\", \"b\": [\"<number>\"]}\n",
			"anonymous> POST /echo\n\n{\"a\": \"x\", \"b\": [1, 2]}\n\n200\n{\"a\": \"x\", \"b\": [\"<number>\", 2]}\n",
		},
		"expectations that are not there yet": {
			"anonymous> POST /echo\n\n{\"id\": \"abc\", \"n\": 13056700579859, \"s\": 200}\n\nid = .id\n---\nanonymous> POST /echo\nanonymous> POST /echo?status=204\n",
			"anonymous> POST /echo\n\n{\"id\": \"abc\", \"n\": 13056700579859, \"s\": 200}\n\n200\n{\"id\": \"<string>\", \"n\": ${user}, \"s\": 200}\n\nid = .id\n---\n" +
				"anonymous> POST /echo\n\n200\n\nanonymous> POST /echo?status=204\n\n204\n",
		},
		"a whole body that is captured": {
			"anonymous> POST /echo\n\n\"abc\"\n\nid = .\n", "anonymous> POST /echo\n\n\"abc\"\n\n200\n\"<string>\"\n\nid = .\n",
		},
		"an item of an array that is captured": {
			"anonymous> POST /echo\n\n[{\"id\": 7}]\n\nid = .[0].id\n", "anonymous> POST /echo\n\n[{\"id\": 7}]\n\n200\n[{\"id\": \"<number>\"}]\n\nid = .[0].id\n",
		},
		"at the end of a file without a line break": {
			"anonymous> POST /echo\n\n[]", "anonymous> POST /echo\n\n[]\n\n200\n[]",
		},
		"a body that comes, and one that goes": {
			"anonymous> POST /echo\n\n1\n\n200\nX-Echo: <number>\n\nanonymous> POST /echo\n\n1\n\n200\n\nanonymous> POST /echo\n\n200\n1\n",
			"anonymous> POST /echo\n\n1\n\n200\nX-Echo: <number>\n\n1\n\nanonymous> POST /echo\n\n1\n\n200\n1\n\nanonymous> POST /echo\n\n200\n",
		},
		"what would be taken for something else": {
			"anonymous> POST /echo\n\n[\"<any>\", \"$\\u007bx}\", \"<b>\", \"a & b\"]\n\n200\n[]\n",
			"anonymous> POST /echo\n\n[\"<any>\", \"$\\u007bx}\", \"<b>\", \"a & b\"]\n\n200\n[\"<string>\", \"<string>\", \"<b>\", \"a & b\"]\n",
		},
	} {
		said, failed, after := run(t, test.before, config())
		if failed || after != test.after {
			t.Errorf("%s: becomes\n%s\nnot\n%s\nand says %s", name, after, test.after, said)
			continue
		}
		if rewritten := strings.Contains(said, "is rewritten"); rewritten != (test.before != test.after) {
			t.Errorf("%s: says %q", name, said)
		}
		if _, failed, again := run(t, after, config()); failed || again != after {
			t.Errorf("%s: a second time it becomes\n%s", name, again)
		}
	}
}

func TestUpdateWritesWhatCameBeforeTheEnd(t *testing.T) {
	t.Setenv(transcript.Update, "1")
	_, failed, after := run(t, "anonymous> POST /echo\n\n{}\n\nid = .id\n", config())
	if want := "anonymous> POST /echo\n\n{}\n\n200\n{}\n\nid = .id\n"; !failed || after != want {
		t.Errorf("failed: %v, becomes\n%s", failed, after)
	}
}

func TestUpdateCannotWriteDownText(t *testing.T) {
	t.Setenv(transcript.Update, "1")
	before := "anonymous> POST /echo\n\nplain text\n\n200\n{}\n"
	said, failed, after := run(t, before, config())
	if !failed || after != before || !strings.Contains(said, `"<any>"`+"` expects it") {
		t.Errorf("failed: %v, says %s, becomes\n%s", failed, said, after)
	}
}
