// Command messageml converts each line of standard input, a JSON object with the members message,
// data and version, and writes what became of it: presentationML, data and text, or error. It
// answers in the form that Judge.java does, so that both can be compared line by line.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"podium/internal/messageml"
)

func main() {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 64<<20)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for in.Scan() {
		var asked struct {
			Message, Data, Version string
		}
		if err := json.Unmarshal(in.Bytes(), &asked); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		answer := make(map[string]string)
		m, err := messageml.Convert(asked.Message, asked.Data, messageml.Options{Version: asked.Version, Users: users})
		if err != nil {
			answer["error"] = err.Error()
		} else {
			answer["presentationML"], answer["data"], answer["text"] = m.PresentationML, m.Data, m.Text
		}
		if err := encoder.Encode(answer); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}

// users finds the users that Judge.java finds: ids 1 to 99, and all addresses of known.example.
func users(ids []int64, emails []string) (messageml.Users, error) {
	found := messageml.Users{ByID: make(map[int64]messageml.User), ByEmail: make(map[string]messageml.User)}
	for _, id := range ids {
		if id >= 1 && id <= 99 {
			found.ByID[id] = messageml.User{ID: id, Name: fmt.Sprintf("User %d <&>", id)}
		}
	}
	for _, email := range emails {
		if strings.HasSuffix(email, "@known.example") {
			const id = 7078106482890
			found.ByEmail[email] = messageml.User{ID: id, Name: fmt.Sprintf("User %d <&>", id), Email: email}
		}
	}
	return found, nil
}
