package barriers_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"

	"podium/podtest"
)

// manager is somebody who manages the distribution lists of Acme.
type manager struct {
	url, token string
}

func newManager(p *podtest.Pod) manager {
	return manager{p.URL, p.Bot("lists", "GROUP_MANAGER").AccessToken("profile-manager")}
}

// call calls an operation on lists.
func (m manager) call(method, path string, body any) (status int, answer []byte, err error) {
	data, err := json.Marshal(body)
	if err != nil {
		return 0, nil, err
	}
	request, err := http.NewRequest(method, m.url+"/profile-manager/v1/groups"+path, bytes.NewReader(data))
	if err != nil {
		return 0, nil, err
	}
	request.Header.Set("Authorization", "Bearer "+m.token)
	request.Header.Set("If-Match", "*")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close()
	var got bytes.Buffer
	_, err = got.ReadFrom(response.Body)
	return response.StatusCode, got.Bytes(), err
}

// known is how a list is named: to those who manage it, and to rooms.
type known struct {
	id      string
	account int64
}

// made reads the answer to its creation.
func (k *known) made(answer []byte) error {
	var made struct {
		ID      string
		Profile struct {
			ID int64 `json:",string"`
		}
	}
	if err := json.Unmarshal(answer, &made); err != nil {
		return fmt.Errorf("%w: %s", err, answer)
	}
	k.id, k.account = made.ID, made.Profile.ID
	return nil
}

// listBody returns a list with some users on it.
func listBody(name string, members ...int64) map[string]any {
	list := []map[string]int64{}
	for _, id := range members {
		list = append(list, map[string]int64{"memberId": id, "memberTenant": 190})
	}
	return map[string]any{
		"type": "SDL", "ownerType": "TENANT", "ownerId": 190, "name": name, "profile": map[string]string{"displayName": name}, "members": list,
	}
}

// memberBody names a user who is to come onto a list.
func memberBody(id int64) map[string]any {
	return map[string]any{"member": map[string]int64{"memberId": id, "memberTenant": 190}}
}
